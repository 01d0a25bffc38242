package io.weir.transport.quic;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.fixtures.Direction;
import io.weir.fixtures.RelayCounters;
import io.weir.fixtures.UdpRelay;
import io.weir.fixtures.UdpRelayBuilder;
import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.Heartbeat;
import io.weir.transport.RequestStream;
import io.weir.transport.TransportOptions;
import io.weir.transport.TransportServer;
import io.weir.transport.tls.ClientTls;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** The transport over a network that misbehaves. */
class RelayedTransportTest {

	private static final int STREAMS = 4;

	private static final TransportOptions SOON_IDLE = TransportOptions.DEFAULTS.withIdleTimeout(Duration.ofSeconds(1));

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final List<AutoCloseable> open = new ArrayList<>();

	private final List<Connection> accepted = new CopyOnWriteArrayList<>();

	private final ServerTls serverTls = ServerTls.selfSigned();

	@AfterEach
	void closeAll() throws Exception {
		for (int i = this.open.size() - 1; i >= 0; i--) {
			this.open.get(i).close();
		}
	}

	@Test
	void requestsAndAnswersMustSurviveABadNetwork() {
		UdpRelay relay = relay(serve(TransportOptions.DEFAULTS),
				(network) -> network.seed(4)
					.loss(0.03)
					.burstLoss(0.002, 4)
					.delay(Duration.ofMillis(2))
					.jitter(Duration.ofMillis(3))
					.reorder(0.05)
					.duplicate(0.05)
					.corrupt(0.02));
		Connection connection = get(connecting(relay, TransportOptions.DEFAULTS));
		int rounds = 0;
		do {
			transfer(connection, 500, 2_000);
			rounds++;
		}
		// How many packets carry that depends on how many answers share one.
		while (rounds < 50 && !hasShownItself(relay));
		assertThat(hasShownItself(relay)).as("each disturbance in both directions").isTrue();
		assertThat(this.accepted).hasSize(1);
	}

	private static boolean hasShownItself(UdpRelay relay) {
		return Stream.of(Direction.values())
			.map(relay::counters)
			.allMatch((counters) -> counters.lost() > 0 && counters.reordered() > 0 && counters.duplicated() > 0
					&& counters.corrupted() > 0);
	}

	/** More often than once, which quiche does not allow by default. */
	@Test
	void theConnectionMustSurviveNewAddressesOfTheClient() {
		UdpRelay relay = relay(serve(TransportOptions.DEFAULTS), (network) -> network);
		Connection connection = get(connecting(relay, TransportOptions.DEFAULTS));
		RequestStream stream = get(RequestStream.open(connection));
		get(stream.ping(PATIENCE));
		for (int i = 0; i < 5; i++) {
			SocketAddress before = this.accepted.get(0).remoteAddress();
			waitUntilNothingIsUnderWay(relay);
			relay.rebind();
			get(stream.ping(PATIENCE));
			transfer(connection, 100, 10_000);
			assertThat(this.accepted.get(0).remoteAddress()).isNotEqualTo(before);
		}
		assertThat(this.accepted).hasSize(1);
		assertThat(connection.isOpen()).isTrue();
	}

	/** What is lost with the old address ends the connection. */
	private static void waitUntilNothingIsUnderWay(UdpRelay relay) {
		AtomicReference<List<RelayCounters>> before = new AtomicReference<>();
		await().pollInterval(Duration.ofMillis(10)).during(Duration.ofMillis(50)).until(() -> {
			List<RelayCounters> now = Stream.of(Direction.values()).map(relay::counters).toList();
			return now.equals(before.getAndSet(now));
		});
	}

	/** quiche does not repeat it, and the streams would stand still for ever. */
	@Test
	void whatIsLostWithTheOldAddressMustEndTheConnection() {
		UdpRelay relay = relay(serve(TransportOptions.DEFAULTS), (network) -> network.delay(Duration.ofMillis(5)));
		// Should the packet be lost by which the server says that it has ended.
		TransportOptions impatient = TransportOptions.DEFAULTS.withIdleTimeout(Duration.ofSeconds(10));
		Connection connection = get(connecting(relay, impatient));
		List<CompletableFuture<Frame>> answers = send(connection, 2_000, 5_000);
		await().atMost(PATIENCE).until(() -> done(answers) > 300);
		relay.rebind();
		await().atMost(PATIENCE).until(() -> done(answers) == answers.size());
		if (!connection.isOpen()) {
			assertThat(get(this.accepted.get(0).closed()).code()).isEqualTo(ErrorCode.HEARTBEAT_TIMEOUT);
		}
	}

	private static long done(List<CompletableFuture<Frame>> answers) {
		return answers.stream().filter(CompletableFuture::isDone).count();
	}

	@Test
	void aNetworkOfSmallPacketsMustCarryLargeFrames() {
		UdpRelay relay = relay(serve(TransportOptions.DEFAULTS), (network) -> network.mtu(1300));
		Connection connection = get(connecting(relay, TransportOptions.DEFAULTS));
		transfer(connection, 8, 1024 * 1024);
		assertThat(relay.counters(Direction.TO_SERVER).tooLarge()).as("larger packets were tried").isPositive();
	}

	@Test
	void aBlackHoleMustEndTheConnectionByHeartbeat() {
		QuicTransport clients = transport(TransportOptions.DEFAULTS);
		UdpRelay relay = relay(serve(TransportOptions.DEFAULTS), (network) -> network);
		Connection connection = get(connecting(clients, relay));
		RequestStream stream = get(RequestStream.open(connection));
		get(stream.ping(PATIENCE));
		relay.blackHole(true);
		CompletableFuture<Frame> waiting = stream.request(publish(1, 100));
		Heartbeat.start(get(RequestStream.openControl(connection)), Duration.ofMillis(50));
		assertThat(get(connection.closed()).code()).isEqualTo(ErrorCode.HEARTBEAT_TIMEOUT);
		assertFails(waiting, ErrorCode.HEARTBEAT_TIMEOUT, "No answer to a ping");
		assertNothingIsLeft(clients, stream);
	}

	@Test
	void aBlackHoleMustEndTheConnectionWhenItWasIdleForTooLong() {
		QuicTransport clients = transport(SOON_IDLE);
		UdpRelay relay = relay(serve(SOON_IDLE), (network) -> network);
		Connection connection = get(connecting(clients, relay));
		RequestStream stream = get(RequestStream.open(connection));
		get(stream.ping(PATIENCE));
		relay.blackHole(true);
		CompletableFuture<Frame> waiting = stream.request(publish(1, 100));
		assertThat(get(connection.closed()).code()).isEqualTo(ErrorCode.CONNECTION_LOST);
		assertFails(waiting, ErrorCode.CONNECTION_LOST, "silent for too long");
		assertNothingIsLeft(clients, stream);
		assertThat(get(this.accepted.get(0).closed()).code()).as("on the server's side")
			.isEqualTo(ErrorCode.CONNECTION_LOST);
	}

	@Test
	void blockedUdpMustBeUnreachableAndSayWhatToCheck() {
		QuicTransport clients = transport(TransportOptions.DEFAULTS.withConnectTimeout(Duration.ofMillis(300)));
		UdpRelay relay = relay(serve(TransportOptions.DEFAULTS), (network) -> network);
		relay.blackHole(true);
		assertFails(connecting(clients, relay), ErrorCode.UNREACHABLE, "does the network let UDP through");
		await().until(() -> clients.openSockets() == 0);
		assertThat(this.accepted).isEmpty();
	}

	private void assertNothingIsLeft(QuicTransport clients, RequestStream stream) {
		assertThat(stream.isOpen()).isFalse();
		assertThat(stream.pendingRequests()).isZero();
		await().until(() -> clients.openSockets() == 0);
	}

	private void transfer(Connection connection, int requests, int bytes) {
		answered(send(connection, requests, bytes), requests);
	}

	private List<CompletableFuture<Frame>> send(Connection connection, int requests, int bytes) {
		List<RequestStream> streams = new ArrayList<>();
		for (int i = 0; i < STREAMS; i++) {
			streams.add(get(RequestStream.open(connection)));
		}
		List<CompletableFuture<Frame>> answers = new ArrayList<>();
		for (int i = 0; i < requests; i++) {
			answers.add(streams.get(i % STREAMS).request(publish(i, bytes)));
		}
		return answers;
	}

	private static void answered(List<CompletableFuture<Frame>> answers, int requests) {
		for (int i = 0; i < requests; i++) {
			assertThat(get(answers.get(i))).isEqualTo(new Frame.Receipt(new Position(0, i), false));
		}
	}

	private static Frame publish(int sequence, int bytes) {
		return new Frame.Publish(1, sequence, 1, pattern(sequence, bytes));
	}

	private static ByteBuf pattern(int sequence, int bytes) {
		ByteBuf pattern = Unpooled.buffer(bytes);
		for (int i = 0; i < bytes; i++) {
			pattern.writeByte(sequence + i);
		}
		return pattern;
	}

	/** Answers what arrived as it was sent. */
	private static void answer(FrameStream stream, long id, Frame frame) {
		if (frame instanceof Frame.Publish publish) {
			int sequence = (int) publish.firstSequence();
			ByteBuf expected = pattern(sequence, publish.batch().readableBytes());
			boolean intact = publish.batch().equals(expected);
			expected.release();
			stream.write(id, intact ? new Frame.Receipt(new Position(0, sequence), false)
					: new Frame.ErrorReply(ErrorCode.INTERNAL, "The bytes of " + sequence + " were changed"));
		}
		else if (frame instanceof Frame.Ping ping) {
			stream.write(id, new Frame.Pong(ping.nonce()));
		}
		frame.release();
	}

	private TransportServer serve(TransportOptions options) {
		return get(transport(options).bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this.serverTls,
				(connection) -> {
					this.accepted.add(connection);
					return (stream) -> RelayedTransportTest::answer;
				}));
	}

	private UdpRelay relay(TransportServer server, UnaryOperator<UdpRelayBuilder> conditions) {
		UdpRelay relay = conditions.apply(UdpRelay.to(server.address())).start();
		this.open.add(relay);
		return relay;
	}

	private CompletionStage<Connection> connecting(UdpRelay relay, TransportOptions options) {
		return connecting(transport(options), relay);
	}

	private CompletionStage<Connection> connecting(QuicTransport clients, UdpRelay relay) {
		return clients.connect(relay.address(), ClientTls.pinned(this.serverTls.fingerprint()),
				(stream) -> (unexpected, id, frame) -> frame.release());
	}

	private QuicTransport transport(TransportOptions options) {
		QuicTransport transport = QuicTransport.create(options);
		this.open.add(transport);
		return transport;
	}

	private static <T> T get(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
	}

	private static void assertFails(CompletionStage<?> stage, ErrorCode code, String message) {
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> stage.toCompletableFuture().get(30, TimeUnit.SECONDS))
			.havingCause()
			.isInstanceOf(ProtocolException.class)
			.withMessageContaining(message)
			.satisfies((failure) -> assertThat(((ProtocolException) failure).code()).isEqualTo(code));
	}

}
