package io.weir.spring.deferred;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.micrometer.observation.tck.TestObservationRegistry;
import org.junit.jupiter.api.Test;

import io.weir.client.Producer;
import io.weir.client.WeirException;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.spring.fake.FakeMessage;
import io.weir.spring.fake.FakeProducer;
import io.weir.spring.fake.FakeWeirClient;
import io.weir.spring.observation.WeirObservations;
import io.weir.wire.ErrorCode;

import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

class DeferredProducerTests {

	private final FakeWeirClient client = new FakeWeirClient();

	private final DeferredProducer<String> producer = producer(WeirObservations.NOOP);

	private DeferredProducer<String> producer(WeirObservations observations) {
		return new DeferredProducer<>("orders", 3, this.client.producer(Schema.string()).topic("orders")::createAsync,
				observations);
	}

	@Test
	void asksTheBrokerForNothingBeforeItIsUsed() {
		assertThat(this.client.attempts).hasValue(0);
		assertThat(this.producer.pending()).isZero();
		this.producer.close();
		assertThat(this.client.attempts).hasValue(0);
	}

	@Test
	void sendsWithKeyHeadersAndTime() {
		this.producer.message("a").key("k").header("h", "v").eventTime(FakeMessage.HAPPENED).send();
		assertThat(sent().sent)
			.containsExactly(new FakeProducer.Sent("a", "k", Map.of("h", "v"), FakeMessage.HAPPENED));
	}

	@Test
	void whatWaitsForTheBrokerIsSentInOrderBeforeWhatComesAfter() {
		this.client.broker = new CompletableFuture<>();
		List<CompletableFuture<MessageId>> results = new ArrayList<>(
				IntStream.range(0, 3).mapToObj((i) -> this.producer.sendAsync("m" + i)).toList());
		assertThat(results).noneMatch(CompletableFuture::isDone);
		assertThat(this.producer.pending()).isEqualTo(3);
		this.client.broker.complete(null);
		results.add(this.producer.sendAsync("m3"));
		assertThat(results).allMatch(CompletableFuture::isDone);
		assertThat(sent().payloads()).containsExactly("m0", "m1", "m2", "m3");
		assertThat(this.client.attempts).hasValue(1);
	}

	@Test
	void theQueueOfWhatWaitsIsBounded() {
		this.client.broker = new CompletableFuture<>();
		IntStream.range(0, 3).forEach((i) -> this.producer.sendAsync("m"));
		assertThat(this.producer.sendAsync("one too many")).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.havingCause()
			.isInstanceOfSatisfying(WeirException.class, (ex) -> assertThat(ex.code()).isEqualTo(ErrorCode.QUEUE_FULL));
	}

	@Test
	void aFailedCreationFailsTheCallAndIsTriedAgainByTheNext() {
		this.client.refusals.add(new WeirException(ErrorCode.TIMEOUT, "no broker"));
		assertThatExceptionOfType(WeirException.class).isThrownBy(() -> this.producer.send("lost"))
			.withMessage("no broker");
		this.producer.send("sent");
		assertThat(sent().payloads()).containsExactly("sent");
	}

	@Test
	void aCreationThatThrowsMustFailTheCallAndLeaveNothingWaiting() {
		DeferredProducer<String> wrong = new DeferredProducer<>("orders", 3, () -> {
			throw new WeirException(ErrorCode.INVALID_CONFIGURATION, "too many lanes");
		}, WeirObservations.NOOP);
		assertThat(wrong.sendAsync("a")).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(WeirException.class)
			.withMessage("too many lanes");
		assertThat(wrong.pending()).isZero();
	}

	@Test
	void aCallThatThrowsMustFailAloneAmongThoseThatWaited() {
		CompletableFuture<Producer<String>> creation = new CompletableFuture<>();
		DeferredProducer<String> deferred = new DeferredProducer<>("orders", 3, () -> creation, WeirObservations.NOOP);
		CompletableFuture<MessageId> wrong = deferred.sendAsync("wrong");
		CompletableFuture<MessageId> right = deferred.sendAsync("right");
		creation.complete(this.client.producer(picky()).topic("orders").create());
		assertThat(wrong).isCompletedExceptionally();
		assertThat(right).isCompleted();
		assertThat(sent().payloads()).containsExactly("right");
	}

	@Test
	void aCallThatThrowsMustEndItsObservation() {
		TestObservationRegistry registry = TestObservationRegistry.create();
		DeferredProducer<String> observed = new DeferredProducer<>("orders", 3,
				this.client.producer(picky()).topic("orders")::createAsync, new WeirObservations(registry, null, null));
		observed.flush();
		assertThatIllegalStateException().isThrownBy(() -> observed.sendAsync("wrong"));
		assertThat(registry).hasObservationWithNameEqualTo("weir.producer.send").that().hasError().hasBeenStopped();
	}

	/** Fails in a way that nobody expects. */
	private static Schema<String> picky() {
		return new Schema<>() {

			@Override
			public ByteBuffer encode(String value) {
				if (value.equals("wrong")) {
					throw new IllegalStateException("No");
				}
				return Schema.string().encode(value);
			}

			@Override
			public String decode(ByteBuffer payload) {
				return Schema.string().decode(payload);
			}

		};
	}

	@Test
	void closingClosesTheProducerAndFailsWhatComesAfter() {
		this.producer.send("a");
		this.producer.close();
		assertThat(sent().closed).isTrue();
	}

	@Test
	void closingWithoutABrokerFailsWhatWaitsAndClosesWhatComesLate() {
		this.client.broker = new CompletableFuture<>();
		DeferredProducer<String> impatient = new DeferredProducer<>("orders", 1,
				this.client.producer(Schema.string()).topic("orders")::createAsync, WeirObservations.NOOP,
				Duration.ofMillis(1));
		CompletableFuture<MessageId> waiting = impatient.sendAsync("a");
		impatient.close();
		assertThat(waiting).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.havingCause()
			.isInstanceOfSatisfying(WeirException.class, (ex) -> assertThat(ex.code()).isEqualTo(ErrorCode.CLOSED));
		this.client.broker.complete(null);
		await().until(() -> sent().closed);
		assertThat(sent().sent).isEmpty();
	}

	@Test
	void aProducerThatWasNeverUsedRefusesToSendWhenClosed() {
		this.producer.close();
		assertThatExceptionOfType(WeirException.class).isThrownBy(() -> this.producer.send("a"))
			.withMessageContaining("closed");
	}

	@Test
	void sendsAreObservedAndCarryTheTrace() {
		TestObservationRegistry registry = TestObservationRegistry.create();
		registry.observationConfig().observationHandler(new HeaderPropagation());
		DeferredProducer<String> observed = producer(new WeirObservations(registry, null, null));
		observed.send("a");
		observed.sendAsync("b").join();
		assertThat(registry).hasNumberOfObservationsWithNameEqualTo("weir.producer.send", 2)
			.hasObservationWithNameEqualTo("weir.producer.send")
			.that()
			.hasLowCardinalityKeyValue("messaging.destination.name", "orders")
			.hasHighCardinalityKeyValue("messaging.message.id", "0:0:0")
			.hasBeenStarted()
			.hasBeenStopped();
		assertThat(sent().sent).extracting(FakeProducer.Sent::headers)
			.allSatisfy((headers) -> assertThat(headers).containsEntry("traceparent", "trace"));
	}

	@Test
	void failedSendsAreObservedAsFailed() {
		TestObservationRegistry registry = TestObservationRegistry.create();
		this.client.refusals.add(new WeirException(ErrorCode.TIMEOUT, "no broker"));
		producer(new WeirObservations(registry, null, null)).sendAsync("a");
		assertThat(registry).hasObservationWithNameEqualTo("weir.producer.send").that().hasError().hasBeenStopped();
	}

	@Test
	void whatIsCancelledBeforeTheBrokerIsThereMustNeverBeSent() {
		this.client.broker = new CompletableFuture<>();
		CompletableFuture<MessageId> kept = this.producer.sendAsync("kept");
		CompletableFuture<MessageId> cancelled = this.producer.sendAsync("cancelled");
		assertThat(cancelled.cancel(false)).isTrue();
		assertThat(cancelled.cancel(false)).isTrue();
		assertThat(cancelled).isCancelled();
		assertThat(this.producer.pending()).isEqualTo(1);
		this.client.broker.complete(null);
		assertThat(kept).isCompleted();
		assertThat(kept.cancel(false)).isFalse();
		assertThat(sent().payloads()).containsExactly("kept");
	}

	@Test
	void cancellingMustReachTheClientsFuture() {
		CompletableFuture<MessageId> answer = new CompletableFuture<>();
		CompletableFuture<MessageId> waited = handedOver(answer, WeirObservations.NOOP);
		assertThat(waited.cancel(false)).isTrue();
		assertThat(waited).isCancelled();
		assertThat(answer).isCancelled();
	}

	@Test
	void cancellingMustSayNoWhenTheClientDoes() {
		CompletableFuture<MessageId> onItsWay = new TooLate();
		CompletableFuture<MessageId> waited = handedOver(onItsWay, WeirObservations.NOOP);
		assertThat(waited.cancel(false)).isFalse();
		assertThat(waited).isNotDone();
		onItsWay.complete(FakeMessage.id(7));
		assertThat(waited).isCompletedWithValue(FakeMessage.id(7));
	}

	@Test
	void cancellingAnObservedSendMustReachTheClientsFutureAndEndTheObservation() {
		TestObservationRegistry registry = TestObservationRegistry.create();
		WeirObservations observations = new WeirObservations(registry, null, null);
		CompletableFuture<MessageId> answer = new CompletableFuture<>();
		CompletableFuture<MessageId> waited = handedOver(answer, observations);
		assertThat(waited.cancel(false)).isTrue();
		assertThat(waited).isCancelled();
		assertThat(answer).isCancelled();
		assertThat(registry).hasObservationWithNameEqualTo("weir.producer.send")
			.that()
			.hasBeenStopped()
			.assertThatError()
			.isInstanceOf(CancellationException.class);
	}

	@Test
	void cancellingAnObservedSendMustSayNoWhenTheClientDoes() {
		TestObservationRegistry registry = TestObservationRegistry.create();
		DeferredProducer<String> observed = producer(new WeirObservations(registry, null, null));
		observed.flush();
		CompletableFuture<MessageId> onItsWay = new TooLate();
		sent().answers.add(onItsWay);
		CompletableFuture<MessageId> sent = observed.sendAsync("a");
		assertThat(sent.cancel(false)).isFalse();
		assertThat(sent).isNotDone();
		onItsWay.complete(FakeMessage.id(7));
		assertThat(sent).isCompletedWithValue(FakeMessage.id(7));
		assertThat(registry).hasObservationWithNameEqualTo("weir.producer.send")
			.that()
			.doesNotHaveError()
			.hasBeenStopped();
	}

	/** A send that waited for its producer, which the client answers as it is told. */
	private CompletableFuture<MessageId> handedOver(CompletableFuture<MessageId> answer,
			WeirObservations observations) {
		CompletableFuture<Producer<Object>> creation = new CompletableFuture<>();
		DeferredProducer<Object> deferred = new DeferredProducer<>("orders", 1, () -> creation, observations);
		CompletableFuture<MessageId> sent = deferred.sendAsync("a");
		this.client.producer(Schema.string()).topic("orders").create();
		sent().answers.add(answer);
		creation.complete(sent());
		assertThat(sent().payloads()).containsExactly("a");
		return sent;
	}

	/** As the client's future of a message that is in a batch. */
	private static final class TooLate extends CompletableFuture<MessageId> {

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			return false;
		}

	}

	private FakeProducer<Object> sent() {
		return this.client.producers.get(0);
	}

}
