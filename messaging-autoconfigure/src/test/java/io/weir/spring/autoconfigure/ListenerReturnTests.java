package io.weir.spring.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.SendTo;

import io.weir.client.WeirException;
import io.weir.message.Headers;
import io.weir.message.MessageId;
import io.weir.spring.WeirHeaders;
import io.weir.spring.WeirListener;
import io.weir.spring.WeirTemplate;
import io.weir.spring.autoconfigure.common.FailureAnalyses;
import io.weir.spring.fake.FakeMessage;
import io.weir.spring.fake.FakeProducer;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What becomes of what listener methods return. */
@ExtendWith(OutputCaptureExtension.class)
class ListenerReturnTests extends ListenerMethodsFixture {

	private static final Queue<Sinks.One<String>> sinks = new ConcurrentLinkedQueue<>();

	private FakeProducer<Object> producer(String topic) {
		return this.client.producers.stream()
			.filter((producer) -> topic.equals(producer.topic()))
			.findFirst()
			.orElseThrow(() -> new AssertionError("No producer for " + topic));
	}

	@Test
	void returnedValueIsPublishedWithTheKeyBeforeItsMessageIsAcknowledged() {
		run(Sending.class, (context) -> {
			context.getBean(WeirTemplate.class).send("out", "first");
			CompletableFuture<MessageId> stored = new CompletableFuture<>();
			producer("out").answers.add(stored);
			MessageId id = this.client.publish("value", "a", "k",
					Headers.of(Map.of("traceparent", "trace", WeirHeaders.CORRELATION_ID, "7", "other", "no")));
			await().untilAsserted(() -> assertThat(producer("out").payloads()).containsExactly("first", "a!"));
			assertThat(producer("out").sent.get(1).key()).isEqualTo("k");
			assertThat(producer("out").sent.get(1).headers())
				.containsExactlyInAnyOrderEntriesOf(Map.of("traceparent", "trace", WeirHeaders.CORRELATION_ID, "7"));
			assertThat(consumer("value").acknowledged).isEmpty();
			stored.complete(FakeMessage.id(1));
			await().untilAsserted(() -> assertThat(consumer("value").acknowledged).containsExactly(id));
		});
	}

	@Test
	void messageWhoseReturnedValueCannotBePublishedIsDeliveredAgain() {
		run(Sending.class, (context) -> {
			context.getBean(WeirTemplate.class).send("out", "first");
			producer("out").answers
				.add(CompletableFuture.failedFuture(new WeirException(ErrorCode.TIMEOUT, "planted")));
			MessageId id = deliver("value", "a");
			await().untilAsserted(() -> assertThat(consumer("value").negativelyAcknowledged).containsExactly(id));
			await().untilAsserted(() -> assertThat(consumer("value").acknowledged).containsExactly(id));
		});
	}

	@Test
	void listenerWaitsForRoomWhenTheQueueOfTheProducerIsFull() {
		run(Sending.class, (context) -> {
			context.getBean(WeirTemplate.class).send("out", "first");
			producer("out").answers
				.add(CompletableFuture.failedFuture(new WeirException(ErrorCode.QUEUE_FULL, "planted")));
			MessageId id = deliver("value", "a");
			await().untilAsserted(() -> assertThat(consumer("value").acknowledged).containsExactly(id));
			assertThat(consumer("value").negativelyAcknowledged).isEmpty();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "stage", "future", "mono", "flux", "flow", "optional", "collection", "batch" })
	void valuesOfEveryFormArePublishedOneByOne(String topic) {
		run(Sending.class, (context) -> {
			MessageId id = deliver(topic, "a");
			await().untilAsserted(() -> assertThat(consumer(topic).acknowledged).containsExactly(id));
			assertThat(producer("out").payloads()).containsExactlyElementsOf(
					List.of("flux", "flow", "collection").contains(topic) ? List.of("a1", "a2") : List.of("a!"));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "stage", "future", "mono", "flux" })
	void failureOfEveryFormIsAFailureOfItsMessage(String topic) {
		run(Sending.class, (context) -> {
			MessageId id = deliver(topic, "poison");
			await().untilAsserted(() -> assertThat(consumer(topic).negativelyAcknowledged).contains(id));
			assertThat(consumer(topic).acknowledged).isEmpty();
			assertThat(this.client.producers).isEmpty();
		});
	}

	@Configuration(proxyBeanMethods = false)
	@SendTo("none")
	static class Sending {

		private static String heard(String text) {
			if (text.equals("poison")) {
				throw new IllegalStateException("planted");
			}
			return text + "!";
		}

		@WeirListener(id = "value", topics = "value")
		@SendTo("${out.topic:out}")
		String value(String text) {
			return heard(text);
		}

		@WeirListener(id = "stage", topics = "stage")
		@SendTo("out")
		CompletableFuture<String> stage(String text) {
			return CompletableFuture.supplyAsync(() -> heard(text));
		}

		@WeirListener(id = "future", topics = "future")
		@SendTo("out")
		Future<String> future(String text) {
			FutureTask<String> task = new FutureTask<>(() -> heard(text));
			new Thread(task).start();
			return task;
		}

		@WeirListener(id = "mono", topics = "mono")
		@SendTo("out")
		Mono<String> mono(String text) {
			return Mono.fromSupplier(() -> heard(text));
		}

		@WeirListener(id = "flux", topics = "flux")
		@SendTo("out")
		Flux<String> flux(String text) {
			return text.equals("poison") ? Flux.error(new IllegalStateException("planted"))
					: Flux.just(text + "1", text + "2");
		}

		@WeirListener(id = "flow", topics = "flow")
		@SendTo("out")
		java.util.concurrent.Flow.Publisher<String> flow(String text) {
			return reactor.adapter.JdkFlowAdapter.publisherToFlowPublisher(flux(text));
		}

		@WeirListener(id = "optional", topics = "optional")
		@SendTo("out")
		Optional<String> optional(String text) {
			return Optional.of(heard(text));
		}

		@WeirListener(id = "collection", topics = "collection")
		@SendTo("out")
		List<String> collection(String text) {
			return List.of(text + "1", text + "2");
		}

		@WeirListener(id = "batch", topics = "batch", batch = "true")
		@SendTo("out")
		String batch(List<String> texts) {
			return heard(texts.get(0));
		}

	}

	@Test
	void sendToOfTheClassIsForMethodsWithoutTheirOwn() {
		run(OfTheClass.class, (context) -> {
			deliver("plain", "a");
			await().untilAsserted(() -> assertThat(producer("class").payloads()).containsExactly("a"));
			deliver("nothing", "a");
			deliver("own", "b");
			await().untilAsserted(() -> assertThat(producer("own-a").payloads()).containsExactly("b"));
			assertThat(producer("own-b").payloads()).containsExactly("b");
			assertThat(producer("class").payloads()).containsExactly("a");
		});
	}

	@Configuration(proxyBeanMethods = false)
	@SendTo("class")
	static class OfTheClass {

		@WeirListener(id = "plain", topics = "plain")
		String plain(String text) {
			return text;
		}

		@WeirListener(id = "nothing", topics = "nothing")
		void nothing(String text) {
		}

		@WeirListener(id = "own", topics = "own")
		@SendTo({ "own-a", "own-b" })
		String own(String text) {
			return text;
		}

	}

	@Test
	void valueGoesWhereItsMessageWantsRepliesAndIsOtherwiseDroppedWhichIsSaidOnce(CapturedOutput output) {
		run(Replying.class, (context) -> {
			deliver("request", "a");
			deliver("request", "b");
			this.client.publish("request", "c", null, Headers.of(Map.of(WeirHeaders.REPLY_TOPIC, "replies")));
			await().untilAsserted(() -> assertThat(producer("replies").payloads()).containsExactly("c"));
			assertThat(this.client.producers).hasSize(1);
			assertThat(output).containsOnlyOnce("Replying.request returned a java.lang.String, which is dropped");
			await().untilAsserted(() -> assertThat(consumer("request").acknowledged).hasSize(3));
		});
	}

	@Test
	void messageOfAMonoIsAcknowledgedWhenThatCompletesAndOthersGoOn() {
		sinks.clear();
		run(Replying.class, (context) -> {
			MessageId first = deliver("later", "a");
			MessageId second = deliver("later", "b");
			await().until(() -> sinks.size() == 2);
			assertThat(consumer("later").acknowledged).isEmpty();
			sinks.poll().tryEmitError(new IllegalStateException("planted"));
			await().untilAsserted(() -> assertThat(consumer("later").negativelyAcknowledged).containsExactly(first));
			sinks.poll().tryEmitValue("done");
			await().untilAsserted(() -> assertThat(consumer("later").acknowledged).contains(second));
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Replying {

		@WeirListener(id = "request", topics = "request")
		String request(String text) {
			return text;
		}

		@WeirListener(id = "later", topics = "later")
		Mono<String> later(String text) {
			Sinks.One<String> sink = Sinks.one();
			sinks.add(sink);
			return sink.asMono();
		}

	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			Nothing  | returns nothing that could be sent
			BadTopic | @SendTo has 'a b'
			""")
	void sendToThatCannotWorkIsRefusedAtStart(String name, String why) throws ClassNotFoundException {
		Class<?> type = Class.forName(ListenerReturnTests.class.getName() + "$" + name);
		this.runner.withBean(type)
			.run((context) -> assertThat(FailureAnalyses.of(context.getStartupFailure()).getDescription())
				.contains(type.getName() + ".on", why));
	}

	static class Nothing {

		@WeirListener(id = "wrong", topics = "wrong")
		@SendTo("out")
		void on(String text) {
		}

	}

	static class BadTopic {

		@WeirListener(id = "wrong", topics = "wrong")
		@SendTo("a b")
		String on(String text) {
			return text;
		}

	}

}
