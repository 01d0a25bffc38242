package io.weir.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.broker.Broker;
import io.weir.message.Headers;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class DeadLetterProducerTest {

	private final Broker broker = Broker.builder().port(0).build();

	private final List<Producer<byte[]>> created = new ArrayList<>();

	private WeirClient client;

	private DeadLetterProducer producer;

	@BeforeEach
	void start() {
		this.broker.start();
		this.client = ClientFixture.client(this.broker).build();
		this.producer = new DeadLetterProducer(this::create);
	}

	@AfterEach
	void stop() {
		this.client.close();
		this.broker.close();
	}

	private CompletableFuture<Producer<byte[]>> create() {
		return this.client.producer(Schema.bytes()).topic("dead").createAsync().thenApply((producer) -> {
			this.created.add(producer);
			return producer;
		});
	}

	private Message<String> message() {
		this.client.producer(Schema.string()).topic("t").create().send("a");
		return this.client.consumer(Schema.string())
			.topic("t")
			.subscription("s")
			.initialPosition(InitialPosition.EARLIEST)
			.subscribe()
			.receive();
	}

	@Test
	void isCreatedWithTheFirstDeadLetterAndClosedAtTheEnd() {
		Message<String> message = message();
		assertThat(this.created).isEmpty();
		assertThat(publish(message)).isNotCompletedExceptionally();
		assertThat(publish(message)).isNotCompletedExceptionally();
		assertThat(this.created).hasSize(1);
		this.producer.close();
		await().untilAsserted(() -> assertThat(this.created.get(0).sendAsync(new byte[0])).isCompletedExceptionally());
		assertThat(failure(message)).isEqualTo(ErrorCode.CLOSED);
	}

	@Test
	void isCreatedAgainAfterItWasClosedForGood() {
		Message<String> message = message();
		publish(message).join();
		this.created.get(0).close();
		assertThat(failure(message)).isEqualTo(ErrorCode.CLOSED);
		publish(message).join();
		assertThat(this.created).hasSize(2);
	}

	private CompletableFuture<?> publish(Message<?> message) {
		CompletableFuture<?> stored = this.producer.publish(message, Headers.empty()).toCompletableFuture();
		await().until(stored::isDone);
		return stored;
	}

	private ErrorCode failure(Message<?> message) {
		return WeirException.from(publish(message).handle((id, failure) -> failure).join()).code();
	}

}
