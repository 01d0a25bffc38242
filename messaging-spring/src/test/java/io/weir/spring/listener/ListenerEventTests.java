package io.weir.spring.listener;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.Test;

import io.weir.client.DeadLetterPolicy;
import io.weir.client.WeirException;
import io.weir.message.MessageId;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What an application is told of its listeners. */
class ListenerEventTests extends ListenerContainerFixture {

	private final Queue<WeirListenerEvent> events = new ConcurrentLinkedQueue<>();

	private void run(WeirListenerEndpointBuilder endpoint, WeirMessageListener listener) {
		this.publisher = (event) -> this.events.add((WeirListenerEvent) event);
		this.container = container(endpoint.topics("orders").listener(listener).build());
		this.container.start();
		awaitEvent(new WeirListenerEvent.Subscribed("billing", "orders"));
	}

	private void awaitEvent(WeirListenerEvent expected) {
		await().untilAsserted(() -> assertThat(this.events).contains(expected));
	}

	@Test
	void startAndStopAreTold() {
		run(WeirListenerEndpoint.builder("billing"), this::hear);
		this.container.stop();
		this.container.stop();
		assertThat(this.events)
			.containsExactlyInAnyOrder(new WeirListenerEvent.Started("billing"),
					new WeirListenerEvent.Subscribed("billing", "orders"), new WeirListenerEvent.Stopped("billing"))
			.endsWith(new WeirListenerEvent.Stopped("billing"));
	}

	@Test
	void consumerThatIsLostIsToldOnceAndThatItIsBack() {
		run(WeirListenerEndpoint.builder("billing"), this::hear);
		this.events.clear();
		WeirException lost = new WeirException(ErrorCode.CONNECTION_LOST, "planted");
		this.client.refusals.add(new WeirException(ErrorCode.CONNECTION_LOST, "planted again"));
		consumer().fail(lost);
		awaitEvent(new WeirListenerEvent.Subscribed("billing", "orders"));
		assertThat(this.events).containsExactly(new WeirListenerEvent.ConsumerLost("billing", "orders", lost),
				new WeirListenerEvent.Subscribed("billing", "orders"));
	}

	@Test
	void threadThatEndsOnItsOwnIsTold() {
		OutOfMemoryError failure = new OutOfMemoryError("planted");
		run(WeirListenerEndpoint.builder("billing"), (messages, acknowledgement) -> {
			throw failure;
		});
		publish("a");
		awaitEvent(new WeirListenerEvent.Failed("billing", "orders", failure));
	}

	@Test
	void deadLetterIsTold() {
		this.customizers = List.of((topic, builder) -> builder.deadLetterPolicy(new DeadLetterPolicy(0, "dead")));
		this.errorHandler = new RedeliveringErrorHandler();
		IllegalStateException failure = new IllegalStateException("planted");
		run(WeirListenerEndpoint.builder("billing"), (messages, acknowledgement) -> {
			throw failure;
		});
		MessageId id = this.client.publish("orders", "a");
		await().untilAsserted(() -> assertThat(this.events).anySatisfy(
				(event) -> assertThat(event).isInstanceOfSatisfying(WeirListenerEvent.DeadLettered.class, (dead) -> {
					assertThat(dead.message().id()).isEqualTo(id);
					assertThat(dead.deadLetterTopic()).isEqualTo("dead");
					assertThat(dead.failure()).isSameAs(failure);
				})));
	}

	@Test
	void listenerWithoutMessagesIsToldIdleAgainAndAgain() {
		run(WeirListenerEndpoint.builder("billing").idleEventInterval(Duration.ofMillis(10)), this::hear);
		awaitEvent(new WeirListenerEvent.Idle("billing", "orders", Duration.ofMillis(10)));
		awaitEvent(new WeirListenerEvent.Idle("billing", "orders", Duration.ofMillis(20)));
		publish("a");
		await().untilAsserted(() -> assertThat(this.heard).containsExactly("a"));
	}

	@Test
	void whoIsToldCannotHarmAListener() {
		run(WeirListenerEndpoint.builder("billing"), this::hear);
		this.container.stop();
		this.publisher = (event) -> {
			throw new IllegalStateException("planted");
		};
		this.container = container(
				WeirListenerEndpoint.builder("billing").topics("orders").listener(this::hear).build());
		this.container.start();
		await().until(() -> this.client.consumers.size() == 2);
		publish("a");
		await().untilAsserted(() -> assertThat(this.heard).containsExactly("a"));
	}

}
