package io.weir.spring.observation;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

import io.micrometer.observation.tck.TestObservationRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.client.WeirException;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.spring.fake.FakeMessage;
import io.weir.spring.fake.FakeProducer;
import io.weir.spring.fake.FakeWeirClient;
import io.weir.wire.ErrorCode;

import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ObservedProducerTests {

	private final FakeWeirClient client = new FakeWeirClient();

	private final TestObservationRegistry registry = TestObservationRegistry.create();

	private final ObservedProducer<String> producer = producer(Schema.string());

	private ObservedProducer<String> producer(Schema<String> schema) {
		return new ObservedProducer<>(this.client.producer(schema).topic("orders").createLazily(),
				new WeirObservations(this.registry, null, null));
	}

	@BeforeEach
	void propagateHeaders() {
		this.registry.observationConfig().observationHandler(new HeaderPropagation());
	}

	@Test
	void sendsWithKeyHeadersAndTime() {
		new ObservedProducer<>(this.client.producer(Schema.string()).topic("orders").createLazily(),
				WeirObservations.NOOP)
			.message("a")
			.key("k")
			.header("h", "v")
			.eventTime(FakeMessage.HAPPENED)
			.send();
		assertThat(this.client.producers.get(1).sent)
			.containsExactly(new FakeProducer.Sent("a", "k", Map.of("h", "v"), FakeMessage.HAPPENED));
	}

	@Test
	void sendsAreObservedAndCarryTheTrace() {
		this.producer.send("a");
		this.producer.sendAsync("b").join();
		assertThat(this.registry).hasNumberOfObservationsWithNameEqualTo("weir.producer.send", 2)
			.hasObservationWithNameEqualTo("weir.producer.send")
			.that()
			.hasLowCardinalityKeyValue("messaging.destination.name", "orders")
			.hasHighCardinalityKeyValue("messaging.message.id", "0:0:0:0")
			.hasBeenStarted()
			.hasBeenStopped();
		assertThat(sent().sent).extracting(FakeProducer.Sent::headers)
			.allSatisfy((headers) -> assertThat(headers).containsEntry("traceparent", "trace"));
	}

	@Test
	void failedSendsAreObservedAsFailed() {
		sent().refusal = new WeirException(ErrorCode.TIMEOUT, "no broker");
		this.producer.sendAsync("a");
		assertThat(this.registry).hasObservationWithNameEqualTo("weir.producer.send")
			.that()
			.hasError()
			.hasBeenStopped();
	}

	@Test
	void aCallThatThrowsMustEndItsObservation() {
		ObservedProducer<String> picky = producer(new Schema<>() {

			@Override
			public ByteBuffer encode(String value) {
				throw new IllegalStateException("No");
			}

			@Override
			public String decode(ByteBuffer payload) {
				return Schema.string().decode(payload);
			}

		});
		assertThatIllegalStateException().isThrownBy(() -> picky.sendAsync("wrong"));
		assertThat(this.registry).hasObservationWithNameEqualTo("weir.producer.send")
			.that()
			.hasError()
			.hasBeenStopped();
	}

	@Test
	void cancellingAnObservedSendMustReachTheClientsFutureAndEndTheObservation() {
		CompletableFuture<MessageId> answer = new CompletableFuture<>();
		sent().answers.add(answer);
		CompletableFuture<MessageId> sent = this.producer.sendAsync("a");
		assertThat(sent.cancel(false)).isTrue();
		assertThat(sent).isCancelled();
		assertThat(answer).isCancelled();
		assertThat(this.registry).hasObservationWithNameEqualTo("weir.producer.send")
			.that()
			.hasBeenStopped()
			.assertThatError()
			.isInstanceOf(CancellationException.class);
	}

	@Test
	void cancellingAnObservedSendMustSayNoWhenTheClientDoes() {
		CompletableFuture<MessageId> onItsWay = new TooLate();
		sent().answers.add(onItsWay);
		CompletableFuture<MessageId> sent = this.producer.sendAsync("a");
		assertThat(sent.cancel(false)).isFalse();
		assertThat(sent).isNotDone();
		onItsWay.complete(FakeMessage.id(7));
		assertThat(sent).isCompletedWithValue(FakeMessage.id(7));
		assertThat(this.registry).hasObservationWithNameEqualTo("weir.producer.send")
			.that()
			.doesNotHaveError()
			.hasBeenStopped();
	}

	/** As the client's future of a message that is in a batch. */
	private static final class TooLate extends CompletableFuture<MessageId> {

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			return false;
		}

	}

	@Test
	void closingClosesTheProducer() {
		this.producer.close();
		assertThat(sent().closed).isTrue();
	}

	private FakeProducer<Object> sent() {
		return this.client.producers.get(0);
	}

}
