package io.weir.client.internal.producer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.message.Compression;
import io.weir.message.MessageId;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Frame.Publish;

import static io.weir.client.internal.producer.ProducerFixture.failure;
import static io.weir.client.internal.producer.ProducerFixture.send;
import static org.assertj.core.api.Assertions.assertThat;

/** From opening to flushing to closing. */
class ProducerLifeTest {

	private final ProducerFixture fixture = new ProducerFixture();

	private final FakeWorld world = this.fixture.world;

	private final FakeBroker broker = this.world.broker();

	@AfterEach
	void nothingMustBeLeft() {
		this.fixture.end();
	}

	@Test
	void nameThatIsTakenIsToldToTheCreator() {
		this.broker.refuse(Frame.OpenProducer.class, ErrorCode.PRODUCER_BUSY);
		ProducerCore producer = this.fixture.opening();
		assertThat(failure(this.fixture.created)).isEqualTo(ErrorCode.PRODUCER_BUSY);
		assertThat(producer.closed()).isCompleted();
		assertThat(this.world.pool().lent()).isZero();
	}

	@Test
	void overloadedBrokerIsAskedAgain() {
		this.broker.refuse(Frame.OpenProducer.class, ErrorCode.OVERLOADED);
		this.fixture.opening();
		assertThat(this.fixture.created).isNotDone();
		this.world.timer().advance(Duration.ofMillis(100));
		assertThat(this.fixture.created).isCompleted();
	}

	@Test
	void deadlineOfTheCreationGoesWithIt() {
		this.fixture.open();
		assertThat(this.world.timer().scheduled()).as("the sweep").isEqualTo(1);
	}

	@Test
	void creationTimesOutAndTellsWhy() {
		this.world.reachable(false);
		ProducerCore producer = this.fixture.opening();
		this.world.timer().advance(ProducerFixture.SEND_TIMEOUT);
		assertThat(failure(this.fixture.created)).isEqualTo(ErrorCode.TIMEOUT);
		assertThat(this.fixture.created.handle((value, failure) -> failure).join())
			.hasMessageContaining("UNREACHABLE: failed by the test");
		assertThat(producer.closed()).isCompleted();
	}

	/** Else its name would be taken for as long as the session lasts. */
	@Test
	void producerThatTheBrokerAcceptsTooLateIsClosed() {
		this.broker.hold(Frame.OpenProducer.class);
		this.fixture.opening();
		this.world.timer().advance(ProducerFixture.SEND_TIMEOUT);
		assertThat(failure(this.fixture.created)).isEqualTo(ErrorCode.TIMEOUT);
		FakeBroker.Received opening = this.broker.last(Frame.OpenProducer.class);
		this.broker.answerHeld();
		FakeBroker.Received closing = this.broker.last(Frame.CloseProducer.class);
		assertThat(closing.stream()).isSameAs(opening.stream());
		assertThat(((Frame.CloseProducer) closing.frame()).producerId())
			.isEqualTo(((Frame.OpenProducer) opening.frame()).producerId());
		assertThat(this.world.pool().lent()).isZero();
	}

	@Test
	void creationFailsWithWhatDoesNotGoAwayByItself() {
		this.world.failConnects(ErrorCode.UNTRUSTED_CERTIFICATE, ErrorCode.UNTRUSTED_CERTIFICATE,
				ErrorCode.UNTRUSTED_CERTIFICATE, ErrorCode.UNTRUSTED_CERTIFICATE, ErrorCode.UNTRUSTED_CERTIFICATE);
		this.fixture.opening();
		this.world.timer().advance(ProducerFixture.SEND_TIMEOUT);
		assertThat(failure(this.fixture.created)).isEqualTo(ErrorCode.UNTRUSTED_CERTIFICATE);
	}

	@Test
	void moreInFlightThanTheBrokerTakesIsRefused() {
		this.broker.limits(1024 * 1024, 99);
		this.fixture.opening();
		assertThat(failure(this.fixture.created)).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
		assertThat(this.fixture.created.handle((value, failure) -> failure).join())
			.hasMessageContaining("maxPending is 100")
			.hasMessageContaining("at most 99");
	}

	@Test
	void compressionThatTheBrokerDoesNotTakeIsRefused() {
		this.broker.takes(Compression.LZ4);
		this.fixture.compression = Compression.ZSTD;
		ProducerCore producer = this.fixture.opening();
		assertThat(failure(this.fixture.created)).isEqualTo(ErrorCode.NOT_SUPPORTED);
		assertThat(this.fixture.created.handle((value, failure) -> failure).join())
			.hasMessage("The broker takes no batches compressed with ZSTD; it reads [LZ4]");
		assertThat(producer.closed()).isCompleted();
		assertThat(this.world.pool().lent()).isZero();
	}

	@Test
	void brokerThatComesBackWithoutTheCompressionEndsTheProducer() {
		this.broker.takes(Compression.LZ4);
		this.fixture.compression = Compression.LZ4;
		ProducerCore producer = this.fixture.open();
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		CompletableFuture<MessageId> sent = send(producer, "a");
		this.broker.takes();
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(failure(sent)).isEqualTo(ErrorCode.NOT_SUPPORTED);
		assertThat(producer.closed()).isCompleted();
	}

	@Test
	void flushSendsAtOnceAndWaitsForWhatWasSentBefore() {
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		send(producer, "in flight");
		CompletableFuture<MessageId> lingering = send(producer, "lingering");
		CompletableFuture<Void> flushed = producer.flush();
		assertThat(this.broker.frames(Publish.class)).hasSize(2);
		assertThat(lingering.cancel(false)).as("in a batch").isFalse();
		send(producer, "after the flush");
		this.broker.takeHeld().refuse(ErrorCode.STORAGE_FAILED);
		assertThat(flushed).isNotDone();
		this.broker.answerHeld();
		assertThat(flushed).isCompleted();
		assertThat(producer.pending()).isEqualTo(1);
	}

	@Test
	void flushOfNothingIsDone() {
		assertThat(this.fixture.open().flush()).isCompleted();
	}

	@Test
	void closeSendsWhatIsQueuedThenSaysFarewellAndGivesStreamsBack() {
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		CompletableFuture<MessageId> inFlight = send(producer, "a");
		CompletableFuture<MessageId> queued = send(producer, "b");
		CompletableFuture<Void> closed = producer.close();
		assertThat(failure(send(producer, "c"))).isEqualTo(ErrorCode.CLOSED);
		assertThat(closed).isNotDone();
		assertThat(this.broker.frames(Frame.CloseProducer.class)).isEmpty();
		this.broker.answerHeld();
		assertThat(inFlight).isCompleted();
		assertThat(queued).isCompleted();
		assertThat(closed).isCompleted();
		assertThat(this.broker.frames(Frame.CloseProducer.class)).hasSize(1);
		assertThat(this.world.pool().lent()).isZero();
		assertThat(this.world.pool().stats().idle()).isEqualTo(1);
		assertThat(producer.close()).isCompleted();
	}

	@Test
	void closeWithoutAConnectionFailsTheRestInTime() {
		ProducerCore producer = this.fixture.open();
		this.world.reachable(false);
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		CompletableFuture<MessageId> sent = send(producer, "a");
		CompletableFuture<Void> closed = producer.close();
		assertThat(closed).isNotDone();
		this.world.timer().advance(Duration.ofSeconds(5));
		assertThat(closed).isCompleted();
		assertThat(failure(sent)).isEqualTo(ErrorCode.CLOSED);
		assertThat(producer.pending()).isZero();
	}

	@Test
	void abortFailsWhatIsPendingAtOnce() {
		this.broker.hold(Publish.class);
		ProducerCore producer = this.fixture.open();
		CompletableFuture<MessageId> inFlight = send(producer, "a");
		CompletableFuture<MessageId> queued = send(producer, "b");
		assertThat(producer.close()).isNotDone();
		assertThat(producer.abort()).isCompleted();
		assertThat(failure(inFlight)).isEqualTo(ErrorCode.CLOSED);
		assertThat(failure(queued)).isEqualTo(ErrorCode.CLOSED);
		assertThat(producer.closed()).isCompleted();
	}

	@Test
	void closeWhileBeingCreatedEndsTheCreation() {
		this.broker.hold(Frame.OpenProducer.class);
		ProducerCore producer = this.fixture.opening();
		assertThat(producer.close()).isCompleted();
		assertThat(failure(this.fixture.created)).isEqualTo(ErrorCode.CLOSED);
		this.broker.answerHeld();
		assertThat(this.world.pool().lent()).isZero();
	}

	@Test
	void idleProducerWithoutAConnectionClosesAtOnce() {
		ProducerCore producer = this.fixture.open();
		this.world.reachable(false);
		this.world.connection().breakDown(ErrorCode.CONNECTION_LOST);
		assertThat(producer.close()).isCompleted();
	}

}
