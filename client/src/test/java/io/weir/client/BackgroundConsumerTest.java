package io.weir.client;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.broker.Broker;
import io.weir.fixtures.ServerPorts;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** A consumer that is there before the broker has accepted it, against a real broker. */
@Timeout(120)
class BackgroundConsumerTest {

	private static final Duration SOON = Duration.ofSeconds(60);

	private final int port = ServerPorts.free();

	private final WeirClient client = WeirClient.builder()
		.serviceUrl("weir://127.0.0.1:" + this.port)
		.insecure()
		.build();

	@AfterEach
	void stop() {
		this.client.close();
	}

	private Broker broker() {
		return Broker.builder().port(this.port).build().start();
	}

	private ConsumerBuilder<String> consumer() {
		return this.client.consumer(Schema.string())
			.topic("t")
			.subscription("s")
			.initialPosition(InitialPosition.EARLIEST);
	}

	private void send(String value) {
		try (Producer<String> producer = this.client.producer(Schema.string()).topic("t").create()) {
			producer.send(value);
		}
	}

	@Test
	void consumerIsThereBeforeItsBroker() {
		Consumer<String> consumer = consumer().subscribeInBackground();
		assertThat(consumer.topic()).isEqualTo("t");
		assertThat(consumer.receive(Duration.ofMillis(1))).isNull();
		assertThat(consumer.batchReceive(2, Duration.ofMillis(1))).isEmpty();
		assertThat(consumer.isConnected()).isFalse();
		CompletableFuture<Message<String>> first = consumer.receiveAsync();
		try (Broker broker = broker()) {
			send("a");
			assertThat(first.join().value()).isEqualTo("a");
			assertThat(consumer.isConnected()).isTrue();
			consumer.acknowledgeAsync(first.join().id()).join();
			consumer.close();
			assertThat(broker.topics().get(0).subscriptions().get(0).backlog()).isZero();
		}
	}

	@Test
	void consumerWaitsForASubscriptionThatIsTaken() {
		try (Broker broker = broker()) {
			Consumer<String> other = consumer().subscribe();
			Consumer<String> consumer = consumer().subscribeInBackground();
			send("a");
			assertThat(other.receive(SOON)).isNotNull();
			assertThat(consumer.receive(Duration.ofMillis(1))).isNull();
			other.close();
			assertThat(consumer.receive().value()).isEqualTo("a");
			this.client.close();
			assertThat(broker.isRunning()).isTrue();
		}
	}

	@Test
	void whoReceivesIsToldOfARefusalAndTheNextCallAsksAgain() {
		try (Broker broker = broker()) {
			Consumer<String> other = consumer().subscriptionType(SubscriptionType.SHARED).subscribe();
			Consumer<String> consumer = consumer().subscribeInBackground();
			assertThatExceptionOfType(WeirException.class).isThrownBy(consumer::receive)
				.satisfies((ex) -> assertThat(ex.code()).isEqualTo(ErrorCode.SUBSCRIPTION_TYPE_MISMATCH));
			other.unsubscribe();
			send("a");
			assertThat(consumer.receive().value()).isEqualTo("a");
			assertThat(consumer.isConnected()).isTrue();
			consumer.close();
			await()
				.untilAsserted(() -> assertThat(broker.topics().get(0).subscriptions().get(0).consumers()).isEmpty());
		}
	}

	@Test
	void closingGivesUpAndTellsWhoWaits() {
		Consumer<String> consumer = consumer().subscribeInBackground();
		CompletableFuture<Message<String>> waiting = consumer.receiveAsync();
		consumer.close();
		assertThat(waiting).failsWithin(SOON);
		assertThatExceptionOfType(WeirException.class).isThrownBy(consumer::receive)
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(ErrorCode.CLOSED));
		Consumer<String> another = consumer().subscribeInBackground();
		this.client.close();
		assertThatExceptionOfType(WeirException.class).isThrownBy(another::receive)
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(ErrorCode.CLOSED));
	}

	@Test
	void listenerIsGivenMessagesAsSoonAsThereIsABroker() {
		Queue<String> heard = new ConcurrentLinkedQueue<>();
		Consumer<String> consumer = consumer().messageListener((source, message) -> {
			heard.add(message.value());
			source.acknowledge(message);
		}).subscribeInBackground();
		assertThat(consumer.isConnected()).isFalse();
		try (Broker broker = broker()) {
			send("a");
			await().untilAsserted(() -> assertThat(heard).containsExactly("a"));
			consumer.close();
			assertThat(broker.topics().get(0).subscriptions().get(0).backlog()).isZero();
		}
	}

}
