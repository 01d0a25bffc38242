package io.weir.client.internal.producer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker.Received;
import io.weir.client.internal.fakes.FakeBroker;
import io.weir.message.Compression;
import io.weir.message.Headers;
import io.weir.message.MessageId;
import io.weir.wire.BatchEncoding;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame.Publish;
import io.weir.wire.MessageRecord;
import io.weir.wire.Position;

import static io.weir.client.internal.producer.ProducerFixture.failure;
import static io.weir.client.internal.producer.ProducerFixture.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/** How messages get into batches, and batches to the broker. */
class ProducerBatchesTest {

	private final ProducerFixture fixture = new ProducerFixture();

	private final FakeBroker broker = this.fixture.world.broker();

	@AfterEach
	void nothingMustBeLeft() {
		this.fixture.end();
	}

	@Test
	void receiptCompletesEachMessageWithItsPlaceInTheEntry() {
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		CompletableFuture<MessageId> first = send(producer, "a");
		CompletableFuture<MessageId> second = send(producer, "b");
		CompletableFuture<MessageId> third = send(producer, "c");
		this.fixture.world.timer().advance(ProducerFixture.LINGER);
		this.broker.answerHeld();
		assertThat(first).isCompletedWithValue(new Position(0, 0).message(0));
		assertThat(second).isCompletedWithValue(new Position(0, 1).message(0));
		assertThat(third).isCompletedWithValue(new Position(0, 1).message(1));
		assertThat(producer.pending()).isZero();
	}

	@Test
	void batchIsClosedByIdlenessLingerCountOrBytes() {
		this.fixture.batchMaxMessages = 3;
		this.fixture.batchMaxBytes = 100;
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		send(producer, "at once, as nothing is in flight");
		send(producer, "waits");
		send(producer, "waits");
		assertThat(sizes()).containsExactly(1);
		this.fixture.world.timer().advance(ProducerFixture.LINGER);
		assertThat(sizes()).containsExactly(1, 2);
		send(producer, "1");
		send(producer, "2");
		send(producer, "3");
		assertThat(sizes()).containsExactly(1, 2, 3);
		send(producer, "x".repeat(60));
		send(producer, "y".repeat(60));
		assertThat(sizes()).containsExactly(1, 2, 3, 1);
		this.broker.answerHeld();
		assertThat(sizes()).containsExactly(1, 2, 3, 1, 1);
	}

	@Test
	void batchThatCannotBeMadeFailsItsMessagesAndNoOthers() {
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		CompletableFuture<MessageId> inFlight = send(producer, "a");
		ByteBuf payload = Unpooled.buffer().writeByte(1);
		CompletableFuture<MessageId> broken = producer
			.sendAsync(new MessageRecord(null, null, Headers.empty(), payload));
		payload.release();
		this.fixture.world.timer().advance(ProducerFixture.LINGER);
		assertThat(failure(broken)).isEqualTo(ErrorCode.INTERNAL);
		assertThat(broken.handle((value, failure) -> failure).join()).hasMessageContaining("of 1 messages");
		CompletableFuture<MessageId> next = send(producer, "b");
		this.broker.answerHeld();
		this.broker.answerHeld();
		assertThat(inFlight).isCompleted();
		assertThat(next).isCompleted();
		assertThat(producer.pending()).isZero();
	}

	@Test
	void batchIsCompressedOnceIfItShrinks() {
		this.broker.takes(Compression.LZ4);
		this.fixture.compression = Compression.LZ4;
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		send(producer, "x".repeat(1000));
		send(producer, "short");
		this.fixture.world.timer().advance(ProducerFixture.LINGER);
		assertThat(this.broker.frames(Publish.class)).extracting(Publish::encoding)
			.extracting(BatchEncoding::compression, BatchEncoding::uncompressedSize)
			.containsExactly(tuple(Compression.LZ4, 1004), tuple(Compression.NONE, 0));
		Received first = this.broker.received(Publish.class).toList().get(0);
		assertThat(first.bytes()).hasSizeLessThan(100);
		BatchEncoding encoding = ((Publish) first.frame()).encoding();
		assertThat(encoding.matches(Unpooled.wrappedBuffer(first.bytes()))).isTrue();
		this.broker.holdNothing();
		this.fixture.world.reconnect();
		Received again = this.broker.received(Publish.class).toList().get(2);
		assertThat(again.bytes()).isEqualTo(first.bytes());
		assertThat(((Publish) again.frame()).encoding()).isEqualTo(encoding);
	}

	@Test
	void batchThatWasDamagedOnItsWayIsSentAgainBeforeWhatFollowsIt() {
		ProducerCore producer = this.fixture.open();
		this.broker.hold(Publish.class);
		List<CompletableFuture<MessageId>> sent = this.fixture.sendFlushed(producer, 2);
		this.broker.holdNothing();
		this.broker.takeHeld().refuse(ErrorCode.CHECKSUM_MISMATCH);
		this.broker.takeHeld().refuse(ErrorCode.UNKNOWN_PRODUCER);
		assertThat(sent).noneMatch(CompletableFuture::isDone);
		this.fixture.world.timer().advance(Duration.ofSeconds(1));
		assertThat(sent).allMatch((future) -> future.isDone() && !future.isCompletedExceptionally());
		assertThat(this.broker.frames(Publish.class)).extracting(Publish::firstSequence)
			.containsExactly(0L, 1L, 0L, 1L);
	}

	@Test
	void batchThatIsDamagedEachTimeFailsAndNoOthers() {
		ProducerCore producer = this.fixture.open();
		for (int i = 0; i < OutgoingBatch.MAX_TRIES; i++) {
			this.broker.refuse(Publish.class, ErrorCode.CHECKSUM_MISMATCH);
		}
		CompletableFuture<MessageId> damaged = send(producer, "a");
		this.fixture.world.timer().advance(Duration.ofMillis(100));
		assertThat(damaged).isNotDone();
		this.fixture.world.timer().advance(Duration.ofMillis(200));
		assertThat(failure(damaged)).isEqualTo(ErrorCode.CHECKSUM_MISMATCH);
		assertThat(this.broker.frames(Publish.class)).hasSize(OutgoingBatch.MAX_TRIES);
		CompletableFuture<MessageId> next = send(producer, "b");
		this.fixture.world.timer().advance(Duration.ofSeconds(1));
		assertThat(next).isCompleted();
	}

	@Test
	void messageLargerThanTheBrokerTakesFailsAtOnce() {
		this.broker.limits(4 * 1024, 1000);
		ProducerCore producer = this.fixture.open();
		CompletableFuture<MessageId> refused = send(producer, "x".repeat(5000));
		assertThat(failure(refused)).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
		assertThat(refused.handle((value, failure) -> failure).join()).hasMessageContaining("at most 4096");
		assertThat(producer.pending()).isZero();
		assertThat(this.broker.frames(Publish.class)).isEmpty();
		assertThat(send(producer, "x".repeat(4000))).isCompleted();
	}

	@Test
	void messageTooLargeForTheBrokerThatCameBackFailsAlone() {
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		CompletableFuture<MessageId> large = send(producer, "x".repeat(5000));
		CompletableFuture<MessageId> small = send(producer, "small");
		this.fixture.world.timer().advance(ProducerFixture.LINGER);
		this.broker.limits(4 * 1024, 1000);
		this.broker.holdNothing();
		this.fixture.world.reconnect();
		assertThat(failure(large)).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
		assertThat(small).isCompleted();
	}

	@Test
	void batchesInFragmentsAreNoMoreAtATimeThanTheBrokerAssembles() {
		this.broker.limits(100_000, 1000);
		this.broker.maxFrameSize(10_000);
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		assertThat(this.fixture.world.connection().maxFrameSize()).isEqualTo(10_000);
		CompletableFuture<MessageId> first = send(producer, "x".repeat(60_000));
		CompletableFuture<MessageId> second = send(producer, "y".repeat(60_000));
		CompletableFuture<MessageId> third = send(producer, "small, but in order");
		this.fixture.world.timer().advance(ProducerFixture.LINGER);
		assertThat(sizes()).containsExactly(1);
		this.broker.answerHeld();
		assertThat(first).isCompleted();
		assertThat(sizes()).hasSizeBetween(2, 3);
		assertThat(this.broker.received(Publish.class).map((each) -> each.bytes().length > 60_000)).startsWith(true,
				true);
		this.broker.answerHeld();
		this.broker.answerHeld();
		assertThat(second).isCompleted();
		assertThat(third).isCompleted();
	}

	@Test
	void batchThatWaitsForItsTurnIsSentOnTheNextConnection() {
		this.broker.limits(100_000, 1000);
		this.broker.maxFrameSize(10_000);
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		CompletableFuture<MessageId> first = send(producer, "x".repeat(60_000));
		CompletableFuture<MessageId> waiting = send(producer, "y".repeat(60_000));
		this.fixture.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		this.broker.holdNothing();
		this.fixture.world.timer().advance(Duration.ofSeconds(1));
		assertThat(first).isCompleted();
		assertThat(waiting).isCompleted();
		assertThat(producer.pending()).isZero();
	}

	private List<Integer> sizes() {
		return this.broker.frames(Publish.class).stream().map(Publish::count).toList();
	}

}
