package io.weir.client.internal.producer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.fixtures.memory.ShortMemory;
import io.weir.message.MessageId;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;

import static io.weir.client.internal.producer.ProducerFixture.failure;
import static io.weir.client.internal.producer.ProducerFixture.send;
import static org.assertj.core.api.Assertions.assertThat;

/** Each send has its outcome, and the next one is sent, though there was no memory. */
class ProducerShortMemoryTest {

	private final ProducerFixture fixture = new ProducerFixture();

	@AfterEach
	void end() {
		ShortMemory.stopFailing();
		this.fixture.end();
	}

	@Test
	void messagesBehindABatchThatCannotBeMadeAreSentAtOnce() {
		this.fixture.batchMaxMessages = 1;
		ProducerCore producer = this.fixture.opening();
		this.fixture.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		CompletableFuture<MessageId> first = send(producer, "first");
		CompletableFuture<MessageId> second = send(producer, "second");
		ShortMemory.failAt(0);
		this.fixture.world.timer().advance(Duration.ofMillis(200));
		assertThat(failure(first)).isEqualTo(ErrorCode.INTERNAL);
		assertThat(second).isCompleted();
		assertThat(this.fixture.published()).containsExactly("second");
	}

	@Test
	void eachMessageOfABatchHasItsOutcomeThoughThereIsNoMemoryToSayIt() {
		this.fixture.failures = (cause) -> {
			throw new OutOfMemoryError("on purpose");
		};
		ProducerCore producer = this.fixture.opening();
		this.fixture.world.broker().hold(Frame.Publish.class);
		CompletableFuture<MessageId> alone = send(producer, "alone");
		CompletableFuture<MessageId> first = send(producer, "first");
		CompletableFuture<MessageId> second = send(producer, "second");
		this.fixture.world.timer().advance(ProducerFixture.SEND_TIMEOUT.plusSeconds(2));
		assertThat(failure(alone)).isEqualTo(ErrorCode.TIMEOUT);
		assertThat(failure(first)).isEqualTo(ErrorCode.TIMEOUT);
		assertThat(failure(second)).isEqualTo(ErrorCode.TIMEOUT);
	}

	@ParameterizedTest
	@ValueSource(classes = { Frame.OpenProducer.class, Frame.Publish.class })
	void messageIsStoredWhicheverFrameCannotBeWritten(Class<? extends Frame> type) {
		this.fixture.world.broker().failWrite(type);
		ProducerCore producer = this.fixture.opening();
		CompletableFuture<MessageId> sent = send(producer, "a");
		this.fixture.world.timer().advance(Duration.ofSeconds(1));
		assertThat(sent).isCompleted();
		assertThat(this.fixture.published()).containsExactly("a");
		assertThat(this.fixture.world.pool().owed()).as("streams that the producer has").isEqualTo(1);
	}

}
