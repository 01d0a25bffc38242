package io.weir.client;

import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.broker.Broker;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.transport.memory.MemoryNetwork;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A broker and its clients in one JVM, without a network. */
@Timeout(60)
class InProcessTest {

	private static final Duration SOON = Duration.ofSeconds(10);

	@Test
	void clientFindsTheBrokerByItsServiceUrlAndTrustsIt() {
		try (Broker broker = Broker.builder().inProcess().build().start()) {
			assertThat(broker.serviceUrl()).startsWith("vm://127.0.0.1:");
			try (WeirClient client = client(broker)) {
				client.producer(Schema.string()).topic("t").create().send("hello");
				assertThat(consumer(client).receive(SOON)).extracting(Message::value).isEqualTo("hello");
			}
		}
	}

	@Test
	void brokersOfOneJvmDoNotGetInEachOthersWay() {
		try (Broker one = Broker.builder().inProcess().build().start();
				Broker other = Broker.builder().inProcess().build().start();
				WeirClient client = client(one)) {
			client.producer(Schema.string()).topic("t").create().send("hello");
			assertThat(one.topic("t")).isPresent();
			assertThat(other.topic("t")).isEmpty();
		}
	}

	@Test
	void certificateIsComparedIfTheClientSaysWhich() {
		try (Broker broker = Broker.builder().inProcess().build().start();
				WeirClient client = WeirClient.builder()
					.serviceUrl(broker.serviceUrl())
					.fingerprint("00".repeat(32))
					.build()) {
			await().until(client::lastFailure,
					(failure) -> failure != null && failure.code() == ErrorCode.UNTRUSTED_CERTIFICATE);
		}
	}

	@Test
	void clientWhoseConnectionIsLostComesAgain() {
		Queue<ErrorCode> failures = new ConcurrentLinkedQueue<>();
		try (Broker broker = Broker.builder().inProcess().build().start();
				WeirClient client = WeirClient.builder()
					.serviceUrl(broker.serviceUrl())
					.connectionListener((connection) -> Optional.ofNullable(connection.lastFailure())
						.map(WeirException::code)
						.ifPresent(failures::add))
					.build()) {
			Producer<String> producer = client.producer(Schema.string()).topic("t").create();
			Consumer<String> consumer = consumer(client);
			MemoryNetwork.ofThisJvm().disconnect(broker.address().getPort());
			await().until(() -> failures.contains(ErrorCode.CONNECTION_LOST));
			producer.send("after");
			assertThat(consumer.receive(SOON)).extracting(Message::value).isEqualTo("after");
		}
	}

	@Test
	void whileTheBrokerIsFrozenItHearsNothingAndAfterwardsEverything() {
		try (Broker broker = Broker.builder().inProcess().build().start(); WeirClient client = client(broker)) {
			Producer<String> producer = client.producer(Schema.string()).topic("t").create();
			int port = broker.address().getPort();
			MemoryNetwork.ofThisJvm().freeze(port);
			var sent = producer.sendAsync("later");
			assertThat(broker.topic("t").orElseThrow().messagesIn()).isZero();
			assertThat(sent).isNotDone();
			MemoryNetwork.ofThisJvm().unfreeze(port);
			assertThat(sent).succeedsWithin(SOON);
		}
	}

	private static WeirClient client(Broker broker) {
		return WeirClient.builder().serviceUrl(broker.serviceUrl()).build();
	}

	private static Consumer<String> consumer(WeirClient client) {
		return client.consumer(Schema.string())
			.topic("t")
			.subscription("s")
			.initialPosition(InitialPosition.EARLIEST)
			.subscribe();
	}

}
