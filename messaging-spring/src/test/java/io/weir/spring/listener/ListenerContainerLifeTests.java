package io.weir.spring.listener;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;

import io.weir.client.WeirException;
import io.weir.spring.AckMode;
import io.weir.spring.fake.FakeMessage;
import io.weir.wire.ErrorCode;

import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How a container starts, pauses, stops, and goes on after failures. */
class ListenerContainerLifeTests extends ListenerContainerFixture {

	@Test
	void stoppingWaitsForWhatIsUnderWayAndGivesBackTheRest() {
		CountDownLatch go = new CountDownLatch(1);
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			hear(messages, acknowledgement);
			go.await();
			return null;
		});
		publish("a", "b");
		await().until(() -> this.heard.size() == 1);
		CompletableFuture<Void> stopped = new CompletableFuture<>();
		this.container.stop(() -> stopped.complete(null));
		assertThat(status().state()).isEqualTo(ListenerState.STOPPING);
		assertThat(stopped).isNotDone();
		go.countDown();
		stopped.join();
		assertThat(this.heard).containsExactly("a");
		assertThat(consumer().acknowledged).containsExactly(FakeMessage.id(0));
		assertThat(consumer().closed).isTrue();
		assertThat(status().state()).isEqualTo(ListenerState.STOPPED);
	}

	@Test
	void stoppingWaitsForAsynchronousWork() {
		CompletableFuture<Void> work = new CompletableFuture<>();
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			hear(messages, acknowledgement);
			return work;
		});
		publish("a");
		await().until(() -> this.heard.size() == 1);
		CompletableFuture<Void> stopped = new CompletableFuture<>();
		this.container.stop(() -> stopped.complete(null));
		assertThat(stopped).isNotDone();
		work.complete(null);
		stopped.join();
		assertThat(consumer().acknowledged).hasSize(1);
	}

	@Test
	void aListenerThatDoesNotFinishInTimeIsLeftBehind() {
		this.shutdownTimeout = Duration.ZERO;
		CountDownLatch interrupted = new CountDownLatch(1);
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			hear(messages, acknowledgement);
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
			}
			return null;
		});
		publish("a");
		await().until(() -> this.heard.size() == 1);
		this.container.stop();
		await().until(() -> interrupted.getCount() == 0);
		assertThat(consumer().closed).isTrue();
		assertThat(this.container.isRunning()).isFalse();
	}

	@Test
	void aListenerMayStopItsOwnContainer() {
		start(AckMode.RECORD, false, (messages, acknowledgement) -> {
			this.container.stop();
			return null;
		});
		publish("a");
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.STOPPED));
		assertThat(consumer().acknowledged).hasSize(1);
	}

	@Test
	void canBeStartedAgain() {
		start(AckMode.RECORD, false, this::hear);
		this.container.stop();
		this.container.start();
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.RUNNING));
		publish("a");
		await().untilAsserted(() -> assertThat(this.heard).containsExactly("a"));
		assertThat(this.client.consumers).hasSize(2);
	}

	@Test
	void whilePausedNothingIsHandedOver() {
		start(AckMode.RECORD, false, this::hear);
		this.container.pause();
		assertThat(status().state()).isEqualTo(ListenerState.PAUSED);
		assertThat(consumer().paused).isTrue();
		publish("a", "b");
		assertThat(status().received()).isZero();
		this.container.resume();
		assertThat(consumer().paused).isFalse();
		await().untilAsserted(() -> assertThat(this.heard).containsExactly("a", "b"));
	}

	@Test
	void stopsWhilePaused() {
		start(AckMode.RECORD, false, this::hear);
		this.container.pause();
		publish("a");
		this.container.stop();
		assertThat(this.heard).isEmpty();
		assertThat(consumer().acknowledged).isEmpty();
	}

	@Test
	void aBrokerThatIsLateIsWaitedForInTheBackground() {
		this.client.broker = new CompletableFuture<>();
		this.container = container(this::hear);
		this.container.start();
		assertThat(status().state()).isEqualTo(ListenerState.SUBSCRIBING);
		this.client.broker.complete(null);
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.RUNNING));
	}

	@Test
	void stopsWhileItWaitsForTheBrokerAndLeavesNoConsumerBehind() {
		this.client.broker = new CompletableFuture<>();
		this.container = container(this::hear);
		this.container.start();
		await().until(() -> this.client.attempts.get() == 1);
		this.container.stop();
		this.client.broker.complete(null);
		await().untilAsserted(
				() -> assertThat(this.client.consumers).allSatisfy((consumer) -> assertThat(consumer.closed).isTrue()));
	}

	@Test
	void subscribesAgainAfterFailuresThatMayPass() {
		this.client.refusals.add(new WeirException(ErrorCode.SUBSCRIPTION_BUSY, "busy"));
		this.client.refusals.add(new WeirException(ErrorCode.UNTRUSTED_CERTIFICATE, "not yet"));
		start(AckMode.RECORD, false, this::hear);
		assertThat(this.client.attempts).hasValue(3);
		consumer().fail(new WeirException(ErrorCode.CONNECTION_LOST, "gone"));
		await().until(() -> this.client.attempts.get() == 4);
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.RUNNING));
		assertThat(status().lastFailure()).isNull();
	}

	@Test
	void aRefusalThatWillNotPassIsShown() {
		this.client.refusals.add(new WeirException(ErrorCode.SUBSCRIPTION_TYPE_MISMATCH, "it is EXCLUSIVE"));
		this.container = container(this::hear);
		this.container.start();
		await().untilAsserted(() -> assertThat(status().state()).isEqualTo(ListenerState.FAILED));
		assertThat(status().lastFailure()).contains("it is EXCLUSIVE");
		this.container.stop();
		assertThat(status().state()).isEqualTo(ListenerState.STOPPED);
	}

}
