package io.weir.spring.deferred;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.weir.client.WeirException;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.spring.fake.FakeWeirClient;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DeferredConsumerTests {

	private final FakeWeirClient client = new FakeWeirClient();

	private DeferredConsumer<String> consumer() {
		return new DeferredConsumer<>("orders", "audit",
				this.client.consumer(Schema.string()).topic("orders").subscription("audit")::subscribeAsync);
	}

	@Test
	void subscribesAtOnce() {
		assertThat(consumer().isConnected()).isTrue();
		assertThat(this.client.consumers).hasSize(1);
	}

	@Test
	void receivesAndAcknowledges() {
		DeferredConsumer<String> consumer = consumer();
		this.client.publish("orders", "hello");
		Message<String> message = consumer.receive(Duration.ofSeconds(5));
		assertThat(message).isNotNull();
		assertThat(message.value()).isEqualTo("hello");
		consumer.acknowledge(message);
		assertThat(this.client.consumer(0).acknowledged).containsExactly(message.id());
	}

	@Test
	void aBrokerThatIsLateLooksLikeATopicWithoutMessages() {
		this.client.broker = new CompletableFuture<>();
		DeferredConsumer<String> consumer = consumer();
		assertThat(consumer.receive(Duration.ofMillis(1))).isNull();
		assertThat(consumer.isConnected()).isFalse();
		this.client.broker.complete(null);
		this.client.publish("orders", "hello");
		assertThat(consumer.receive().value()).isEqualTo("hello");
		assertThat(this.client.attempts).hasValue(1);
	}

	@Test
	void aBatchWaitsNoLongerThanItsTimeoutForABrokerThatIsLate() {
		this.client.broker = new CompletableFuture<>();
		DeferredConsumer<String> consumer = consumer();
		assertThat(consumer.batchReceive(2, Duration.ofMillis(1))).isEmpty();
		this.client.broker.complete(null);
		this.client.publish("orders", "a");
		this.client.publish("orders", "b");
		assertThat(consumer.batchReceive(2, Duration.ofSeconds(5))).extracting(Message::value)
			.containsExactly("a", "b");
	}

	@Test
	void waitsForAnyTime() {
		this.client.broker = new CompletableFuture<>();
		DeferredConsumer<String> consumer = consumer();
		Duration longAgo = Duration.ofSeconds(Long.MIN_VALUE);
		assertThat(consumer.receive(longAgo)).isNull();
		assertThat(consumer.batchReceive(1, longAgo)).isEmpty();
		this.client.broker.complete(null);
		this.client.publish("orders", "a");
		this.client.publish("orders", "b");
		Duration ever = Duration.ofSeconds(Long.MAX_VALUE);
		assertThat(consumer.receive(ever)).isNotNull();
		assertThat(consumer.batchReceive(1, ever)).hasSize(1);
	}

	@Test
	void everythingElseReachesTheConsumerAsWell() {
		DeferredConsumer<String> consumer = consumer();
		MessageId id = this.client.publish("orders", "hello");
		consumer.negativeAcknowledge(id, Duration.ofHours(1));
		consumer.acknowledgeCumulative(id);
		consumer.acknowledgeCumulativeAsync(id).join();
		consumer.seek(id);
		consumer.seekAsync(Instant.EPOCH).join();
		consumer.unsubscribe();
		assertThat(this.client.consumer(0).putOff).containsEntry(id, Duration.ofHours(1));
		assertThat(this.client.consumer(0).acknowledged).containsExactly(id, id);
		assertThat(this.client.consumer(0).sought).containsExactly(id, Instant.EPOCH);
		assertThat(this.client.consumer(0).closed).isTrue();
	}

	@Test
	void aFailedSubscriptionIsTriedAgain() {
		this.client.refusals.add(new WeirException(ErrorCode.TIMEOUT, "no broker"));
		DeferredConsumer<String> consumer = consumer();
		assertThat(consumer.isConnected()).isFalse();
		assertThat(consumer.receive(Duration.ofMillis(1))).isNull();
		assertThat(consumer.isConnected()).isTrue();
	}

	@Test
	void aRefusalReachesWhoeverReceives() {
		DeferredConsumer<String> consumer = consumer();
		consumer.close();
		assertThat(this.client.consumer(0).closed).isTrue();
		assertThatExceptionOfType(WeirException.class).isThrownBy(consumer::receive).withMessageContaining("closed");
	}

	@Test
	void aSubscriptionThatIsUnderWayAtTheEndIsGivenUpAndWhoWaitsForItIsTold() {
		this.client.broker = new CompletableFuture<>();
		DeferredConsumer<String> consumer = consumer();
		CompletableFuture<Message<String>> waiting = consumer.receiveAsync();
		consumer.close();
		assertThat(waiting).isCompletedExceptionally();
		assertThatExceptionOfType(WeirException.class).isThrownBy(consumer::receive).withMessageContaining("closed");
		this.client.broker.complete(null);
		assertThat(consumer.isConnected()).isFalse();
	}

	@Test
	void theEndOfItsConsumerIsWaitedFor() {
		this.client.end = new CompletableFuture<>();
		DeferredConsumer<String> consumer = consumer();
		CompletableFuture<Void> closed = consumer.closeAsync();
		assertThat(this.client.consumer(0).closed).isTrue();
		assertThat(closed).isNotDone();
		this.client.end.complete(null);
		assertThat(closed).isCompleted();
		consumer.close();
	}

}
