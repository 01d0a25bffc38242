package io.weir.spring;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.util.MimeType;

import io.weir.client.MessageBuilder;
import io.weir.message.MessageId;
import io.weir.spring.fake.FakeProducer;
import io.weir.spring.fake.FakeWeirClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class WeirTemplateTests {

	private final FakeWeirClient client = new FakeWeirClient();

	private final WeirTemplate template = new WeirTemplate(new DefaultWeirProducerFactory(this.client),
			new WeirSchemas(JsonMapper.builder().build()));

	@Test
	void producersAreClosedSideBySideAndWaitedFor() {
		this.client.end = new CompletableFuture<>();
		this.template.send("a", "value");
		this.template.send("b", "value");
		CompletableFuture<Void> closed = CompletableFuture.runAsync(this.template::close);
		await().until(() -> this.client.producers.stream().allMatch((producer) -> producer.closed));
		assertThat(closed).isNotDone();
		this.client.end.complete(null);
		closed.join();
	}

	@Test
	void messagesCanBeDelayedAndTakenBack() {
		this.template.message("a", "value").deliverAfter(Duration.ofHours(1)).deliverAt(Instant.EPOCH).send();
		assertThat(this.client.producers.get(0).sent.get(0).headers()).containsEntry("deliverAfter", "PT1H")
			.containsEntry("deliverAt", "1970-01-01T00:00:00Z");
		assertThat(this.template.cancelDelayed("a", MessageId.parse("0:0:1:0"))).isFalse();
	}

	@WeirMessage(topic = "${shop}.orders", key = "#{customer.toLowerCase()}/#{number}")
	record Order(String customer, int number) {
	}

	@WeirMessage(key = "#{nobody}")
	record Note(@Nullable String nobody) {
	}

	private FakeProducer<Object> producer(String topic) {
		return this.client.producers.stream().filter((each) -> each.topic().equals(topic)).findFirst().orElseThrow();
	}

	private FakeProducer.Sent sent(String topic) {
		List<FakeProducer.Sent> sent = producer(topic).sent;
		return sent.get(sent.size() - 1);
	}

	@Test
	void typeSaysTopicAndKeyOfItsMessagesUnlessTheSenderDoes() {
		WeirTemplate template = WeirTemplate
			.builder(new DefaultWeirProducerFactory(this.client), new WeirSchemas(JsonMapper.builder().build()))
			.placeholders((text) -> text.replace("${shop}", "acme"))
			.defaultTopic("rest")
			.build();
		template.send(new Order("Ann", 7));
		assertThat(sent("acme.orders").key()).isEqualTo("ann/7");
		template.sendAsync(new Order("Bob", 8)).join();
		assertThat(sent("acme.orders").key()).isEqualTo("bob/8");
		template.message(new Order("Ann", 9)).key("other").send();
		assertThat(sent("acme.orders").key()).isEqualTo("other");
		template.send("elsewhere", new Order("Ann", 10));
		assertThat(sent("elsewhere").key()).isEqualTo("ann/10");
		template.send(new Note(null));
		assertThat(sent("rest").key()).isNull();
		template.send(new Note("somebody"));
		assertThat(sent("rest").key()).isEqualTo("somebody");
	}

	@Test
	void messageThatGoesNowhereIsRefusedWithWhatWouldHelp() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.template.send((Object) "value"))
			.withMessageContainingAll("java.lang.String", "@WeirMessage", "weir.template.default-topic");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> WeirTemplate
				.builder(new DefaultWeirProducerFactory(this.client), new WeirSchemas(JsonMapper.builder().build()))
				.defaultTopic("no topic"))
			.withMessageContaining("no topic");
	}

	@Test
	void messageOfSpringIsSentAsItsPayloadAndHeaders() {
		Map<String, Object> headers = new LinkedHashMap<>();
		headers.put(WeirHeaders.KEY, "k");
		headers.put(WeirHeaders.EVENT_TIME, Instant.EPOCH);
		headers.put(WeirHeaders.TOPIC, "spring");
		headers.put(WeirHeaders.MESSAGE_ID, "known");
		headers.put("text", "t");
		headers.put("number", 5);
		headers.put("object", new Object());
		headers.put(MessageHeaders.CONTENT_TYPE, MimeType.valueOf("text/plain"));
		this.template.send(new GenericMessage<>("payload", headers));
		FakeProducer.Sent sent = sent("spring");
		assertThat(sent.payload()).isEqualTo("payload");
		assertThat(sent.key()).isEqualTo("k");
		assertThat(sent.eventTime()).isEqualTo(Instant.EPOCH);
		assertThat(sent.headers()).containsOnly(Map.entry("text", "t"), Map.entry("number", "5"),
				Map.entry("contentType", "text/plain"));
		this.template.sendAsync("other", new GenericMessage<>(new Order("Ann", 1))).join();
		assertThat(sent("other").payload()).isEqualTo("{\"customer\":\"Ann\",\"number\":1}");
		assertThat(sent("other").headers()).containsOnly(Map.entry("weir_type", "Order"));
		assertThat(sent("other").key()).isEqualTo("ann/1");
	}

	@Test
	void headersOfAnApplicationThatAreNamedAsSpringsAreSent() {
		MessageHeaders headers = new MessageHeaders(Map.of()) {

			private static final long serialVersionUID = 1;

			{
				getRawHeaders().put("id", "mine");
				getRawHeaders().put("timestamp", "today");
			}

		};
		this.template.send("t", new GenericMessage<>("payload", headers));
		assertThat(sent("t").headers()).containsOnly(Map.entry("id", "mine"), Map.entry("timestamp", "today"));
	}

	@Test
	void eventTimeThatIsNoneIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(
				() -> this.template.send("t", new GenericMessage<>("payload", Map.of(WeirHeaders.EVENT_TIME, "today"))))
			.withMessageContainingAll("weir_event_time", "Instant");
	}

	@Test
	void messageWithoutPayloadIsSentForItsKey() {
		this.template.message("t", null).key("k").header("h", "v").send();
		assertThat(sent("t").payload()).isEmpty();
		assertThat(sent("t").key()).isEqualTo("k");
		assertThat(sent("t").headers()).containsOnly(Map.entry("h", "v"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.template.send("t", null))
			.withMessageContaining("needs a key");
	}

	@Test
	void messageTakesItsProducerWhenItIsSentAndIsSentOnce() {
		MessageBuilder<Object> message = this.template.message("t", "value").expiresAfter(Duration.ofMinutes(1));
		assertThat(this.client.producers).isEmpty();
		message.send();
		assertThat(sent("t").headers()).containsEntry("expiresAfter", "PT1M");
		assertThatIllegalStateException().isThrownBy(message::sendAsync).withMessageContaining("sent already");
	}

}
