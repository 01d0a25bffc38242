package io.weir.spring.listener;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;

import io.weir.client.DeadLetterPolicy;
import io.weir.client.WeirException;
import io.weir.message.Backlog;
import io.weir.message.SubscriptionType;
import io.weir.spring.AckMode;
import io.weir.spring.BatchListenerFailedException;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/** What is measured of a listener. */
class ListenerStatsTests extends ListenerContainerFixture {

	private ListenerTopicStats stats() {
		return this.container.getStats("orders");
	}

	@Test
	void messagesAreCountedForEachTopic() {
		this.container = container(
				endpoint(List.of("orders", "bills"), SubscriptionType.SHARED, 1, AckMode.RECORD, false, this::hear));
		this.container.start();
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.RUNNING));
		publish("a", "b");
		this.client.publish("bills", "c");
		await().untilAsserted(() -> assertThat(List.of(stats(), this.container.getStats("bills")))
			.extracting(ListenerTopicStats::received, ListenerTopicStats::processed)
			.containsExactly(tuple(2L, 2L), tuple(1L, 1L)));
		assertThat(status().received()).isEqualTo(3);
		assertThatIllegalArgumentException().isThrownBy(() -> this.container.getStats("others"))
			.withMessageContainingAll("'billing'", "'others'", "[orders, bills]");
	}

	@Test
	void messageThatComesAgainIsARedeliveryAndOneThatIsRetriedInPlaceIsNot() {
		this.errorHandler = (listener, message, failure) -> WeirErrorHandler.Decision.retryInPlace(1, Duration.ZERO);
		Queue<Integer> calls = new ConcurrentLinkedQueue<>();
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			calls.add(messages.get(0).redeliveryCount());
			if (calls.size() < 3) {
				throw new IllegalStateException("no");
			}
			return null;
		});
		publish("a");
		await().untilAsserted(() -> assertThat(stats().processed()).isEqualTo(1));
		assertThat(calls).containsExactly(0, 0, 1);
		assertThat(stats()).returns(2L, ListenerTopicStats::received)
			.returns(1L, ListenerTopicStats::redelivered)
			.returns(2L, ListenerTopicStats::failed)
			.returns(0L, ListenerTopicStats::deadLettered);
	}

	@Test
	void deadLettersAreCounted() {
		this.customizers = List.of((topic, builder) -> builder.deadLetterPolicy(new DeadLetterPolicy(5, "dead")));
		this.errorHandler = (listener, message, failure) -> WeirErrorHandler.Decision.deadLetter();
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			throw new IllegalStateException("no");
		});
		publish("a", "b");
		await().untilAsserted(() -> assertThat(stats().deadLettered()).isEqualTo(2));
		assertThat(stats()).returns(2L, ListenerTopicStats::failed).returns(0L, ListenerTopicStats::processed);
	}

	@Test
	void thoseOfABatchBeforeTheOneThatFailedAreProcessed() {
		this.errorHandler = (listener, message, failure) -> WeirErrorHandler.Decision.discard();
		CountDownLatch go = new CountDownLatch(1);
		start(AckMode.RECORD, true, (messages, acknowledgement) -> {
			go.await();
			int wrong = messages.stream().map(ListenerContainerFixture::text).toList().indexOf("wrong");
			if (wrong >= 0) {
				throw new BatchListenerFailedException(wrong, new IllegalStateException("no"));
			}
			return null;
		});
		publish("a", "b", "wrong", "c");
		go.countDown();
		await().untilAsserted(() -> assertThat(stats().processed()).isEqualTo(3));
		assertThat(stats()).returns(4L, ListenerTopicStats::received).returns(1L, ListenerTopicStats::failed);
	}

	@Test
	void concurrencyIsThatOfConsumersThatAreSubscribed() {
		this.client.broker = new CompletableFuture<>();
		this.container = container(
				endpoint(List.of("orders"), SubscriptionType.SHARED, 2, AckMode.RECORD, false, this::hear));
		this.container.start();
		assertThat(stats()).returns(0, ListenerTopicStats::concurrency).returns(2, ListenerTopicStats::maxConcurrency);
		this.client.broker.complete(null);
		await().untilAsserted(() -> assertThat(stats().concurrency()).isEqualTo(2));
		this.container.stop();
		assertThat(stats().concurrency()).isZero();
	}

	@Test
	void threadIsActiveWhileItIsInTheListener() {
		CountDownLatch go = new CountDownLatch(1);
		this.container = container(WeirListenerEndpoint.builder("billing")
			.topics("orders")
			.keyConcurrency(3)
			.listener((messages, acknowledgement) -> {
				go.await();
				return null;
			})
			.build());
		this.container.start();
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.RUNNING));
		assertThat(stats()).returns(0, ListenerTopicStats::activeThreads).returns(3, ListenerTopicStats::maxThreads);
		publish("a", "b");
		await().untilAsserted(() -> assertThat(stats().activeThreads()).isEqualTo(2));
		go.countDown();
		await().untilAsserted(() -> assertThat(stats().activeThreads()).isZero());
	}

	@Test
	void backlogIsWhatTheBrokerSaidLast() {
		start(AckMode.RECORD, false, this::hear);
		assertThat(stats().backlog()).isNull();
		Backlog backlog = new Backlog(7, Instant.EPOCH);
		consumer().backlog = () -> CompletableFuture.completedFuture(backlog);
		assertThat(this.container.refreshBacklogs()).isCompleted();
		assertThat(stats().backlog()).isEqualTo(backlog);
		consumer().backlog = () -> CompletableFuture
			.failedFuture(new WeirException(ErrorCode.CONNECTION_LOST, "planted"));
		assertThat(this.container.refreshBacklogs()).isCompleted();
		assertThat(stats().backlog()).as("nobody knows").isNull();
	}

	@Test
	void stoppedListenerHasNoBacklog() {
		start(AckMode.RECORD, false, this::hear);
		this.container.refreshBacklogs();
		assertThat(stats().backlog()).isNotNull();
		this.container.stop();
		this.container.refreshBacklogs();
		assertThat(stats().backlog()).isNull();
	}

	@Test
	void whoeverWantsToKnowIsToldWhichContainersThereAre() {
		Queue<String> told = new ConcurrentLinkedQueue<>();
		WeirListenerRegistry registry = new WeirListenerRegistry();
		registry.register(container(this::hear));
		registry.addListener(new WeirListenerRegistryListener() {

			@Override
			public void registered(WeirListenerContainer container) {
				told.add("+" + container.getId());
			}

			@Override
			public void unregistered(WeirListenerContainer container) {
				told.add("-" + container.getId());
			}

		});
		registry.unregister("billing");
		registry.unregister("billing");
		registry.register(container(this::hear));
		assertThat(told).containsExactly("+billing", "-billing", "+billing");
	}

}
