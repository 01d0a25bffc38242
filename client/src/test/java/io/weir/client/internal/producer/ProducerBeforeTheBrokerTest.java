package io.weir.client.internal.producer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.message.MessageId;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;

import static org.assertj.core.api.Assertions.assertThat;

/** A producer is used before the broker has accepted it. */
class ProducerBeforeTheBrokerTest {

	private final ProducerFixture fixture = new ProducerFixture();

	private final FakeBroker broker = this.fixture.world.broker();

	@BeforeEach
	void prepare() {
		this.fixture.maxPending = 3;
		this.broker.hold(Frame.OpenProducer.class);
	}

	@AfterEach
	void end() {
		this.fixture.end();
	}

	private void accept() {
		this.broker.holdNothing();
		this.broker.answerHeld();
	}

	@Test
	void whatWaitsIsSentInOrderBeforeWhatComesAfter() {
		ProducerCore producer = this.fixture.openingLazily();
		List<CompletableFuture<MessageId>> early = IntStream.range(0, 3)
			.mapToObj((i) -> ProducerFixture.send(producer, "m" + i))
			.toList();
		assertThat(early).noneMatch(CompletableFuture::isDone);
		assertThat(producer.pending()).isEqualTo(3);
		accept();
		ProducerFixture.send(producer, "m3");
		assertThat(early).allMatch(CompletableFuture::isDone);
		assertThat(this.fixture.published()).containsExactly("m0", "m1", "m2", "m3");
	}

	@Test
	void blockingSendersWaitForRoomInLine() {
		ProducerCore producer = this.fixture.openingLazily();
		List<CompletableFuture<MessageId>> sent = IntStream.range(0, 20)
			.mapToObj((i) -> producer.send(ProducerFixture.record(null, "m" + i)))
			.toList();
		assertThat(sent).noneMatch(CompletableFuture::isDone);
		accept();
		this.fixture.world.timer().advance(ProducerFixture.LINGER);
		assertThat(sent).allMatch(CompletableFuture::isDone).noneMatch(CompletableFuture::isCompletedExceptionally);
		assertThat(this.fixture.published())
			.containsExactlyElementsOf(IntStream.range(0, 20).mapToObj((i) -> "m" + i).toList());
	}

	@Test
	void fullQueueRefusesOrLetsWaitAsConfigured() {
		ProducerCore failing = this.fixture.openingLazily();
		IntStream.range(0, 3).forEach((i) -> ProducerFixture.send(failing, "m"));
		assertThat(ProducerFixture.failure(ProducerFixture.send(failing, "one too many")))
			.isEqualTo(ErrorCode.QUEUE_FULL);
		this.fixture.waitWhenFull = true;
		ProducerCore waiting = this.fixture.openingLazily();
		IntStream.range(0, 3).forEach((i) -> ProducerFixture.send(waiting, "m"));
		CompletableFuture<MessageId> late = ProducerFixture.send(waiting, "one more");
		assertThat(late).isNotDone();
		accept();
		assertThat(late).isCompleted();
	}

	@Test
	void whatIsCancelledIsNeverSent() {
		ProducerCore producer = this.fixture.openingLazily();
		CompletableFuture<MessageId> kept = ProducerFixture.send(producer, "kept");
		CompletableFuture<MessageId> cancelled = ProducerFixture.send(producer, "cancelled");
		assertThat(cancelled.cancel(false)).isTrue();
		assertThat(cancelled).isCancelled();
		assertThat(producer.pending()).isEqualTo(1);
		accept();
		assertThat(kept).isCompleted();
		assertThat(kept.cancel(false)).isFalse();
		assertThat(this.fixture.published()).containsExactly("kept");
	}

	@Test
	void eachMessageHasTheSendTimeoutAndTheProducerGoesOn() {
		ProducerCore producer = this.fixture.openingLazily();
		CompletableFuture<MessageId> first = ProducerFixture.send(producer, "first");
		this.fixture.world.timer().advance(ProducerFixture.SEND_TIMEOUT.minusSeconds(5));
		CompletableFuture<MessageId> second = ProducerFixture.send(producer, "second");
		this.fixture.world.timer().advance(Duration.ofSeconds(10));
		assertThat(ProducerFixture.failure(first)).isEqualTo(ErrorCode.TIMEOUT);
		assertThat(first.handle((id, failure) -> failure.getMessage()).join()).contains("was not accepted");
		assertThat(second).isNotDone();
		assertThat(producer.isRefused()).isFalse();
		accept();
		assertThat(second).isCompleted();
		assertThat(this.fixture.published()).containsExactly("second");
	}

	@Test
	void refusalFailsWhatWaits() {
		this.broker.holdNothing();
		this.broker.refuse(Frame.OpenProducer.class, ErrorCode.PRODUCER_BUSY);
		ProducerCore producer = this.fixture.openingLazily();
		assertThat(producer.isRefused()).isTrue();
		assertThat(ProducerFixture.failure(ProducerFixture.send(producer, "a"))).isEqualTo(ErrorCode.PRODUCER_BUSY);
	}

	@Test
	void whatIsLeftWhenItIsClosedGoesOnAfterWhatTheBrokerHasSeen() {
		this.broker.hasSeen(41);
		ProducerCore producer = this.fixture.openingLazily();
		CompletableFuture<MessageId> left = ProducerFixture.send(producer, "left");
		CompletableFuture<Void> closed = producer.close();
		assertThat(left).isNotDone();
		accept();
		assertThat(left).isCompleted();
		assertThat(closed).isCompleted();
		assertThat(this.broker.frames(Frame.Publish.class)).extracting(Frame.Publish::firstSequence)
			.containsExactly(42L);
	}

}
