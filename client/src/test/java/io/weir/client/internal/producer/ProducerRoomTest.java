package io.weir.client.internal.producer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.message.MessageId;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame.Publish;
import io.weir.wire.codec.MessageBatch;

import static io.weir.client.internal.producer.ProducerFixture.failure;
import static io.weir.client.internal.producer.ProducerFixture.record;
import static io.weir.client.internal.producer.ProducerFixture.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Bounds of the queue, waiting for room, and taking messages back. */
class ProducerRoomTest {

	private final ProducerFixture fixture = new ProducerFixture();

	private final FakeBroker broker = this.fixture.world.broker();

	@AfterEach
	void nothingMustBeLeft() {
		this.fixture.end();
	}

	@Test
	void queueThatIsFullOfBytesRefuses() {
		this.fixture.maxPendingBytes = 100;
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		send(producer, "x".repeat(40));
		send(producer, "x".repeat(40));
		CompletableFuture<MessageId> refused = send(producer, "x".repeat(40));
		assertThat(failure(refused)).isEqualTo(ErrorCode.QUEUE_FULL);
		assertThat(refused.handle((value, failure) -> failure).join())
			.hasMessageContaining("100 messages or 100 bytes");
		assertThat(send(producer, "small")).isNotDone();
		this.broker.answerHeld();
		assertThat(send(producer, "x".repeat(40))).isNotDone();
	}

	@Test
	void roomIsFreeWhenTheSenderIsTold() {
		this.fixture.maxPending = 1;
		ProducerCore producer = this.fixture.open();
		this.broker.hold(Publish.class);
		CompletableFuture<MessageId> next = send(producer, "first").thenCompose((id) -> send(producer, "second"));
		this.broker.answerHeld();
		assertThat(next).isNotCompletedExceptionally();
		this.broker.answerHeld();
		assertThat(next).isCompleted();
	}

	@Test
	void messageLargerThanAllRoomIsTakenWhenNoOtherIsPending() {
		this.fixture.maxPendingBytes = 100;
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		CompletableFuture<MessageId> small = send(producer, "small");
		assertThat(failure(send(producer, "x".repeat(1000)))).isEqualTo(ErrorCode.QUEUE_FULL);
		this.broker.answerHeld();
		assertThat(small).isCompleted();
		CompletableFuture<MessageId> large = send(producer, "x".repeat(1000));
		assertThat(failure(send(producer, "small"))).isEqualTo(ErrorCode.QUEUE_FULL);
		this.broker.answerHeld();
		assertThat(large).isCompleted();
	}

	@Test
	void messagesThatWaitForRoomAreSentInOrder() {
		this.fixture.maxPending = 2;
		this.fixture.waitWhenFull = true;
		this.fixture.batchMaxMessages = 1;
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		List<CompletableFuture<MessageId>> sent = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			sent.add((i % 2 == 0) ? send(producer, "m" + i) : producer.send(record(null, "m" + i)));
		}
		assertThat(this.broker.frames(Publish.class)).hasSize(2);
		assertThat(producer.pending()).isEqualTo(6);
		while (!this.broker.held().isEmpty()) {
			this.broker.answerHeld();
		}
		assertThat(sent).allMatch((future) -> future.isDone() && !future.isCompletedExceptionally());
		assertThat(payloads()).containsExactly("m0", "m1", "m2", "m3", "m4", "m5");
		assertThat(producer.pending()).isZero();
	}

	@Test
	void smallMessageDoesNotOvertakeALargeOneThatWaitsForRoom() {
		this.fixture.maxPendingBytes = 100;
		this.fixture.waitWhenFull = true;
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		send(producer, "first " + "x".repeat(50));
		send(producer, "large " + "x".repeat(80));
		send(producer, "small");
		assertThat(this.broker.frames(Publish.class)).hasSize(1);
		this.broker.answerHeld();
		this.broker.answerHeld();
		assertThat(payloads().stream().map((payload) -> payload.substring(0, 5))).containsExactly("first", "large",
				"small");
	}

	@Test
	void whoWaitsForRoomTooLongTimesOut() {
		this.fixture.maxPending = 1;
		this.fixture.waitWhenFull = true;
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		this.fixture.world.timer().advance(Duration.ofSeconds(1));
		send(producer, "in flight");
		this.fixture.world.timer().advance(Duration.ofSeconds(20));
		CompletableFuture<MessageId> waiting = send(producer, "waiting");
		this.broker.answerHeld();
		CompletableFuture<MessageId> stuck = producer.send(record(null, "stuck"));
		this.fixture.world.timer().advance(Duration.ofSeconds(20));
		assertThat(waiting).as("in flight since there was room").isNotDone();
		this.fixture.world.timer().advance(Duration.ofSeconds(12));
		assertThat(failure(stuck)).isEqualTo(ErrorCode.TIMEOUT);
		assertThat(stuck.handle((value, failure) -> failure).join()).hasMessageContaining("No room in the queue");
	}

	@Test
	void flushAndCloseCoverThoseThatWaitForRoom() {
		this.fixture.maxPending = 1;
		this.fixture.waitWhenFull = true;
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		send(producer, "a");
		CompletableFuture<MessageId> waiting = send(producer, "b");
		CompletableFuture<Void> flushed = producer.flush();
		CompletableFuture<Void> closed = producer.close();
		this.broker.answerHeld();
		assertThat(flushed).isNotDone();
		assertThat(closed).isNotDone();
		this.broker.answerHeld();
		assertThat(waiting).isCompleted();
		assertThat(flushed).isCompleted();
		assertThat(closed).isCompleted();
	}

	@Test
	void abortFailsThoseThatWaitForRoom() {
		this.fixture.maxPending = 1;
		this.fixture.waitWhenFull = true;
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		send(producer, "a");
		CompletableFuture<MessageId> waiting = send(producer, "b");
		CompletableFuture<MessageId> last = send(producer, "c");
		producer.abort();
		assertThat(failure(waiting)).isEqualTo(ErrorCode.CLOSED);
		assertThat(failure(last)).isEqualTo(ErrorCode.CLOSED);
		assertThat(producer.pending()).isZero();
	}

	@Test
	void cancelledMessageIsTakenBackAndItsRoomIsFree() {
		this.fixture.maxPending = 3;
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		send(producer, "in flight");
		CompletableFuture<MessageId> queued = send(producer, "queued");
		send(producer, "next");
		assertThat(failure(send(producer, "refused"))).isEqualTo(ErrorCode.QUEUE_FULL);
		assertThat(queued.cancel(false)).isTrue();
		assertThat(queued.cancel(true)).as("again").isTrue();
		assertThat(producer.pending()).isEqualTo(2);
		assertThat(send(producer, "in its place")).isNotDone();
		this.fixture.world.timer().advance(ProducerFixture.LINGER);
		this.broker.answerHeld();
		assertThat(payloads()).containsExactly("in flight", "next", "in its place");
		assertThat(producer.pending()).isZero();
	}

	@Test
	void messageThatIsInABatchCannotBeTakenBack() {
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		CompletableFuture<MessageId> sent = send(producer, "a");
		assertThat(sent.cancel(true)).isFalse();
		this.broker.answerHeld();
		assertThat(sent).isCompleted();
		assertThat(sent.cancel(true)).isFalse();
	}

	@Test
	void messageThatWaitsForRoomCanBeTakenBack() {
		this.fixture.maxPending = 1;
		this.fixture.waitWhenFull = true;
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		send(producer, "a");
		CompletableFuture<MessageId> waiting = send(producer, "b");
		CompletableFuture<MessageId> last = send(producer, "c");
		CompletableFuture<Void> flushed = producer.flush();
		assertThat(waiting.cancel(false)).isTrue();
		assertThatExceptionOfType(CancellationException.class).isThrownBy(waiting::join);
		this.broker.answerHeld();
		this.broker.answerHeld();
		assertThat(last).isCompleted();
		assertThat(flushed).isCompleted();
		assertThat(payloads()).containsExactly("a", "c");
	}

	@Test
	void failureDoesNotFreeTheRoomOfACancelledMessageTwice() {
		this.fixture.maxPending = 2;
		ProducerCore producer = this.fixture.open();
		this.fixture.world.reachable(false);
		this.fixture.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		CompletableFuture<MessageId> cancelled = send(producer, "a");
		CompletableFuture<MessageId> other = send(producer, "b");
		cancelled.cancel(false);
		this.fixture.world.timer().advance(ProducerFixture.SEND_TIMEOUT.plusSeconds(2));
		assertThat(failure(other)).isEqualTo(ErrorCode.TIMEOUT);
		assertThatExceptionOfType(CompletionException.class).isThrownBy(other::join);
		assertThat(producer.pending()).isZero();
	}

	private List<String> payloads() {
		return this.broker.received(Publish.class)
			.flatMap((received) -> MessageBatch
				.read(Unpooled.wrappedBuffer(received.bytes()), ((Publish) received.frame()).count())
				.stream())
			.map((message) -> message.payload().toString(StandardCharsets.UTF_8))
			.toList();
	}

}
