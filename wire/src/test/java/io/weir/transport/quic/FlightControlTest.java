package io.weir.transport.quic;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.RequestStream;
import io.weir.transport.StreamHandler;
import io.weir.transport.TransportOptions;
import io.weir.transport.TransportServer;
import io.weir.transport.tls.ClientTls;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What keeps pings flowing beside data. */
class FlightControlTest {

	private static final int STREAMS = 8;

	private static final int FRAMES = 64;

	private static final int FRAME = 1024 * 1024;

	private static final String LONG_TEXT = "x".repeat(1000);

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final List<QuicTransport> transports = new ArrayList<>();

	/** Those of the server's side that are not read after their first frame. */
	private final ConcurrentHashMap<Long, FrameStream> unread = new ConcurrentHashMap<>();

	private volatile boolean reading;

	@AfterEach
	void closeTransports() {
		this.transports.forEach(QuicTransport::close);
	}

	@Test
	void pingsMustBeAnsweredWhileAPeerDoesNotReadData() {
		Connection connection = connect();
		RequestStream control = get(RequestStream.openControl(connection));
		List<CompletableFuture<Frame>> answers = sendMoreThanTheConnectionMayHaveOnItsWay(connection);
		for (int i = 0; i < 100; i++) {
			get(control.ping(PATIENCE));
		}
		assertThat(answers).anyMatch((answer) -> !answer.isDone());
		readAgain(connection);
		answers.forEach((answer) -> assertThat(get(answer)).isInstanceOf(Frame.Receipt.class));
	}

	@Test
	void aLongFrameMustNotBeOnItsWayAllAtOnce() {
		Connection connection = connect();
		RequestStream control = get(RequestStream.openControl(connection));
		RequestStream stream = get(RequestStream.open(connection));
		this.reading = true;
		awaitRoundTripOfMillis(stream, 3);
		this.reading = false;
		get(stream.request(publish(0)));
		CompletableFuture<Void> sent = stream.send(publish(1)).toCompletableFuture();
		for (int i = 0; i < 100; i++) {
			get(control.ping(PATIENCE));
		}
		assertThat(sent).isNotDone();
		readAgain(connection);
		get(sent);
	}

	/**
	 * So that the window, which grows with it, is less than a frame. After a pause each
	 * request is followed by a probe.
	 */
	private static void awaitRoundTripOfMillis(RequestStream stream, long millis) {
		await().atMost(PATIENCE).pollDelay(Duration.ZERO).until(() -> {
			long start = System.nanoTime();
			get(stream.request(publish(0, 1000)));
			return System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(millis);
		});
	}

	@Test
	void manyFramesOfOneStreamMustTakeOneTurnOfTheEventLoop() throws Exception {
		Connection connection = connect();
		RequestStream stream = get(RequestStream.open(connection));
		SingleThreadEventExecutor eventLoop = (SingleThreadEventExecutor) connection.executor();
		CountDownLatch busy = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		eventLoop.execute(() -> {
			busy.countDown();
			uninterruptibly(goOn);
		});
		busy.await();
		List<CompletableFuture<Void>> answers = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			answers.add(stream.ping(PATIENCE));
		}
		int tasks = eventLoop.pendingTasks();
		goOn.countDown();
		assertThat(tasks).isLessThan(10);
		answers.forEach(FlightControlTest::get);
	}

	private static void uninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** The answers to the server's probes come behind what is not read meanwhile. */
	@Test
	void clientThatIsHeldBackUntilItsAnswersLeaveMustGetAllOfThem() {
		Budgets little = new Budgets((limit) -> switch (limit) {
			case OUTGOING_MEMORY_PER_STREAM -> 16 * 1024;
			case OUTGOING_MEMORY_PER_CONNECTION -> 32 * 1024;
			default -> Long.MAX_VALUE;
		});
		Connection connection = connect((stream, id, frame) -> stream.write(id, longAnswer()), little);
		List<RequestStream> streams = List.of(get(RequestStream.open(connection)), get(RequestStream.open(connection)),
				get(RequestStream.open(connection)));
		List<CompletableFuture<@Nullable Throwable>> answers = new ArrayList<>();
		for (int i = 0; i < 1500; i++) {
			answers.add(streams.get(i % streams.size())
				.request(new Frame.Ping(i))
				.handle((unexpected, failure) -> failure));
		}
		answers.forEach((answer) -> assertThat(get(answer)).hasMessage(LONG_TEXT));
		assertThat(little.of(BrokerLimit.OUTGOING_MEMORY_PER_STREAM).refused()).isPositive();
		assertThat(little.of(BrokerLimit.OUTGOING_MEMORY_PER_CONNECTION).refused()).isPositive();
		await().untilAsserted(() -> assertThat(little.of(BrokerLimit.OUTGOING_MEMORY).used()).isZero());
	}

	private static Frame longAnswer() {
		return new Frame.ErrorReply(ErrorCode.INTERNAL, LONG_TEXT);
	}

	@Test
	void framesThatWaitMustFailWithTheirConnection() {
		Connection connection = connect();
		List<CompletableFuture<Frame>> answers = sendMoreThanTheConnectionMayHaveOnItsWay(connection);
		get(connection.close(ErrorCode.NONE, "enough"));
		answers.forEach((answer) -> assertThat(answer.handle((done, failure) -> failure)).succeedsWithin(PATIENCE));
	}

	@Test
	void closingAStreamMustSendWhatWaits() {
		Connection connection = connect();
		RequestStream stream = get(RequestStream.open(connection));
		List<CompletableFuture<Frame>> answers = new ArrayList<>();
		this.reading = true;
		for (int i = 0; i < FRAMES; i++) {
			answers.add(stream.request(publish(i)));
		}
		stream.close();
		answers.forEach((answer) -> assertThat(get(answer)).isInstanceOf(Frame.Receipt.class));
	}

	private List<CompletableFuture<Frame>> sendMoreThanTheConnectionMayHaveOnItsWay(Connection connection) {
		List<RequestStream> streams = new ArrayList<>();
		for (int i = 0; i < STREAMS; i++) {
			streams.add(get(RequestStream.open(connection)));
		}
		List<CompletableFuture<Frame>> answers = new ArrayList<>();
		for (int i = 0; i < FRAMES; i++) {
			answers.add(streams.get(i % STREAMS).request(publish(i)));
		}
		return answers;
	}

	private static Frame publish(int sequence) {
		return publish(sequence, FRAME);
	}

	private static Frame publish(int sequence, int bytes) {
		return new Frame.Publish(1, sequence, 1, Unpooled.wrappedBuffer(new byte[bytes]));
	}

	private void readAgain(Connection connection) {
		this.reading = true;
		this.unread.values().forEach((stream) -> stream.setReading(true));
		assertThat(connection.isOpen()).isTrue();
	}

	private void serve(FrameStream stream, long id, Frame frame) {
		frame.release();
		if (frame instanceof Frame.Ping ping) {
			stream.write(id, new Frame.Pong(ping.nonce()));
			return;
		}
		stream.write(id, new Frame.Receipt(new Position(0, 0), false));
		this.unread.put(stream.id(), stream);
		if (!this.reading) {
			stream.setReading(false);
		}
	}

	private Connection connect() {
		return connect(this::serve, Budgets.unlimited());
	}

	private Connection connect(StreamHandler handler, Budgets budgets) {
		ServerTls tls = ServerTls.selfSigned();
		TransportServer server = get(transport().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), tls,
				(connection) -> (stream) -> handler, budgets));
		return get(transport().connect(server.address(), ClientTls.pinned(tls.fingerprint()),
				(stream) -> (unexpected, id, frame) -> frame.release()));
	}

	private QuicTransport transport() {
		QuicTransport transport = QuicTransport.create(TransportOptions.DEFAULTS);
		this.transports.add(transport);
		return transport;
	}

	private static <T> T get(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
	}

}
