package io.weir.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

import io.weir.client.Producer;
import io.weir.client.WeirException;
import io.weir.message.MessageId;
import io.weir.spring.fake.FakeProducer.Sent;
import io.weir.spring.fake.FakeWeirClient;
import io.weir.spring.observation.WeirObservations;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@Timeout(60)
class ProducerInterceptorTests {

	private final FakeWeirClient client = new FakeWeirClient();

	private final WeirSchemas schemas = new WeirSchemas(JsonMapper.builder().build());

	private final List<String> told = new ArrayList<>();

	record Order(int number) {
	}

	private Producer<Order> producer(ProducerInterceptor... interceptors) {
		return new DefaultWeirProducerFactory(this.client, (topic, builder) -> {
		}, List.of(), WeirObservations.NOOP, new MessageTypes(), List.of(interceptors)).createProducer("orders",
				this.schemas.of(Order.class));
	}

	private Sent sent(int index) {
		return this.client.producers.get(0).sent.get(index);
	}

	@Test
	void eachMessageSaysItsTypeUnlessItHasNoneOrSaysAnother() {
		Producer<Order> producer = producer();
		producer.send(new Order(1));
		producer.message(new Order(2)).header("weir_type", "other").header("h", "v").send();
		producer.sendAsync(new Order(3)).join();
		assertThat(sent(0).headers()).containsExactly(Map.entry("weir_type", "Order"));
		assertThat(sent(1).headers()).containsOnly(Map.entry("weir_type", "other"), Map.entry("h", "v"));
		assertThat(sent(2).headers()).containsEntry("weir_type", "Order");
		WeirTemplate template = new WeirTemplate(new DefaultWeirProducerFactory(this.client), this.schemas);
		template.send("text", "hello");
		assertThat(this.client.producers.get(1).sent.get(0).headers()).isEmpty();
	}

	@Test
	void interceptorsAreShownEachMessageInOrderAndMayAddHeaders() {
		Producer<Order> producer = producer((message) -> {
			this.told.add(message.topic() + " " + message.value() + " " + message.key() + " " + message.headers());
			message.header("first", "1");
		}, (message) -> this.told.add(String.valueOf(message.headers())));
		producer.message(new Order(1)).key("k").send();
		assertThat(this.told).containsExactly("orders Order[number=1] k {weir_type=Order}",
				"{weir_type=Order, first=1}");
		assertThat(sent(0).headers()).containsEntry("first", "1");
	}

	@Test
	void messageThatAnInterceptorRefusesIsNotSent() {
		Producer<Order> producer = producer((message) -> {
			throw new IllegalStateException("not on Sundays");
		});
		assertThatIllegalStateException().isThrownBy(() -> producer.send(new Order(1))).withMessage("not on Sundays");
		assertThat(producer.sendAsync(new Order(1))).isCompletedExceptionally();
		assertThat(this.client.producers.get(0).sent).isEmpty();
	}

	@Test
	void interceptorsAreToldWhatBecameOfAMessage() {
		Producer<Order> producer = producer(new Telling());
		MessageId id = producer.send(new Order(1));
		CompletableFuture<MessageId> answer = new CompletableFuture<>();
		this.client.producers.get(0).answers.add(answer);
		CompletableFuture<MessageId> sent = producer.sendAsync(new Order(2));
		assertThat(this.told).containsExactly("1 " + id + " null");
		answer.complete(id);
		assertThat(sent).isCompletedWithValue(id);
		this.client.producers.get(0).refusal = new WeirException(ErrorCode.TIMEOUT, "late");
		assertThatExceptionOfType(WeirException.class).isThrownBy(() -> producer.send(new Order(3)));
		assertThat(producer.sendAsync(new Order(4))).isCompletedExceptionally();
		assertThat(this.told).containsExactly("1 " + id + " null", "2 " + id + " null", "3 null TIMEOUT: late",
				"4 null TIMEOUT: late");
	}

	@Test
	void cancellingReachesTheClient() {
		Producer<Order> producer = producer(new Telling());
		CompletableFuture<MessageId> answer = new CompletableFuture<>();
		producer.send(new Order(0));
		this.client.producers.get(0).answers.add(answer);
		assertThat(producer.sendAsync(new Order(1)).cancel(false)).isTrue();
		assertThat(answer).isCancelled();
	}

	/** Tells, and fails each time, which changes nothing. */
	private final class Telling implements ProducerInterceptor {

		@Override
		public void beforeSend(OutgoingMessage message) {
			// Only the outcome matters.
		}

		@Override
		public void afterSend(OutgoingMessage message, @Nullable MessageId id, @Nullable Throwable failure) {
			Order order = (Order) message.value();
			ProducerInterceptorTests.this.told
				.add(order.number() + " " + id + " " + ((failure != null) ? failure.getMessage() : null));
			throw new IllegalStateException("on purpose");
		}

	}

}
