package io.weir.broker.session;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.weir.broker.engine.ClientSessions;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.security.BrokerSecurity;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.MessageIndexes;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.RequestStream;
import io.weir.transport.StreamHandler;
import io.weir.transport.Transport;
import io.weir.transport.TransportOptions;
import io.weir.transport.TransportServer;
import io.weir.transport.memory.MemoryNetwork;
import io.weir.transport.tls.ClientTls;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Sessions and their streams, with the test in place of the topics. */
class PooledDeliveriesTest {

	private static final Topic TOPIC = new Topic("t");

	private static final int SMALL = 100;

	private static final int LARGE = 256 * 1024;

	/** More than a stream may have on the way. */
	private static final int FILLING = 8 * 1024 * 1024;

	private final BlockingQueue<Command> commands = new LinkedBlockingQueue<>();

	private final List<ByteBuf> buffers = new ArrayList<>();

	private final MemoryNetwork network = new MemoryNetwork();

	private final List<Transport> transports = new ArrayList<>();

	/** The streams that the broker opened, while they are open. */
	private final Map<Long, FrameStream> brokerStreams = new ConcurrentHashMap<>();

	private final List<Long> opened = new CopyOnWriteArrayList<>();

	private final BlockingQueue<Delivered> delivered = new LinkedBlockingQueue<>();

	/** The streams on which the client has stopped to read. */
	private final Set<Long> unread = ConcurrentHashMap.newKeySet();

	/** Says, by the number of an entry, behind which ones the client reads no more. */
	private volatile Predicate<Long> stopsReadingAfter = (entry) -> false;

	private volatile boolean refusesStreams;

	private volatile boolean readsPingOnly;

	private final ClientSessions registry = new ClientSessions();

	private Sessions sessions = new Sessions(
			new SessionSettings("b", 1024 * 1024, 16 * 1024 * 1024, Budgets.unlimited(), BrokerSecurity.NONE),
			(topic, command) -> {
				this.commands.add(command);
			}, this.registry, Duration.ofMillis(500), (error) -> {
			});

	private @Nullable Connection connection;

	private @Nullable RequestStream own;

	@AfterEach
	void nothingMustBeLeft() {
		if (this.connection != null) {
			get(this.connection.close(ErrorCode.NONE, "done"));
		}
		this.transports.forEach(Transport::close);
		this.sessions.close();
		await().untilAsserted(() -> assertThat(this.buffers).allMatch((buffer) -> buffer.refCnt() == 0));
		await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.noneMatch((name) -> name.startsWith("weir-broker-streams") || name.startsWith("weir-pool-session")));
	}

	@Test
	void unorderedDeliveriesComeOnStreamsOfTheBrokerAndOrderedOnesOnTheConsumersOwn() {
		connect();
		deliver(0, SMALL, false);
		deliver(1, SMALL, true);
		Map<Long, Delivered> both = take(2);
		assertThat(isOfBroker(both.get(0L).stream())).isTrue();
		assertThat(both.get(1L).stream()).isEqualTo(own().stream().id());
		assertWritten(2 * SMALL);
	}

	@Test
	void streamIsUsedAgainAndEndsWhenItIsIdle() {
		connect();
		for (int i = 0; i < 20; i++) {
			deliver(i, SMALL, false);
			take(1);
		}
		assertThat(this.opened).as("one after the other, on one stream").hasSizeLessThanOrEqualTo(2);
		await().atMost(10, TimeUnit.SECONDS).until(this.brokerStreams::isEmpty);
		deliver(20, SMALL, false);
		take(1);
		assertThat(connection().isOpen()).isTrue();
	}

	@Test
	void largeMessageThatIsNotReadHoldsBackNoOther() {
		connect();
		this.stopsReadingAfter = (entry) -> entry == 0;
		deliver(0, LARGE, false);
		long unread = take(1).get(0L).stream();
		for (int i = 1; i <= 100; i++) {
			deliver(i, SMALL, false);
		}
		assertThat(take(100).values()).noneMatch((each) -> each.stream() == unread);
		assertWritten(LARGE + 100 * SMALL);
	}

	@Test
	void streamBlockedByFlowControlHoldsBackNoOther() {
		connect();
		FrameStream blocked = fillUp();
		for (int i = 1000; i < 1100; i++) {
			deliver(i, SMALL, false);
		}
		Map<Long, Delivered> passing = take(100);
		assertThat(passing.keySet()).allMatch((entry) -> entry >= 1000);
		assertThat(passing.values()).noneMatch((each) -> each.stream() == blocked.id());
	}

	@Test
	void deliveryWhoseStreamEndsHalfWayComesOnTheConsumersOwn() {
		connect();
		fillUp().close();
		assertThat(take(1).get(0L).stream()).isEqualTo(own().stream().id());
		assertWritten(FILLING);
		assertThat(connection().isOpen()).isTrue();
	}

	@Test
	void connectionThatEndsLeavesNothingUnderWay() {
		connect();
		fillUp();
		get(connection().close(ErrorCode.NONE, "crashed"));
		await().until(() -> this.commands.stream().anyMatch(Command.SessionEnded.class::isInstance));
		deliver(5000, SMALL, false);
		await().untilAsserted(() -> assertThat(this.buffers).allMatch((buffer) -> buffer.refCnt() == 0));
		assertThat(this.sessions.count()).isZero();
	}

	@Test
	void clientThatTakesNoStreamsGetsEverythingOnTheConsumersOwn() {
		this.refusesStreams = true;
		connect();
		for (int i = 0; i < 10; i++) {
			deliver(i, SMALL, false);
		}
		assertThat(take(10).values()).allMatch((each) -> each.stream() == own().stream().id());
		assertWritten(10 * SMALL);
		assertThat(connection().isOpen()).isTrue();
	}

	/** After a fault that does not go away by itself a client waits for long. */
	@ParameterizedTest
	@CsvSource({ "OVERLOADED, OVERLOADED", "INTERNAL, INTERNAL", "UNKNOWN_FRAME, PROTOCOL_VIOLATION",
			"NONE, PROTOCOL_VIOLATION" })
	void streamThatTheClientResetsEndsTheConnectionSoThatAllIsDeliveredAgain(ErrorCode reset, ErrorCode closed) {
		connect();
		deliver(0, SMALL, false);
		this.brokerStreams.get(take(1).get(0L).stream()).reset(reset);
		ProtocolException why = get(connection().closed());
		assertThat(why.code()).isEqualTo(closed);
		assertThat(why).hasMessageContaining("A stream with deliveries was reset");
		await().until(() -> this.commands.stream().anyMatch(Command.SessionEnded.class::isInstance));
	}

	@Test
	void streamThatTheClientEndsInOrderIsReplaced() {
		connect();
		deliver(0, SMALL, false);
		this.brokerStreams.get(take(1).get(0L).stream()).close();
		for (int i = 1; i <= 50; i++) {
			deliver(i, SMALL, false);
		}
		take(50);
		assertThat(connection().isOpen()).isTrue();
	}

	@Test
	void requestOnAStreamOfTheBrokerEndsTheConnection() {
		connect();
		deliver(0, SMALL, false);
		this.brokerStreams.get(take(1).get(0L).stream()).write(0, new Frame.Flow(1, 1));
		assertThat(get(connection().closed())).hasMessage("Flow must not come on a stream that the broker opened");
	}

	@Test
	void flushCoversTheStreamsOfTheBroker() {
		connect();
		deliver(0, SMALL, false);
		take(1);
		assertThat(this.sessions.flush().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
		this.stopsReadingAfter = (entry) -> entry == 1;
		deliver(1, LARGE, false);
		take(1);
		assertThat(this.sessions.flush().toCompletableFuture()).isNotDone();
	}

	/** A delivery is half way on a stream that the client does not read. */
	private FrameStream fillUp() {
		this.readsPingOnly = true;
		deliver(0, FILLING, false);
		await().until(() -> this.opened.size() == 1);
		this.readsPingOnly = false;
		return this.brokerStreams.get(this.opened.get(0));
	}

	private void connect() {
		ServerTls tls = ServerTls.selfSigned();
		InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
		TransportServer server = get(transport("server").bind(anyPort, tls, this.sessions));
		Connection connected = get(
				transport("client").connect(server.address(), ClientTls.pinned(tls.fingerprint()), this::accept));
		this.connection = connected;
		get(get(RequestStream.openControl(connected)).request(new Frame.Connect("test", null)));
		RequestStream stream = get(RequestStream.open(connected));
		stream.onPush((frame) -> delivered(stream.stream(), frame));
		this.own = stream;
		stream.request(new Frame.Subscribe(1, "t", "s", SubscriptionType.SHARED, InitialPosition.EARLIEST, "c", true));
		await().until(() -> this.commands.poll() instanceof Command.Subscribe);
	}

	private StreamHandler accept(FrameStream stream) {
		if (this.refusesStreams) {
			return (on, requestId, frame) -> {
				frame.release();
				on.reset(ErrorCode.NOT_SUPPORTED);
			};
		}
		return new StreamHandler() {

			@Override
			public void onFrame(FrameStream on, long requestId, Frame frame) {
				if (PooledDeliveriesTest.this.unread.contains(on.id())) {
					frame.release(); // was read together with what came before
				}
				else if (frame instanceof Frame.Ping ping) {
					on.setReading(!PooledDeliveriesTest.this.readsPingOnly);
					on.write(requestId, new Frame.Pong(ping.nonce()));
				}
				else {
					delivered(on, frame);
				}
				if (PooledDeliveriesTest.this.brokerStreams.put(on.id(), on) == null) {
					PooledDeliveriesTest.this.opened.add(on.id());
				}
			}

			@Override
			public void onClosed(FrameStream on, @Nullable Throwable cause) {
				PooledDeliveriesTest.this.brokerStreams.remove(on.id());
			}

		};
	}

	private void delivered(FrameStream stream, Frame frame) {
		long entry = ((Frame.Deliver) frame).position().entry();
		frame.release();
		if (this.stopsReadingAfter.test(entry)) {
			this.unread.add(stream.id());
			stream.setReading(false);
		}
		this.delivered.add(new Delivered(entry, stream.id()));
	}

	private void deliver(long entry, int bytes, boolean ordered) {
		ByteBuf batch = Unpooled.buffer(bytes).writeZero(bytes);
		this.buffers.add(batch);
		Entry stored = new Entry(new Position(0, entry),
				new EntryHeader("p", entry, MessageIndexes.even(1, bytes), 0, BatchEncoding.plain(batch)), batch);
		this.registry.tell(new Effect.Deliver(TOPIC, new Peer(1, 1), stored, 0, 1, 0, bytes, new BitSet(), ordered));
	}

	/** The next deliveries, by entry; each must come once. */
	private Map<Long, Delivered> take(int count) {
		Map<Long, Delivered> taken = new ConcurrentHashMap<>();
		for (int i = 0; i < count; i++) {
			Delivered next = poll();
			assertThat(taken.put(next.entry(), next)).as("entry %d came twice", next.entry()).isNull();
		}
		return taken;
	}

	private Delivered poll() {
		try {
			Delivered next = this.delivered.poll(10, TimeUnit.SECONDS);
			assertThat(next).as("a delivery").isNotNull();
			return next;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void assertWritten(int bytes) {
		await().untilAsserted(() -> assertThat(this.commands.stream()
			.filter(Command.DeliveryWritten.class::isInstance)
			.mapToInt((written) -> ((Command.DeliveryWritten) written).bytes())
			.sum()).isEqualTo(bytes));
	}

	/** RFC 9000 §2.1. */
	private static boolean isOfBroker(long stream) {
		return stream % 4 == 1;
	}

	private RequestStream own() {
		assertThat(this.own).isNotNull();
		return this.own;
	}

	private Connection connection() {
		assertThat(this.connection).isNotNull();
		return this.connection;
	}

	private Transport transport(String name) {
		Transport transport = this.network.transport(TransportOptions.DEFAULTS.withMaxFrameSize(16 * 1024 * 1024),
				name);
		this.transports.add(transport);
		return transport;
	}

	private static <T> T get(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

	/** What came where. */
	private record Delivered(long entry, long stream) {
	}

}
