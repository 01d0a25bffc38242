package io.weir.spring.listener;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.weir.message.Message;
import io.weir.message.SubscriptionType;
import io.weir.spring.AckMode;
import io.weir.spring.fake.FakeMessage;
import io.weir.spring.listener.FailingObservationHandler.ObservationMoment;
import io.weir.spring.observation.WeirObservations;

import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/** Whatever fails in an application's code, no message is lost and no listener stops. */
@ExtendWith(CapturedLog.class)
class ListenerFailureTests extends ListenerContainerFixture {

	static Stream<Throwable> failuresOfTheListener() {
		return Stream.of(new StackOverflowError(), new AssertionError("no"), new NoClassDefFoundError("absent"),
				new ExceptionInInitializerError(), new LinkageError(), new IllegalStateException("no"),
				new InterruptedException(), new Unprintable());
	}

	private static final class Unprintable extends RuntimeException {

		private static final long serialVersionUID = 1;

		@Override
		public String getMessage() {
			throw new IllegalStateException("No message, on purpose");
		}

	}

	@ParameterizedTest
	@MethodSource("failuresOfTheListener")
	void whateverAListenerThrowsHasTheMessageDeliveredAgainAndOthersFollow(Throwable failure) {
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			if (isPoison(messages)) {
				sneakyThrow(failure);
			}
			return hear(messages, acknowledgement);
		});
		publish("poison", "a");
		awaitPoisonHeard();
	}

	@ParameterizedTest
	@MethodSource("failuresOfTheListener")
	void whateverAListenersStageFailsWithHasTheMessageDeliveredAgainAndOthersFollow(Throwable failure) {
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			if (isPoison(messages)) {
				return CompletableFuture.failedFuture(failure).thenRun(() -> {
				});
			}
			return hear(messages, acknowledgement);
		});
		publish("poison", "a");
		awaitPoisonHeard();
	}

	@Test
	void aStageThatCannotBeAskedHasTheMessageDeliveredAgain() {
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			if (isPoison(messages)) {
				return new CompletableFuture<>() {

					@Override
					public CompletableFuture<Object> whenComplete(
							BiConsumer<? super Object, ? super Throwable> action) {
						throw new AssertionError("no");
					}

				};
			}
			return hear(messages, acknowledgement);
		});
		publish("poison", "a");
		awaitPoisonHeard();
	}

	static Stream<WeirErrorHandler> errorHandlersThatFail() {
		return Stream.of((listener, message, failure) -> {
			throw new AssertionError("no");
		}, (listener, message, failure) -> {
			throw new IllegalStateException("no");
		}, (listener, message, failure) -> sneakyThrow(failure), (listener, message, failure) -> null);
	}

	@ParameterizedTest
	@MethodSource("errorHandlersThatFail")
	void anErrorHandlerThatFailsOrDecidesNothingLosesNoMessage(WeirErrorHandler errorHandler) {
		this.errorHandler = errorHandler;
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			if (isPoison(messages)) {
				throw new IllegalStateException("no");
			}
			return hear(messages, acknowledgement);
		});
		publish("poison", "a");
		await().untilAsserted(() -> assertThat(consumer().acknowledged).containsExactly(FakeMessage.id(1)));
		assertThat(consumer().putOff).containsOnly(Map.entry(FakeMessage.id(0), Duration.ofMinutes(1)));
		assertThat(status().state()).isEqualTo(ListenerState.RUNNING);
	}

	@Test
	void onlyAFailingJvmStopsAListenerAndThatIsShown() {
		this.errorHandler = (listener, message, failure) -> WeirErrorHandler.Decision.discard();
		CompletableFuture<Void> underWay = new CompletableFuture<>();
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			if (!isPoison(messages)) {
				return underWay;
			}
			throw new OutOfMemoryError("planted");
		});
		publish("a", "poison");
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.FAILED));
		assertThat(status().lastFailure()).contains("OutOfMemoryError", "planted");
		assertThat(consumer().acknowledged).isEmpty();
		underWay.complete(null);
		await().untilAsserted(() -> assertThat(consumer().closed).isTrue());
		assertThat(consumer().acknowledged).containsExactly(FakeMessage.id(0));
		assertThat(status().state()).isEqualTo(ListenerState.FAILED);
	}

	@Test
	void aStageThatReportsAFailingJvmHasTheMessageDeliveredAgainWithoutAskingTheErrorHandler() {
		this.errorHandler = (listener, message, failure) -> WeirErrorHandler.Decision.discard();
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			if (isPoison(messages)) {
				return CompletableFuture.failedFuture(new OutOfMemoryError("planted"));
			}
			return hear(messages, acknowledgement);
		});
		publish("poison", "a");
		awaitPoisonHeard();
	}

	@Test
	void aCustomizerThatFailsFailsTheStartAndNamesTheListener() {
		this.customizers = List.of((topic, builder) -> {
			throw new IllegalArgumentException("The queue must be longer");
		});
		assertThatIllegalStateException().isThrownBy(() -> container(this::hear))
			.withMessageContainingAll("'billing'", "'orders'", "The queue must be longer");
	}

	@Test
	void aThreadThatCannotBeStartedIsAFailedListenerThatCanBeStopped() {
		ContainerSettings settings = settings();
		ListenerGroup group = new ListenerGroup(settings, (topic) -> new CompletableFuture<>(), this.observations,
				new ListenerTarget(settings, new ListenerCounts(settings.topics()), (failure) -> {
				}), ListenerSiblings.NONE, Thread::new);
		group.start((task) -> {
			throw new OutOfMemoryError("unable to create native thread");
		});
		assertThat(group.state()).isEqualTo(ListenerState.FAILED);
		assertThat(group.failure()).hasMessageContaining("native thread");
		assertThat(group.stop()).succeedsWithin(Duration.ofSeconds(20));
	}

	private ContainerSettings settings() {
		return ContainerSettings.of(
				endpoint(List.of("orders"), SubscriptionType.SHARED, 1, AckMode.RECORD, false, this::hear),
				new ListenerDefaults(SubscriptionType.SHARED, 1, AckMode.RECORD, true, this.shutdownTimeout,
						ConsumerSettings.NONE),
				this.errorHandler, this::hear, ListenerEvents.NONE);
	}

	@ParameterizedTest
	@EnumSource(ObservationMoment.class)
	void anObservationThatFailsLosesNoMessageAndStopsNothing(ObservationMoment moment) {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new FailingObservationHandler(moment));
		this.observations = new WeirObservations(registry, null, null);
		start(AckMode.RECORD, false, this::hear);
		publish("a", "b");
		await().untilAsserted(() -> assertThat(consumer().acknowledged).contains(FakeMessage.id(0), FakeMessage.id(1)));
		assertThat(this.heard).contains("a", "b");
		assertThat(status().state()).isEqualTo(ListenerState.RUNNING);
		this.container.stop();
		assertThat(consumer().closed).isTrue();
	}

	private static boolean isPoison(List<Message<byte[]>> messages) {
		return messages.get(0).redeliveryCount() == 0 && text(messages.get(0)).equals("poison");
	}

	private void awaitPoisonHeard() {
		await().untilAsserted(() -> assertThat(this.heard).containsExactlyInAnyOrder("poison", "a"));
		await().untilAsserted(() -> assertThat(consumer().acknowledged).containsExactlyInAnyOrder(FakeMessage.id(0),
				FakeMessage.id(1)));
		assertThat(consumer().negativelyAcknowledged).containsExactly(FakeMessage.id(0));
		assertThat(status().state()).isEqualTo(ListenerState.RUNNING);
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> WeirErrorHandler.Decision sneakyThrow(Throwable failure) throws T {
		throw (T) failure;
	}

	@Test
	void aFailureIsOneLineWithWhatHappensNext(CapturedLog log) {
		this.errorHandler = new RedeliveringErrorHandler(Duration.ofMinutes(2), Duration.ofMinutes(2));
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			throw new IllegalStateException("planted");
		});
		publish("a");
		await().untilAsserted(() -> assertThat(lines(log)).singleElement()
			.asString()
			.contains(
					"Listener 'billing' failed on message 0:0:0:0 of topic 'orders', subscription 'billing', delivery 1, "
							+ "which is delivered again in 120 s: java.lang.IllegalStateException: planted"));
		assertThat(status().lastFailure()).isEqualTo("java.lang.IllegalStateException: planted");
		assertThat(status().failure()).isNull();
	}

	@Test
	void aPoisonMessageInABatchIsFewLinesAndOneStackTrace(CapturedLog log) {
		CountDownLatch go = new CountDownLatch(1);
		Queue<Integer> sizes = new ConcurrentLinkedQueue<>();
		start(AckMode.RECORD, true, (messages, acknowledgement) -> {
			go.await();
			sizes.add(messages.size());
			if (sizes.size() < 50) {
				throw new IllegalStateException("planted " + sizes.size());
			}
			return hear(messages, acknowledgement);
		});
		for (int i = 0; i < 200; i++) {
			publish("a");
		}
		go.countDown();
		await().untilAsserted(() -> assertThat(consumer().acknowledged).hasSize(200));
		assertThat(lines(log)).hasSizeBetween(1, 25)
			.anySatisfy((line) -> assertThat(line).contains(" messages, 0:", "each of which is delivered again now"));
		assertThat(log.toString().lines().filter((line) -> line.startsWith("java.lang.IllegalState"))).hasSize(1);
	}

	@Test
	void anErrorHandlerThatAlwaysFailsIsFewLines(CapturedLog log) {
		this.errorHandler = (listener, message, failure) -> {
			throw new IllegalArgumentException("handler");
		};
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			throw new IllegalStateException("planted");
		});
		for (int i = 0; i < 200; i++) {
			publish("a");
		}
		await().untilAsserted(() -> assertThat(status().failed()).isEqualTo(200));
		assertThat(log.toString()
			.lines()
			.filter((line) -> line.contains("The error handler of listener 'billing' failed"))).hasSizeBetween(1, 25);
		assertThat(log.toString().lines().filter((line) -> line.startsWith("java.lang."))).hasSize(2);
	}

	private static List<String> lines(CapturedLog log) {
		return log.toString().lines().filter((line) -> line.contains("Listener 'billing' failed")).toList();
	}

}
