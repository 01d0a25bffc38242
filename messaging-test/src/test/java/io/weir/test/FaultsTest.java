package io.weir.test;

import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.client.ConnectionState;
import io.weir.client.Consumer;
import io.weir.client.Producer;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** What goes wrong when a test wants it to. */
@EmbeddedWeir
class FaultsTest {

	private static final Duration SOON = Duration.ofSeconds(20);

	private WeirTestBroker broker;

	private final Queue<ErrorCode> failures = new ConcurrentLinkedQueue<>();

	private WeirClient client;

	private Producer<String> producer;

	private Consumer<String> consumer;

	@BeforeEach
	void connect(WeirTestBroker broker) {
		this.broker = broker;
		this.client = WeirClient.builder()
			.serviceUrl(broker.serviceUrl())
			.connectionListener((connection) -> Optional.ofNullable(connection.lastFailure())
				.map(WeirException::code)
				.ifPresent(this.failures::add))
			.build();
		this.producer = this.client.producer(Schema.string()).topic("orders").create();
		this.consumer = this.client.consumer(Schema.string()).topic("orders").subscription("billing").subscribe();
	}

	@AfterEach
	void close() {
		this.client.close();
	}

	@Test
	void clientsThatAreDisconnectedComeAgainAndNothingIsLost() {
		this.producer.send("before");
		this.broker.disconnectClients();
		await().until(() -> this.failures.contains(ErrorCode.CONNECTION_LOST));
		this.producer.send("after");
		assertThat(received()).isEqualTo("before");
		assertThat(received()).isEqualTo("after");
		assertThat(this.broker).topic("orders").containsExactly("before", "after");
	}

	@Test
	void nothingArrivesWhileTheBrokerIsFrozen() {
		try (WeirClient other = WeirClient.builder().serviceUrl(this.broker.serviceUrl()).build()) {
			await().until(other::state, (state) -> state == ConnectionState.READY);
			assertThat(this.broker).hasConnections(2);
			this.broker.freeze();
			CompletableFuture<MessageId> sent = this.producer.sendAsync("later");
			this.broker.clock().turn(Duration.ofHours(1));
			assertThat(this.broker.broker().topic("orders").orElseThrow().messagesIn()).isZero();
			assertThat(sent).isNotDone();
			this.broker.unfreeze();
			assertThat(sent).succeedsWithin(SOON);
			assertThat(received()).isEqualTo("later");
		}
	}

	@Test
	void nothingIsStoredWhileTheStorageIsLostAndNothingIsGoneAfterwards() {
		this.producer.send("before");
		assertThat(received()).isEqualTo("before");
		Producer<String> hasty = this.client.producer(Schema.string())
			.topic("orders")
			.sendTimeout(Duration.ofSeconds(1))
			.create();
		hasty.send("just in time");
		this.broker.loseStorage();
		assertThat(this.broker.broker().storage().status().reason()).isEqualTo("The test has lost the storage");
		assertThatThrownBy(() -> hasty.send("during")).isInstanceOf(WeirException.class);
		this.broker.restoreStorage();
		this.producer.send("after");
		assertThat(this.broker).topic("orders").contains("before", "just in time", "after");
	}

	@Test
	void brokerThatIsStartedAgainHasWhatItHad() {
		this.producer.send("before");
		this.broker.restart();
		this.producer.send("after");
		assertThat(this.broker).topic("orders").containsExactly("before", "after");
		assertThat(this.broker).topic("orders").subscription("billing").hasBacklog(2);
	}

	private String received() {
		Message<String> message = this.consumer.receive(SOON);
		assertThat(message).isNotNull();
		this.consumer.acknowledge(message);
		return message.value();
	}

}
