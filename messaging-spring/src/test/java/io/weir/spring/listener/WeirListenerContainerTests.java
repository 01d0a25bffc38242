package io.weir.spring.listener;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

import io.micrometer.observation.tck.TestObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.message.Headers;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.spring.AckMode;
import io.weir.spring.Acknowledgement;
import io.weir.spring.fake.FakeConsumer;
import io.weir.spring.fake.FakeMessage;
import io.weir.spring.observation.WeirObservations;

import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

class WeirListenerContainerTests extends ListenerContainerFixture {

	@Test
	void acknowledgesEachMessageOnceTheListenerReturned() {
		start(AckMode.RECORD, false, this::hear);
		MessageId a = this.client.publish("orders", "a");
		MessageId b = this.client.publish("orders", "b");
		await().untilAsserted(() -> assertThat(consumer().acknowledged).containsExactly(a, b));
		assertThat(this.heard).containsExactly("a", "b");
		assertThat(status().received()).isEqualTo(2);
		assertThat(consumer().settings).containsEntry("subscription", "billing")
			.containsEntry("subscriptionType", SubscriptionType.SHARED)
			.containsEntry("initialPosition", InitialPosition.EARLIEST)
			.containsEntry("receiverQueueSize", 1000);
	}

	@Test
	void oneConsumerForEachTopicAndUnitOfConcurrency() {
		this.container = container(
				endpoint(List.of("orders", "returns"), SubscriptionType.SHARED, 3, AckMode.RECORD, false, this::hear));
		this.container.start();
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.RUNNING));
		assertThat(this.client.consumers).hasSize(6).extracting(FakeConsumer::topic).containsOnly("orders", "returns");
	}

	@Test
	void anExclusiveSubscriptionHasOneConsumer() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> container(
					endpoint(List.of("orders"), SubscriptionType.EXCLUSIVE, 2, AckMode.RECORD, false, this::hear)))
			.withMessageContaining("'billing'")
			.withMessageContaining("SHARED");
		this.concurrency = 3;
		this.container = container(WeirListenerEndpoint.builder("billing")
			.topics("orders")
			.subscriptionType(SubscriptionType.EXCLUSIVE)
			.listener(this::hear)
			.build());
		this.container.start();
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.RUNNING));
		assertThat(this.client.consumers).as("whatever holds for all listeners").hasSize(1);
	}

	@Test
	void batchModeAcknowledgesTogetherWhatWasWaitingTogether() {
		CountDownLatch go = new CountDownLatch(1);
		start(AckMode.BATCH, false, (messages, ack) -> {
			go.await();
			return hear(messages, ack);
		});
		publish("a", "b", "c");
		assertThat(consumer().acknowledged).isEmpty();
		go.countDown();
		await().untilAsserted(() -> assertThat(consumer().acknowledged).hasSize(3));
	}

	@Test
	void aBatchListenerIsGivenWhatWaitsTogether() {
		Queue<Integer> sizes = new ConcurrentLinkedQueue<>();
		CountDownLatch go = new CountDownLatch(1);
		start(AckMode.RECORD, true, (messages, ack) -> {
			sizes.add(messages.size());
			go.await();
			return null;
		});
		publish("a");
		await().until(() -> sizes.size() == 1);
		publish("b", "c", "d");
		go.countDown();
		await().untilAsserted(() -> assertThat(consumer().acknowledged).hasSize(4));
		assertThat(sizes).containsExactly(1, 3);
	}

	@Test
	void inManualModeOnlyTheListenerAcknowledges() {
		Queue<Acknowledgement> given = new ConcurrentLinkedQueue<>();
		start(AckMode.MANUAL, false, (messages, acknowledgement) -> {
			given.add(acknowledgement);
			return null;
		});
		MessageId a = this.client.publish("orders", "a");
		await().until(() -> given.size() == 1);
		assertThat(consumer().acknowledged).isEmpty();
		given.element().acknowledge();
		given.element().acknowledge();
		given.element().negativeAcknowledge();
		assertThat(consumer().acknowledged).containsExactly(a);
		assertThat(consumer().negativelyAcknowledged).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(AckMode.class)
	void whatFailsIsDeliveredAgainAndDoesNotHoldUpOthers(AckMode mode) {
		start(mode, false, (messages, acknowledgement) -> {
			if (messages.get(0).redeliveryCount() == 0 && text(messages.get(0)).equals("poison")) {
				throw new IllegalStateException("no");
			}
			acknowledgement.acknowledge();
			return hear(messages, acknowledgement);
		});
		publish("a", "poison", "b");
		await().untilAsserted(() -> assertThat(this.heard).containsExactlyInAnyOrder("a", "poison", "b"));
		await().untilAsserted(() -> assertThat(consumer().acknowledged).contains(FakeMessage.id(0), FakeMessage.id(1),
				FakeMessage.id(2)));
		assertThat(consumer().negativelyAcknowledged).containsExactly(FakeMessage.id(1));
		assertThat(status().failed()).isEqualTo(1);
	}

	@Test
	void theErrorHandlerMayDiscard() {
		this.errorHandler = (listener, message, failure) -> WeirErrorHandler.Decision.discard();
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			throw new IllegalStateException("no");
		});
		MessageId a = this.client.publish("orders", "a");
		await().untilAsserted(() -> assertThat(consumer().acknowledged).containsExactly(a));
		assertThat(consumer().negativelyAcknowledged).isEmpty();
	}

	@Test
	void aRedeliveryThatIsPutOffDoesNotHoldUpTheNextMessage() {
		this.errorHandler = (listener, message, failure) -> WeirErrorHandler.Decision
			.redeliverAfter(Duration.ofHours(1));
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			if (text(messages.get(0)).equals("poison")) {
				throw new IllegalStateException("no");
			}
			return hear(messages, acknowledgement);
		});
		publish("poison", "a");
		await().untilAsserted(() -> assertThat(this.heard).containsExactly("a"));
		assertThat(consumer().negativelyAcknowledged).isEmpty();
		assertThat(consumer().putOff).containsOnly(Map.entry(FakeMessage.id(0), Duration.ofHours(1)));
	}

	@Test
	void theConsumersBackoffCountsUnlessTheErrorHandlerSaysOtherwise() {
		this.errorHandler = new RedeliveringErrorHandler();
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			if (messages.get(0).redeliveryCount() == 0) {
				throw new IllegalStateException("no");
			}
			return hear(messages, acknowledgement);
		});
		publish("a");
		await().untilAsserted(() -> assertThat(this.heard).containsExactly("a"));
		assertThat(consumer().negativelyAcknowledged).containsExactly(FakeMessage.id(0));
		assertThat(consumer().putOff).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = "EXCLUSIVE", mode = EnumSource.Mode.EXCLUDE)
	void everyOtherSubscriptionMayHaveSeveralConsumers(SubscriptionType type) {
		this.container = container(endpoint(List.of("orders"), type, 2, AckMode.RECORD, false, this::hear));
		this.container.start();
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.RUNNING));
		assertThat(this.client.consumers).hasSize(2)
			.allSatisfy((consumer) -> assertThat(consumer.settings).containsEntry("subscriptionType", type));
	}

	@Test
	void asynchronousWorkIsAcknowledgedWhenItCompletes() {
		CompletableFuture<Void> work = new CompletableFuture<>();
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			hear(messages, acknowledgement);
			return text(messages.get(0)).equals("slow") ? work : CompletableFuture.completedFuture(null);
		});
		publish("slow", "fast");
		await().untilAsserted(() -> assertThat(consumer().acknowledged).containsExactly(FakeMessage.id(1)));
		work.complete(null);
		assertThat(consumer().acknowledged).containsExactly(FakeMessage.id(1), FakeMessage.id(0));
	}

	@Test
	void asynchronousFailuresReachTheErrorHandler() {
		Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
		this.errorHandler = (listener, message, failure) -> {
			failures.add(failure);
			return WeirErrorHandler.Decision.discard();
		};
		start(AckMode.RECORD, false,
				(messages, acknowledgement) -> CompletableFuture.failedFuture(new IllegalStateException("later")));
		publish("a");
		await().untilAsserted(() -> assertThat(consumer().acknowledged).hasSize(1));
		assertThat(failures).singleElement().satisfies((failure) -> assertThat(failure).hasMessage("later"));
	}

	@Test
	void anInterruptThatAListenerLeavesBehindIsItsOwn() {
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			Thread.currentThread().interrupt();
			return hear(messages, acknowledgement);
		});
		publish("a");
		await().until(() -> this.heard.size() == 1);
		publish("b");
		await().untilAsserted(() -> assertThat(this.heard).containsExactly("a", "b"));
	}

	@Test
	void anInterruptThatAListenerLeavesBehindDoesNotHarmTheRestOfItsBatch() {
		CountDownLatch go = new CountDownLatch(1);
		start(AckMode.BATCH, false, (messages, acknowledgement) -> {
			go.await();
			Thread.currentThread().interrupt();
			return hear(messages, acknowledgement);
		});
		publish("a", "b", "c");
		go.countDown();
		await().untilAsserted(() -> assertThat(consumer().acknowledged).hasSize(3));
		assertThat(this.heard).containsExactly("a", "b", "c");
		assertThat(status().state()).isEqualTo(ListenerState.RUNNING);
	}

	@Test
	void whatAListenerIsGivenIsObserved() {
		TestObservationRegistry registry = TestObservationRegistry.create();
		Queue<String> traces = new ConcurrentLinkedQueue<>();
		registry.observationConfig().observationHandler(new TraceReader(traces));
		this.observations = new WeirObservations(registry, null, null);
		start(AckMode.RECORD, false, this::hear);
		this.client.publish("orders", "a", null, Headers.of(Map.of("traceparent", "trace")));
		await().untilAsserted(() -> assertThat(registry).hasObservationWithNameEqualTo("weir.listener")
			.that()
			.hasLowCardinalityKeyValue("weir.listener.id", "billing")
			.hasLowCardinalityKeyValue("messaging.destination.name", "orders")
			.hasHighCardinalityKeyValue("messaging.message.id", "0:0:0:0")
			.hasBeenStopped());
		assertThat(traces).containsExactly("trace");
	}

}
