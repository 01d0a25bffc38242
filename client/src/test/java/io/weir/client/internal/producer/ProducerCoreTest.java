package io.weir.client.internal.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker.Received;
import io.weir.client.internal.fakes.FakeBroker;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame.Publish;
import io.weir.wire.Frame;
import io.weir.wire.Position;

import static io.weir.client.internal.producer.ProducerFixture.failure;
import static io.weir.client.internal.producer.ProducerFixture.send;
import static org.assertj.core.api.Assertions.assertThat;

class ProducerCoreTest {

	private final ProducerFixture fixture = new ProducerFixture();

	private final FakeBroker broker = this.fixture.world.broker();

	@AfterEach
	void nothingMustBeLeft() {
		this.fixture.end();
	}

	@Test
	void sequenceBeginsAfterWhatTheBrokerHasSeen() {
		this.broker.hasSeen(41);
		ProducerCore producer = this.fixture.open();
		send(producer, "a");
		send(producer, "b");
		assertThat(this.broker.frames(Publish.class)).extracting(Publish::firstSequence).containsExactly(42L, 43L);
	}

	@Test
	void duplicateWhosePositionIsForgottenHasNoMadeUpId() {
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		CompletableFuture<MessageId> sent = send(producer, "a");
		this.broker.takeHeld().answer(new Frame.Receipt(null, true));
		assertThat(sent).isCompletedWithValue(MessageIds.unknown());
		assertThat(sent.join().isKnown()).isFalse();
	}

	@Test
	void whatHasNoReceiptIsSentAgainInOrderByteForByte() {
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		List<CompletableFuture<MessageId>> sent = this.fixture.sendFlushed(producer, 5);
		List<Received> before = this.broker.received(Publish.class).toList();
		this.broker.takeHeld().answer(new Frame.Receipt(new Position(0, 0), false));
		this.fixture.world.reconnect();
		List<Received> again = this.broker.received(Publish.class).skip(before.size()).toList();
		assertThat(again).hasSize(4);
		for (int i = 0; i < again.size(); i++) {
			Publish earlier = (Publish) before.get(i + 1).frame();
			Publish later = (Publish) again.get(i).frame();
			assertThat(later.firstSequence()).isEqualTo(earlier.firstSequence());
			assertThat(later.count()).isEqualTo(earlier.count());
			assertThat(again.get(i).bytes()).isEqualTo(before.get(i + 1).bytes()).isNotEmpty();
		}
		this.broker.holdNothing();
		this.broker.answerHeld();
		assertThat(sent).allMatch(CompletableFuture::isDone).noneMatch(CompletableFuture::isCompletedExceptionally);
	}

	@Test
	void sequenceGoesOnAfterWhatTheBrokerHasNotSeenYet() {
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		this.fixture.sendFlushed(producer, 3);
		this.fixture.world.reconnect();
		this.fixture.sendFlushed(producer, 1);
		assertThat(this.broker.frames(Publish.class)).extracting(Publish::firstSequence)
			.containsExactly(0L, 1L, 2L, 0L, 1L, 2L, 3L);
	}

	@Test
	void nameAndEpochAreSaidAgain() {
		this.fixture.open();
		this.fixture.world.reconnect();
		assertThat(this.broker.frames(Frame.OpenProducer.class)).extracting(Frame.OpenProducer::name)
			.containsExactly(null, "given");
		assertThat(this.broker.frames(Frame.OpenProducer.class)).extracting(Frame.OpenProducer::epoch)
			.containsExactly(-1L, 0L);
	}

	@Test
	void messagesSentWithoutAConnectionAreSentLater() {
		ProducerCore producer = this.fixture.open();
		this.fixture.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		CompletableFuture<MessageId> sent = send(producer, "a");
		assertThat(sent).isNotDone();
		this.fixture.world.timer().advance(Duration.ofSeconds(1));
		assertThat(sent).isCompleted();
	}

	@Test
	void brokenStreamIsReplacedWhileTheConnectionLives() {
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		CompletableFuture<MessageId> sent = send(producer, "a");
		Received first = this.broker.last(Publish.class);
		first.stream().end(null);
		this.broker.holdNothing();
		this.fixture.world.timer().advance(Duration.ofSeconds(1));
		assertThat(sent).isCompleted();
		assertThat(this.broker.last(Publish.class).stream()).isNotSameAs(first.stream());
		assertThat(this.broker.last(Publish.class).bytes()).isEqualTo(first.bytes());
		assertThat(this.fixture.world.connections()).hasSize(1);
		assertThat(this.fixture.world.pool().lent()).isEqualTo(1);
	}

	@Test
	void fencedProducerFailsAllThatIsPendingAndAllThatFollows() {
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		List<CompletableFuture<MessageId>> sent = this.fixture.sendFlushed(producer, 2);
		CompletableFuture<MessageId> queued = send(producer, "queued");
		this.broker.takeHeld().refuse(ErrorCode.PRODUCER_FENCED);
		assertThat(sent).allMatch((future) -> failure(future) == ErrorCode.PRODUCER_FENCED);
		assertThat(failure(queued)).isEqualTo(ErrorCode.PRODUCER_FENCED);
		assertThat(failure(send(producer, "later"))).isEqualTo(ErrorCode.PRODUCER_FENCED);
		assertThat(producer.pending()).isZero();
		assertThat(producer.closed()).isCompleted();
		assertThat(this.fixture.world.pool().lent()).isZero();
	}

	@Test
	void producerClosedByTheBrokerFailsWithItsCode() {
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		CompletableFuture<MessageId> sent = send(producer, "a");
		Frame.OpenProducer open = this.broker.frames(Frame.OpenProducer.class).get(0);
		this.broker.last(Frame.OpenProducer.class)
			.stream()
			.say(0, new Frame.ProducerClosed(open.producerId(), ErrorCode.PRODUCER_FENCED, "a newer one"));
		assertThat(failure(sent)).isEqualTo(ErrorCode.PRODUCER_FENCED);
	}

	@Test
	void retryableRefusalOpensTheProducerAgainAndResends() {
		ProducerCore producer = this.fixture.open();
		this.broker.refuse(Publish.class, ErrorCode.UNKNOWN_PRODUCER);
		CompletableFuture<MessageId> sent = send(producer, "a");
		assertThat(sent).isNotDone();
		this.fixture.world.timer().advance(Duration.ofSeconds(1));
		assertThat(sent).isCompleted();
		assertThat(this.broker.frames(Publish.class)).extracting(Publish::firstSequence).containsExactly(0L, 0L);
		assertThat(this.broker.frames(Frame.OpenProducer.class)).hasSize(2);
	}

	@Test
	void finalRefusalFailsItsBatchAlone() {
		ProducerCore producer = this.fixture.open();
		this.broker.refuse(Publish.class, ErrorCode.STORAGE_FAILED);
		assertThat(failure(send(producer, "a"))).isEqualTo(ErrorCode.STORAGE_FAILED);
		assertThat(send(producer, "b")).isCompleted();
		assertThat(this.broker.frames(Frame.OpenProducer.class)).hasSize(1);
	}

	@Test
	void fullBacklogFailsABatchAtOnceAndOthersGoOn() {
		ProducerCore producer = this.fixture.open();
		this.broker.refuse(Publish.class, ErrorCode.BACKLOG_QUOTA_EXCEEDED);
		assertThat(failure(send(producer, "a"))).isEqualTo(ErrorCode.BACKLOG_QUOTA_EXCEEDED);
		assertThat(send(producer, "b")).isCompleted();
		assertThat(this.broker.frames(Frame.OpenProducer.class)).hasSize(1);
	}

	@Test
	void fullQueueRefusesAtOnce() {
		this.fixture.maxPending = 2;
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		CompletableFuture<MessageId> first = send(producer, "a");
		send(producer, "b");
		assertThat(failure(send(producer, "c"))).isEqualTo(ErrorCode.QUEUE_FULL);
		this.broker.answerHeld();
		assertThat(first).isCompleted();
		assertThat(send(producer, "d")).isNotDone();
	}

	@Test
	void queuedAndInFlightMessagesTimeOut() {
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		CompletableFuture<MessageId> inFlight = send(producer, "a");
		this.fixture.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		this.fixture.world.reachable(false);
		CompletableFuture<MessageId> queued = send(producer, "b");
		this.fixture.world.timer().advance(ProducerFixture.SEND_TIMEOUT.plusSeconds(2));
		assertThat(failure(inFlight)).isEqualTo(ErrorCode.TIMEOUT);
		assertThat(failure(queued)).isEqualTo(ErrorCode.TIMEOUT);
		assertThat(producer.pending()).isZero();
	}

	@Test
	void sequenceIdsStayAsCloseTogetherAsTheBrokerDemands() {
		this.fixture.plan = new LanePlan.Keyed(2);
		this.fixture.maxPending = 10;
		this.broker.limits(1024 * 1024, 10);
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		String[] keys = keysOfDifferentLanes(producer);
		CompletableFuture<MessageId> stuck = send(producer, keys[0], "stuck");
		Received oldest = this.broker.takeHeld();
		this.broker.answerHeld();
		List<CompletableFuture<MessageId>> others = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			others.add(send(producer, keys[1], "other"));
			this.fixture.world.timer().advance(ProducerFixture.LINGER);
			this.broker.answerHeld();
		}
		Publish first = (Publish) oldest.frame();
		assertThat(this.broker.frames(Publish.class))
			.allMatch((publish) -> publish.firstSequence() + publish.count() - first.firstSequence() <= 10);
		assertThat(others.stream().filter(CompletableFuture::isDone)).hasSizeBetween(9, 11);
		this.broker.holdNothing();
		oldest.answer(new Frame.Receipt(new Position(1, 0), false));
		assertThat(stuck).isCompleted();
	}

	/** Learns from the fake which of some keys take different streams. */
	private String[] keysOfDifferentLanes(ProducerCore producer) {
		this.broker.holdNothing();
		String first = "k0";
		send(producer, first, "probe");
		Received one = this.broker.last(Publish.class);
		for (int i = 1; i < 100; i++) {
			send(producer, "k" + i, "probe");
			if (this.broker.last(Publish.class).stream() != one.stream()) {
				this.broker.hold(Publish.class);
				return new String[] { first, "k" + i };
			}
		}
		throw new AssertionError("all keys share a lane");
	}

}
