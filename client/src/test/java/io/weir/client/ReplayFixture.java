package io.weir.client;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.Broker;
import io.weir.broker.deadletter.Replay;
import io.weir.message.InitialPosition;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;

import static org.awaitility.Awaitility.await;

/** A broker with a data directory whose dead letters are replayed, and a client of it. */
@Timeout(120)
abstract class ReplayFixture {

	static final Duration SOON = Duration.ofSeconds(30);

	@TempDir
	private Path data;

	Broker broker;

	WeirClient client;

	@BeforeEach
	void start() {
		this.broker = Broker.builder().port(0).dataDirectory(this.data).build().start();
		this.client = WeirClient.builder().serviceUrl(this.broker.serviceUrl()).insecure().build();
	}

	@AfterEach
	void stop() {
		this.client.close();
		this.broker.close();
	}

	ConsumerBuilder<String> consumer() {
		return this.client.consumer(Schema.string())
			.topic("orders")
			.subscription("billing")
			.subscriptionType(SubscriptionType.SHARED)
			.initialPosition(InitialPosition.EARLIEST);
	}

	Replay awaitState(Replay.State state) {
		return await().atMost(SOON)
			.until(() -> this.broker.replay("dead").orElseThrow(), (replay) -> replay.state() == state);
	}

}
