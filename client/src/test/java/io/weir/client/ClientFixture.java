package io.weir.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

import io.weir.broker.Broker;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** A client of a real broker over QUIC; no thread of a client may be left. */
@Timeout(60)
abstract class ClientFixture {

	static final Duration SOON = Duration.ofSeconds(30);

	final Broker broker = Broker.builder().port(0).build();

	WeirClient client;

	@BeforeEach
	void start() {
		this.broker.start();
		this.client = client(this.broker).build();
	}

	@AfterEach
	void stop() {
		this.client.close();
		this.broker.close();
		await().atMost(SOON).untilAsserted(() -> assertThat(clientThreads()).isEmpty());
	}

	static WeirClientBuilder client(Broker broker) {
		return WeirClient.builder().serviceUrl(broker.serviceUrl()).fingerprint(broker.certificateFingerprint());
	}

	static List<String> clientThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("weir-client-"))
			.toList();
	}

	Consumer<String> subscribe(String topic) {
		return subscribe(this.client, topic);
	}

	static Consumer<String> subscribe(WeirClient client, String topic) {
		return client.consumer(Schema.string())
			.topic(topic)
			.subscription("subscription")
			.initialPosition(InitialPosition.EARLIEST)
			.subscribe();
	}

	static <T> List<Message<T>> receive(Consumer<T> consumer, int count) {
		List<Message<T>> messages = new ArrayList<>();
		while (messages.size() < count) {
			Message<T> message = consumer.receive(SOON);
			assertThat(message).as("message %d of %d", messages.size(), count).isNotNull();
			messages.add(message);
		}
		return messages;
	}

	static void assertFails(ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
		assertThatExceptionOfType(WeirException.class).isThrownBy(call).extracting(WeirException::code).isEqualTo(code);
	}

}
