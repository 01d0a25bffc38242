package io.weir.spring.listener;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.weir.message.Headers;
import io.weir.message.SubscriptionType;
import io.weir.spring.AckMode;
import io.weir.spring.fake.FakeMessage;
import io.weir.spring.listener.WeirErrorHandler.Decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * One consumer whose messages are worked on by several threads, those of a key in order.
 */
class KeyConcurrencyTests extends ListenerContainerFixture {

	private final Map<String, Queue<String>> byKey = new ConcurrentHashMap<>();

	private final CountDownLatch go = new CountDownLatch(1);

	private void start(int keyConcurrency, int receiverQueueSize, WeirMessageListener listener) {
		this.container = container(WeirListenerEndpoint.builder("billing")
			.topics("orders")
			.subscriptionType(SubscriptionType.FAILOVER)
			.keyConcurrency(keyConcurrency)
			.consumer(new ConsumerSettings(receiverQueueSize, null, null, null, ConsumerSettings.NONE.deadLetter(),
					ConsumerSettings.NONE.backoff()))
			.listener(listener)
			.build());
		this.container.start();
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.RUNNING));
	}

	private void publishOf(@Nullable String key, String... payloads) {
		for (String payload : payloads) {
			this.client.publish("orders", payload, key, Headers.empty());
		}
	}

	private void note(FakeMessage<?> message) {
		this.byKey.computeIfAbsent(String.valueOf(message.key()), (key) -> new ConcurrentLinkedQueue<>())
			.add(new String(message.payload(), StandardCharsets.UTF_8));
	}

	@Test
	void messagesOfDifferentKeysAreWorkedOnAtOnceAndThoseOfOneKeyInOrder() {
		AtomicInteger atOnce = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		start(3, 1000, (messages, acknowledgement) -> {
			most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
			// Until three have come, none goes: so three keys are worked on at once.
			await().until(() -> most.get() == 3);
			if (text(messages.get(0)).equals("a0")) {
				// All that others have goes on meanwhile, and nothing of its own key.
				await().until(() -> consumer().acknowledged.size() == 40);
			}
			note((FakeMessage<?>) messages.get(0));
			atOnce.decrementAndGet();
			return null;
		});
		for (int i = 0; i < 20; i++) {
			publishOf("a", "a" + i);
			publishOf("b", "b" + i);
			publishOf("c", "c" + i);
		}
		await().untilAsserted(() -> assertThat(consumer().acknowledged).hasSize(60));
		assertThat(most).hasValue(3);
		for (String key : List.of("a", "b", "c")) {
			assertThat(this.byKey.get(key))
				.containsExactlyElementsOf(IntStream.range(0, 20).mapToObj((i) -> key + i).toList());
		}
		assertThat(this.client.consumers).as("one consumer").hasSize(1);
	}

	@Test
	void aKeyOfWhichAMessageIsRetriedInPlaceWaitsAloneAndInOrder() {
		this.errorHandler = (id, message, failure) -> Decision.retryInPlace(100, Duration.ofMillis(10));
		start(2, 1000, (messages, acknowledgement) -> {
			note((FakeMessage<?>) messages.get(0));
			if (text(messages.get(0)).equals("poison") && this.go.getCount() > 0) {
				throw new IllegalStateException("planted");
			}
			return null;
		});
		publishOf("a", "poison", "a2", "a3");
		publishOf("b", "b1", "b2", "b3");
		publishOf("c", "c1");
		await().untilAsserted(() -> assertThat(consumer().acknowledged).hasSize(4));
		await().until(() -> status().failed() > 2);
		assertThat(this.byKey.get("a")).containsOnly("poison");
		this.go.countDown();
		await().untilAsserted(() -> assertThat(consumer().acknowledged).hasSize(7));
		assertThat(this.byKey.get("a")).endsWith("poison", "a2", "a3");
		assertThat(this.byKey.get("b")).containsExactly("b1", "b2", "b3");
		assertThat(consumer().negativelyAcknowledged).isEmpty();
	}

	@Test
	void theNextOfAKeyWaitsUntilWhatTheListenerReturnedHasEnded() {
		CompletableFuture<Void> work = new CompletableFuture<>();
		start(2, 1000, (messages, acknowledgement) -> {
			note((FakeMessage<?>) messages.get(0));
			return text(messages.get(0)).equals("a1") ? work : null;
		});
		publishOf("a", "a1", "a2");
		publishOf("b", "b1");
		await().untilAsserted(() -> assertThat(consumer().acknowledged).hasSize(1));
		assertThat(this.byKey.get("a")).containsExactly("a1");
		work.complete(null);
		await().untilAsserted(() -> assertThat(consumer().acknowledged).hasSize(3));
		assertThat(this.byKey.get("a")).containsExactly("a1", "a2");
	}

	@Test
	void messagesWithoutAKeyDoNotWaitForEachOther() throws Exception {
		CountDownLatch both = new CountDownLatch(2);
		start(2, 1000, (messages, acknowledgement) -> {
			both.countDown();
			both.await();
			return null;
		});
		publishOf(null, "1", "2");
		await().untilAsserted(() -> assertThat(consumer().acknowledged).hasSize(2));
	}

	@Test
	void noMoreIsTakenThanTheBrokerMaySendAhead() {
		start(2, 3, (messages, acknowledgement) -> {
			this.go.await();
			return null;
		});
		publishOf("a", "1", "2", "3", "4", "5", "6", "7", "8");
		await().until(() -> status().received() == 1);
		// One more is in the hands of the thread that waits for room.
		await().untilAsserted(() -> assertThat(consumer().waiting()).isEqualTo(4));
		this.go.countDown();
		await().untilAsserted(() -> assertThat(consumer().acknowledged).hasSize(8));
	}

	@Test
	void aListenerThatIsStoppedLeavesWhatWaitsForItsKey() {
		this.errorHandler = (id, message, failure) -> Decision.retryInPlace(9, Duration.ofHours(1));
		start(2, 2, (messages, acknowledgement) -> {
			throw new IllegalStateException("planted");
		});
		publishOf("a", "1", "2", "3", "4");
		await().until(() -> status().failed() == 1);
		this.container.stop();
		assertThat(consumer().closed).isTrue();
		assertThat(consumer().acknowledged).isEmpty();
		assertThat(status().givenBack()).isOne();
	}

	@Test
	void aFailingJvmStopsTheListener() {
		start(2, 1000, (messages, acknowledgement) -> {
			throw new OutOfMemoryError("planted");
		});
		publishOf("a", "1");
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.FAILED));
		assertThat(status().failure()).contains("planted");
	}

	@Test
	void aListenerMayStopItself() {
		start(2, 1000, (messages, acknowledgement) -> {
			this.container.stop();
			return null;
		});
		publishOf("a", "1");
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.STOPPED));
		assertThat(consumer().acknowledged).containsExactly(FakeMessage.id(0));
	}

	@Test
	void batchesHaveManyKeysAndAreRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> container(WeirListenerEndpoint.builder("billing")
				.topics("orders")
				.keyConcurrency(2)
				.ackMode(AckMode.BATCH)
				.listener(this::hear)
				.build()))
			.withMessageContainingAll("'billing'", "keyConcurrency 2", "RECORD or MANUAL");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> WeirListenerEndpoint.builder("billing")
				.topics("orders")
				.keyConcurrency(0)
				.listener(this::hear)
				.build())
			.withMessageContainingAll("keyConcurrency 0", "at least 1");
	}

}
