package io.weir.transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.pool.Lease;
import io.weir.pool.Pool;
import io.weir.pool.ValidationPhase;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Position;

import static io.weir.transport.CarrierFixture.PATIENCE;
import static io.weir.transport.CarrierFixture.assertFails;
import static io.weir.transport.CarrierFixture.failure;
import static io.weir.transport.CarrierFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What every carrier must do with the streams of a connection. */
public abstract class StreamsContract {

	private static final int MIB = 1024 * 1024;

	/** More than any stream may have on its way. */
	private static final int MUCH = 16;

	/** A whole flight window, and a frame that has begun. */
	private static final int ON_THE_WAY = 10;

	private CarrierFixture fixture;

	/**
	 * The carrier.
	 * @param options how its connections behave
	 * @return a new transport, which finds the others of the test
	 */
	protected abstract Transport newTransport(TransportOptions options);

	CarrierFixture fixture() {
		return this.fixture;
	}

	@BeforeEach
	void beginWithoutTransports() {
		this.fixture = new CarrierFixture(this::newTransport);
	}

	@AfterEach
	void closeTransports() {
		this.fixture.close();
	}

	@Test
	void framesOfAStreamMustArriveWholeAndInOrder() {
		List<Integer> sizes = IntStream.range(0, 20)
			.boxed()
			.flatMap((round) -> List.of(0, 1, 100, 5_000, 40_000, 300_000).stream())
			.toList();
		RequestStream stream = this.fixture.openTo(this.fixture.serve(CarrierFixture::drop));
		for (int i = 0; i < sizes.size(); i++) {
			stream.send(CarrierFixture.batch(i, sizes.get(i)));
		}
		HeardStream heard = this.fixture.onlyHeard();
		await().atMost(PATIENCE).until(() -> heard.sequences().size() == sizes.size());
		assertThat(heard.sequences()).isEqualTo(LongStream.range(0, sizes.size()).boxed().toList());
		assertThat(heard.sizes()).isEqualTo(sizes);
	}

	@Test
	void manyRequestsOnOneStreamMustEachGetTheirOwnAnswer() {
		RequestStream stream = this.fixture.openTo(this.fixture.serve(CarrierFixture::answer));
		List<CompletableFuture<Frame>> answers = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			answers.add(stream.request(CarrierFixture.batch(i, 4)));
		}
		for (int i = 0; i < 1000; i++) {
			assertThat(get(answers.get(i))).isEqualTo(new Frame.Receipt(new Position(0, i), false));
		}
		assertThat(stream.pendingRequests()).isZero();
	}

	@Test
	void streamsMustCarryTheirOwnFramesOnly() {
		Connection connection = this.fixture.connect(this.fixture.serve(CarrierFixture::answer));
		List<CompletableFuture<Frame>> answers = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			RequestStream stream = get(RequestStream.open(connection));
			answers.add(stream.request(CarrierFixture.batch(i, 1000)));
			answers.add(stream.request(CarrierFixture.batch(100 + i, 50_000)));
		}
		answers.forEach((answer) -> assertThat(get(answer)).isInstanceOf(Frame.Receipt.class));
		assertThat(this.fixture.heard()).hasSize(10).allSatisfy((heard) -> {
			long first = heard.sequences().get(0);
			assertThat(heard.sequences()).containsExactly(first, 100 + first);
			assertThat(heard.sizes()).containsExactly(1000, 50_000);
		});
		assertThat(this.fixture.heard().stream().map((heard) -> heard.stream().id())).doesNotHaveDuplicates();
	}

	@Test
	void streamsThatTheServerOpensMustReachTheClient() {
		TransportServer server = this.fixture.serve(CarrierFixture::answer);
		CompletableFuture<HeardStream> opened = new CompletableFuture<>();
		Connection connection = get(this.fixture.transport(TransportOptions.DEFAULTS)
			.connect(server.address(), this.fixture.trusting(), (stream) -> {
				HeardStream heard = new HeardStream(CarrierFixture::answer, stream);
				opened.complete(heard);
				return heard;
			}));
		assertThat(connection.isOpen()).isTrue();
		RequestStream ofServer = get(RequestStream.open(this.fixture.onlyAccepted()));
		assertThat(get(ofServer.request(CarrierFixture.batch(7, 100)))).isInstanceOf(Frame.Receipt.class);
		assertThat(get(opened).sequences()).containsExactly(7L);
	}

	@Test
	void resetMustBeSeenByBothSidesWithItsCode() {
		Connection connection = this.fixture.connect(this.fixture.serve(CarrierFixture::answer));
		assertEnds(connection, (mine, theirs) -> mine.reset(ErrorCode.OVERLOADED), ErrorCode.OVERLOADED);
		assertEnds(connection, (mine, theirs) -> theirs.reset(ErrorCode.PRODUCER_FENCED), ErrorCode.PRODUCER_FENCED);
		assertThat(connection.isOpen()).isTrue();
	}

	@Test
	void aClosedStreamMustEndInOrderOnBothSides() {
		Connection connection = this.fixture.connect(this.fixture.serve(CarrierFixture::answer));
		assertEnds(connection, (mine, theirs) -> mine.close(), null);
		assertEnds(connection, (mine, theirs) -> theirs.close(), null);
		assertThat(connection.isOpen()).isTrue();
	}

	private void assertEnds(Connection connection, Ending ending, ErrorCode code) {
		int before = this.fixture.heard().size();
		HeardStream here = new HeardStream(CarrierFixture::answer, null);
		FrameStream mine = get(connection.openStream(here));
		mine.write(0, new Frame.Ok());
		await().atMost(PATIENCE).until(() -> this.fixture.heard().size() > before);
		HeardStream there = this.fixture.heard().get(before);
		ending.end(mine, there.stream());
		assertThat(HeardStream.code(get(there.end()))).isEqualTo(code);
		assertThat(HeardStream.code(get(here.end()))).isEqualTo(code);
		assertThat(mine.isOpen()).isFalse();
		assertThat(failure(mine.write(0, new Frame.Ok()))).isNotNull();
	}

	@Test
	void allThatWasWrittenMustArriveBeforeAnOrderlyEnd() {
		RequestStream stream = this.fixture.openTo(this.fixture.serve(CarrierFixture::drop));
		List<CompletionStage<Void>> written = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			written.add(stream.send(CarrierFixture.batch(i, 50_000)));
		}
		stream.close();
		HeardStream heard = this.fixture.onlyHeard();
		assertThat(get(heard.end())).isEmpty();
		assertThat(heard.sequences()).isEqualTo(LongStream.range(0, 100).boxed().toList());
		written.forEach(CarrierFixture::get);
	}

	@Test
	void whatIsOnItsWayWhenAStreamIsResetMustArriveOrBeKnownAsLost() {
		HeardStream heard = endWhileMuchIsOnItsWay((stream) -> stream.reset(ErrorCode.OVERLOADED));
		assertThat(HeardStream.code(get(heard.end()))).isEqualTo(ErrorCode.OVERLOADED);
	}

	/** A carrier with packets may lose the one that says why. */
	@Test
	void whatIsOnItsWayWhenTheConnectionIsClosedMustArriveOrBeKnownAsLost() {
		HeardStream heard = endWhileMuchIsOnItsWay(
				(stream) -> stream.connection().close(ErrorCode.GOING_AWAY, "as the test wants"));
		assertThat(HeardStream.code(get(heard.end()))).isIn(ErrorCode.GOING_AWAY, ErrorCode.CONNECTION_LOST);
	}

	private HeardStream endWhileMuchIsOnItsWay(Consumer<FrameStream> ending) {
		TransportOptions options = TransportOptions.DEFAULTS.withIdleTimeout(Duration.ofSeconds(2));
		RequestStream stream = this.fixture
			.openTo(this.fixture.serve(options, Budgets.unlimited(), CarrierFixture::answer));
		get(stream.ping(PATIENCE));
		List<CompletableFuture<Void>> written = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			written.add(stream.send(CarrierFixture.batch(i, 20_000)).toCompletableFuture());
		}
		ending.accept(stream.stream());
		await().atMost(PATIENCE).until(() -> written.stream().allMatch(CompletableFuture::isDone));
		HeardStream heard = this.fixture.onlyHeard();
		get(heard.end());
		assertThat(heard.sequences()).isEqualTo(LongStream.range(0, heard.sequences().size()).boxed().toList());
		assertThat(heard.sizes()).allMatch((size) -> size == 20_000);
		return heard;
	}

	@Test
	void readerThatStopsMustMakeTheWriterWaitAndNoOtherStream() {
		CompletableFuture<FrameStream> held = new CompletableFuture<>();
		Connection connection = this.fixture.connect(this.fixture.serve((stream, id, frame) -> {
			if (frame instanceof Frame.Publish && held.complete(stream)) {
				stream.setReading(false);
			}
			CarrierFixture.answer(stream, id, frame);
		}));
		RequestStream unread = get(RequestStream.open(connection));
		List<CompletableFuture<Void>> written = new ArrayList<>();
		for (int i = 0; i < MUCH; i++) {
			written.add(unread.send(CarrierFixture.batch(i, MIB)).toCompletableFuture());
		}
		get(held);
		RequestStream other = get(RequestStream.open(connection));
		for (int i = 0; i < 20; i++) {
			get(other.ping(PATIENCE));
		}
		assertThat(written.stream().filter(CompletableFuture::isDone).count()).isLessThanOrEqualTo(ON_THE_WAY);
		get(held).setReading(true);
		written.forEach(CarrierFixture::get);
		HeardStream heard = this.fixture.heard().get(0);
		await().atMost(PATIENCE).until(() -> heard.sequences().size() == MUCH);
		assertThat(heard.sizes()).containsOnly(MIB);
	}

	@Test
	void streamsBeyondWhatThePeerTakesMustFailUntilOthersAreClosed() {
		TransportServer server = this.fixture.serve(TransportOptions.DEFAULTS.withMaxStreams(4), Budgets.unlimited(),
				CarrierFixture::answer);
		Connection connection = this.fixture.connect(server);
		List<RequestStream> streams = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			RequestStream stream = get(RequestStream.open(connection));
			get(stream.ping(PATIENCE));
			streams.add(stream);
		}
		assertFails(RequestStream.open(connection), ErrorCode.LIMIT_EXCEEDED);
		assertThat(connection.isOpen()).isTrue();
		streams.forEach(RequestStream::close);
		await().atMost(PATIENCE).until(() -> canOpen(connection));
	}

	private static boolean canOpen(Connection connection) {
		Optional<RequestStream> opened = get(
				RequestStream.open(connection).handle((stream, failure) -> Optional.ofNullable(stream)));
		opened.ifPresent((stream) -> get(stream.ping(PATIENCE)));
		return opened.isPresent();
	}

	@Test
	void streamsOneAfterTheOtherMustNotUseUpWhatThePeerTakes() {
		TransportServer server = this.fixture.serve(TransportOptions.DEFAULTS.withMaxStreams(256), Budgets.unlimited(),
				CarrierFixture::answer);
		Connection connection = this.fixture.connect(server);
		for (int i = 0; i < 800; i++) {
			RequestStream stream = get(RequestStream.open(connection));
			get(stream.ping(PATIENCE));
			stream.close();
		}
	}

	@Test
	void pooledStreamsMustBeTestedByPingAndReused() {
		Connection connection = this.fixture.connect(this.fixture.serve(CarrierFixture::answer));
		try (Pool<RequestStream> pool = Pool.builder(new StreamLifecycle(connection, PATIENCE))
			.name("streams")
			.minSize(1)
			.maxSize(1)
			.initialSize(1)
			.build()) {
			long id;
			try (Lease<RequestStream> lease = pool.borrow()) {
				id = lease.resource().stream().id();
				get(lease.resource().ping(PATIENCE));
			}
			try (Lease<RequestStream> lease = pool.borrow()) {
				assertThat(lease.resource().stream().id()).isEqualTo(id);
			}
			assertThat(pool.stats().validations(ValidationPhase.CREATE).valid()).isPositive();
		}
	}

	@Test
	void aHandlerThatThrowsMustHarmItsStreamOnly() {
		Connection connection = this.fixture.connect(this.fixture.serve((stream, id, frame) -> {
			frame.release();
			if (frame instanceof Frame.GoAway) {
				throw new IllegalStateException("planted");
			}
			stream.write(id, new Frame.Ok());
		}));
		RequestStream bad = get(RequestStream.open(connection));
		RequestStream good = get(RequestStream.open(connection));
		assertFails(bad.request(new Frame.GoAway(ErrorCode.NONE, "")), ErrorCode.INTERNAL);
		assertThat(get(good.request(new Frame.Ok()))).isEqualTo(new Frame.Ok());
	}

	@Test
	void aFrameOverTheLimitMustBeRefusedWithItsCode() {
		RequestStream stream = this.fixture.openTo(this.fixture.serve(TransportOptions.DEFAULTS.withMaxFrameSize(1000),
				Budgets.unlimited(), CarrierFixture::answer));
		assertFails(stream.request(CarrierFixture.batch(7, 2000)), ErrorCode.FRAME_TOO_LARGE);
	}

	@FunctionalInterface
	private interface Ending {

		void end(FrameStream mine, FrameStream theirs);

	}

}
