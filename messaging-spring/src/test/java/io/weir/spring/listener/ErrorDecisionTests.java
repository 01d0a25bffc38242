package io.weir.spring.listener;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.client.DeadLetterPolicy;
import io.weir.message.Message;
import io.weir.spring.AckMode;
import io.weir.spring.BatchListenerFailedException;
import io.weir.spring.fake.FakeMessage;
import io.weir.spring.listener.WeirErrorHandler.Decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/** What an error handler can decide, and what becomes of the message. */
@ExtendWith(CapturedLog.class)
class ErrorDecisionTests extends ListenerContainerFixture {

	/** Each call of the listener. */
	private final Queue<String> calls = new ConcurrentLinkedQueue<>();

	private void decide(Decision decision) {
		this.errorHandler = (id, message, failure) -> decision;
	}

	/** Fails on a message that begins with "poison" as often as its last digit says. */
	private void startWithPoison(AckMode mode) {
		start(mode, false, (messages, acknowledgement) -> {
			call(text(messages.get(0)));
			acknowledgement.acknowledge();
			return null;
		});
	}

	private void call(String text) {
		this.calls.add(text);
		if (text.startsWith("poison")) {
			long before = this.calls.stream().filter(text::equals).count() - 1;
			if (before < text.charAt(text.length() - 1) - '0') {
				throw new IllegalStateException("planted");
			}
		}
	}

	private void awaitAcknowledged(long... entries) {
		await().untilAsserted(() -> assertThat(consumer().acknowledged).hasSize(entries.length));
		for (long entry : entries) {
			assertThat(consumer().acknowledged).contains(FakeMessage.id(entry));
		}
	}

	@ParameterizedTest
	@EnumSource(AckMode.class)
	void nothingIsHandedOutAfterAMessageThatIsRetriedInPlaceUntilItIsThrough(AckMode mode) {
		decide(Decision.retryInPlace(3, Duration.ofMillis(1)));
		startWithPoison(mode);
		publish("a", "poison 2", "b", "c");
		awaitAcknowledged(0, 1, 2, 3);
		assertThat(this.calls).containsExactly("a", "poison 2", "poison 2", "poison 2", "b", "c");
		assertThat(consumer().negativelyAcknowledged).isEmpty();
		assertThat(status().received()).isEqualTo(4);
		assertThat(status().failed()).isEqualTo(2);
	}

	@Test
	void whatIsRetriedInPlaceInVainBecomesWhatTheDecisionSays() {
		decide(Decision.retryInPlace(2, Duration.ZERO, Decision.discard()));
		startWithPoison(AckMode.RECORD);
		publish("poison 9", "a");
		awaitAcknowledged(0, 1);
		assertThat(this.calls).containsExactly("poison 9", "poison 9", "poison 9", "a");
	}

	@Test
	void whatIsRetriedInPlaceInVainIsGivenBackUnlessItIsSaidOtherwise() {
		decide(Decision.retryInPlace(1, Duration.ZERO));
		startWithPoison(AckMode.RECORD);
		publish("poison 2");
		awaitAcknowledged(0);
		assertThat(consumer().negativelyAcknowledged).containsExactly(FakeMessage.id(0));
	}

	@Test
	void whatFailsLaterIsRetriedInPlaceBeforeAnythingElseIsReceived() {
		decide(Decision.retryInPlace(1, Duration.ZERO));
		CompletableFuture<Void> later = new CompletableFuture<>();
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			this.calls.add(text(messages.get(0)));
			return (this.calls.size() == 1) ? later : null;
		});
		publish("poison");
		await().until(() -> this.calls.size() == 1);
		later.completeExceptionally(new IllegalStateException("planted"));
		awaitAcknowledged(0);
		publish("a");
		awaitAcknowledged(0, 1);
		assertThat(this.calls).containsExactly("poison", "poison", "a");
	}

	@Test
	void whatIsRetriedInPlaceComesBeforeWhatWaitsForAFreePlace() {
		decide(Decision.retryInPlace(1, Duration.ZERO));
		CompletableFuture<Void> later = new CompletableFuture<>();
		this.container = container(WeirListenerEndpoint.builder("billing")
			.topics("orders")
			.consumer(new ConsumerSettings(1, null, null, null, ConsumerSettings.NONE.deadLetter(),
					ConsumerSettings.NONE.backoff()))
			.listener((messages, acknowledgement) -> {
				this.calls.add(text(messages.get(0)));
				return (this.calls.size() == 1) ? later : null;
			})
			.build());
		this.container.start();
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.RUNNING));
		publish("poison", "a");
		await().until(() -> this.calls.size() == 1 && Thread.getAllStackTraces()
			.keySet()
			.stream()
			.anyMatch((thread) -> thread.getName().startsWith("weir-billing")
					&& thread.getState() == Thread.State.WAITING));
		later.completeExceptionally(new IllegalStateException("planted"));
		awaitAcknowledged(0, 1);
		assertThat(this.calls).containsExactly("poison", "poison", "a");
	}

	@Test
	void aBatchIsRetriedInPlaceFromTheMessageOnThatFailed() {
		decide(Decision.retryInPlace(5, Duration.ofMillis(1)));
		CountDownLatch go = new CountDownLatch(1);
		Queue<List<String>> batches = new ConcurrentLinkedQueue<>();
		start(AckMode.RECORD, true, (messages, acknowledgement) -> {
			go.await();
			batches.add(messages.stream().map(ListenerContainerFixture::text).toList());
			for (Message<byte[]> message : messages) {
				try {
					call(text(message));
				}
				catch (IllegalStateException ex) {
					throw new BatchListenerFailedException(message, ex);
				}
			}
			return null;
		});
		publish("first");
		await().until(() -> status().received() == 1);
		publish("a", "poison 1", "b", "poison 2", "c");
		go.countDown();
		awaitAcknowledged(0, 1, 2, 3, 4, 5);
		assertThat(batches).containsExactly(List.of("first"), List.of("a", "poison 1", "b", "poison 2", "c"),
				List.of("poison 1", "b", "poison 2", "c"), List.of("poison 2", "c"), List.of("poison 2", "c"));
		assertThat(consumer().negativelyAcknowledged).isEmpty();
	}

	@Test
	void aListenerThatIsStoppedLeavesWhatItRetriesInPlaceAndHandsNothingOutAfterIt() {
		decide(Decision.retryInPlace(Integer.MAX_VALUE, Duration.ofHours(1)));
		startWithPoison(AckMode.RECORD);
		publish("poison 9", "a");
		await().until(() -> status().failed() == 1);
		this.container.stop();
		assertThat(this.calls).containsExactly("poison 9");
		assertThat(consumer().acknowledged).isEmpty();
		assertThat(consumer().closed).isTrue();
	}

	@Test
	void aListenerThatIsPausedRetriesNothing() {
		decide(Decision.retryInPlace(Integer.MAX_VALUE, Duration.ofMillis(1)));
		CountDownLatch paused = new CountDownLatch(1);
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			paused.await();
			call(text(messages.get(0)));
			return null;
		});
		publish("poison 1");
		await().until(() -> status().received() == 1);
		this.container.pause();
		paused.countDown();
		await().until(() -> status().failed() == 1);
		assertThat(this.calls).hasSize(1);
		this.container.resume();
		awaitAcknowledged(0);
	}

	@Test
	void aMessageThatIsGivenUpGoesToTheDeadLettersNow() {
		this.customizers = List.of((topic, builder) -> builder.deadLetterPolicy(new DeadLetterPolicy(9, "dead")));
		decide(Decision.deadLetter());
		startWithPoison(AckMode.RECORD);
		publish("poison 9", "a");
		awaitAcknowledged(1);
		assertThat(consumer().givenUp).containsOnlyKeys(FakeMessage.id(0));
		assertThat(consumer().negativelyAcknowledged).isEmpty();
	}

	@Test
	void aMessageThatIsGivenUpWithoutADeadLetterTopicIsGivenBackWhichIsSaidOnceForEachKind(CapturedLog log) {
		decide(Decision.deadLetter());
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			if (messages.get(0).redeliveryCount() == 0) {
				throw text(messages.get(0)).equals("a") ? new IllegalStateException("a")
						: new IllegalArgumentException("b");
			}
			return null;
		});
		publish("a", "a", "b", "b");
		awaitAcknowledged(0, 1, 2, 3);
		assertThat(consumer().givenUp).hasSize(4);
		assertThat(log.toString().lines().filter((line) -> line.contains("has no topic for dead letters"))).hasSize(2)
			.allSatisfy((line) -> assertThat(line).contains("'billing'", "weir.listeners.billing.dead-letter.enabled"));
		assertThat(log.toString()).contains("which is delivered again now: java.lang.IllegalStateException: a");
	}

	@Test
	void aHandlerCanStopTheListenerWhichHandsNothingOutAfterTheMessage(CapturedLog log) {
		decide(Decision.stop());
		startWithPoison(AckMode.RECORD);
		publish("a", "poison 9", "b");
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.FAILED));
		assertThat(this.calls).containsExactly("a", "poison 9");
		assertThat(consumer().negativelyAcknowledged).containsExactly(FakeMessage.id(1));
		assertThat(consumer().closed).isTrue();
		assertThat(this.container.isRunning()).isFalse();
		assertThat(status().failure()).isEqualTo("java.lang.IllegalStateException: planted");
		assertThat(log.toString()).contains("Listener 'billing' stops, as its error handler says");
	}

	@Test
	void aListenerThatItsHandlerHasStoppedCanBeStartedAgainOrStoppedOnPurpose() {
		decide(Decision.stop());
		startWithPoison(AckMode.RECORD);
		publish("poison 1");
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.FAILED));
		this.container.stop();
		assertThat(status().state()).isEqualTo(ListenerState.STOPPED);
		assertThat(status().failure()).isNull();
		this.container.start();
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.RUNNING));
	}

	@Test
	void aHandlerMayChangeItsMindWithEachFailure() {
		Queue<Decision> decisions = new ConcurrentLinkedQueue<>(
				List.of(Decision.retryInPlace(9, Duration.ZERO), Decision.redeliverAfter(Duration.ofHours(1))));
		this.errorHandler = (id, message, failure) -> decisions.remove();
		startWithPoison(AckMode.RECORD);
		publish("poison 9", "a");
		awaitAcknowledged(1);
		assertThat(consumer().putOff).isEqualTo(Map.of(FakeMessage.id(0), Duration.ofHours(1)));
		assertThat(this.calls).containsExactly("poison 9", "poison 9", "a");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1 })
	void attemptsAreCounted(int attempts) {
		assertThatIllegalArgumentException().isThrownBy(() -> Decision.retryInPlace(attempts, Duration.ZERO))
			.withMessageContainingAll("attempts", "at least 1");
	}

	@Test
	void whatDoesNotEndInPlaceHasToEndElsewhere() {
		Decision forEver = Decision.retryInPlace(1, Duration.ZERO);
		assertThatIllegalArgumentException().isThrownBy(() -> Decision.retryInPlace(1, Duration.ZERO, forEver))
			.withMessageContaining("something else");
		assertThatIllegalArgumentException().isThrownBy(() -> Decision.retryInPlace(1, Duration.ofMillis(-1)))
			.withMessageContaining("delay");
	}

}
