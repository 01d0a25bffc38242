package io.weir.transport.quic;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.weir.pool.Lease;
import io.weir.pool.Pool;
import io.weir.pool.ValidationPhase;
import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.Heartbeat;
import io.weir.transport.RequestStream;
import io.weir.transport.StreamHandler;
import io.weir.transport.StreamLifecycle;
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

class QuicTransportTest {

	private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

	private static final TransportOptions IMPATIENT = TransportOptions.DEFAULTS
		.withConnectTimeout(Duration.ofMillis(300));

	private final List<QuicTransport> transports = new ArrayList<>();

	private final List<Connection> accepted = new CopyOnWriteArrayList<>();

	private final List<Throwable> streamEnds = new CopyOnWriteArrayList<>();

	private final ServerTls serverTls = ServerTls.selfSigned();

	private final ClientTls trusting = ClientTls.pinned(this.serverTls.fingerprint());

	@AfterEach
	void closeTransports() {
		this.transports.forEach(QuicTransport::close);
	}

	@Test
	void manyRequestsOnOneStreamMustEachGetTheirOwnAnswer() {
		TransportServer server = serve(this::answer);
		RequestStream stream = get(RequestStream.open(connect(server)));
		List<CompletableFuture<Frame>> answers = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			answers.add(stream.request(new Frame.Publish(1, i, 1, Unpooled.copyInt(i))));
		}
		for (int i = 0; i < 1000; i++) {
			assertThat(get(answers.get(i))).isEqualTo(new Frame.Receipt(new Position(0, i), false));
		}
		assertThat(stream.pendingRequests()).isZero();
	}

	@Test
	void aFrameLargerThanTheStreamWindowMustArriveWhole() {
		TransportServer server = serve(this::answer);
		RequestStream stream = get(RequestStream.open(connect(server)));
		ByteBuf batch = Unpooled.buffer(4 * 1024 * 1024).writeZero(4 * 1024 * 1024);
		assertThat(get(stream.request(new Frame.Publish(1, 7, 1, batch))))
			.isEqualTo(new Frame.Receipt(new Position(0, 7), false));
		assertThat(batch.refCnt()).isZero();
	}

	@Test
	void anErrorReplyMustFailTheRequestWithItsCode() {
		TransportServer server = serve(this::answer);
		RequestStream stream = get(RequestStream.open(connect(server)));
		assertFails(stream.request(new Frame.CloseProducer(9)), ErrorCode.UNKNOWN_PRODUCER, "no producer 9");
	}

	@Test
	void aPeerThatDoesNotAnswerMustTimeTheRequestOut() {
		TransportServer server = serve((stream, id, frame) -> frame.release());
		RequestStream stream = get(RequestStream.open(connect(server)));
		assertFails(stream.request(new Frame.Ok(), Duration.ofMillis(20)), ErrorCode.TIMEOUT, "No answer to Ok");
		assertThat(stream.pendingRequests()).isZero();
	}

	@Test
	void closingTheServerMustFailWaitingRequestsWithItsReason() {
		TransportServer server = serve((stream, id, frame) -> frame.release());
		Connection connection = connect(server);
		RequestStream stream = get(RequestStream.open(connection));
		CompletableFuture<Frame> waiting = stream.request(new Frame.Ok());
		await().until(() -> !this.accepted.isEmpty());
		get(server.close());
		assertFails(waiting, ErrorCode.GOING_AWAY, "The broker is shutting down");
		assertThat(get(connection.closed()).code()).isEqualTo(ErrorCode.GOING_AWAY);
		assertThat(stream.isOpen()).isFalse();
		assertFails(stream.request(new Frame.Ok()), ErrorCode.GOING_AWAY, "shutting down");
		assertFails(RequestStream.open(connection), ErrorCode.GOING_AWAY, "shutting down");
	}

	@Test
	void aClosedStreamMustEndInOrderOnTheOtherSide() {
		TransportServer server = serve(this::answer);
		RequestStream stream = get(RequestStream.open(connect(server)));
		get(stream.ping(Duration.ofSeconds(5)));
		stream.close();
		await().until(() -> this.streamEnds.size() == 1);
		assertThat(this.streamEnds.get(0)).isInstanceOf(InOrder.class);
		assertThat(stream.isOpen()).isFalse();
	}

	@Test
	void aHandlerThatThrowsMustHarmItsStreamOnly() {
		TransportServer server = serve((stream, id, frame) -> {
			frame.release();
			if (frame instanceof Frame.GoAway) {
				throw new IllegalStateException("planted");
			}
			stream.write(id, new Frame.Ok());
		});
		Connection connection = connect(server);
		RequestStream bad = get(RequestStream.open(connection));
		RequestStream good = get(RequestStream.open(connection));
		assertFails(bad.request(new Frame.GoAway(ErrorCode.NONE, "")), ErrorCode.INTERNAL, "");
		assertThat(get(good.request(new Frame.Ok()))).isEqualTo(new Frame.Ok());
	}

	@Test
	void aFrameOverTheLimitMustBeRefusedWithItsCode() {
		TransportServer server = serve(TransportOptions.DEFAULTS.withMaxFrameSize(1000), this::answer);
		RequestStream stream = get(RequestStream.open(connect(server)));
		ByteBuf batch = Unpooled.buffer(2000).writeZero(2000);
		assertFails(stream.request(new Frame.Publish(1, 7, 1, batch)), ErrorCode.FRAME_TOO_LARGE, "");
	}

	@Test
	void nobodyListeningMustBeUnreachable() throws Exception {
		int port;
		try (DatagramSocket socket = new DatagramSocket()) {
			port = socket.getLocalPort();
		}
		assertFails(transport(IMPATIENT).connect(new InetSocketAddress("127.0.0.1", port), this.trusting,
				(stream) -> noop()), ErrorCode.UNREACHABLE, "does the network let UDP through");
	}

	@Test
	void anUnresolvedNameMustBeUnreachable() {
		assertFails(transport(IMPATIENT).connect(InetSocketAddress.createUnresolved("no.such.host.invalid", 1),
				this.trusting, (stream) -> noop()), ErrorCode.UNREACHABLE, "no.such.host.invalid");
	}

	@Test
	void anUnknownCertificateMustNotBeTrusted() {
		TransportServer server = serve(this::answer);
		assertFails(connecting(server, ClientTls.jvmTrustStore()), ErrorCode.UNTRUSTED_CERTIFICATE, "not trusted");
	}

	@Test
	void anotherCertificateThanThePinnedOneMustNotBeTrusted() {
		TransportServer server = serve(this::answer);
		String other = ServerTls.selfSigned().fingerprint();
		assertFails(connecting(server, ClientTls.pinned(other)), ErrorCode.UNTRUSTED_CERTIFICATE,
				this.serverTls.fingerprint() + ", expected " + other);
	}

	@Test
	void insecureMustTrustAnybody() {
		TransportServer server = serve(this::answer);
		get(connecting(server, ClientTls.insecure()));
	}

	@Test
	void aTrustedCertificateMustBeAcceptedForItsName() throws Exception {
		X509Bundle bundle = certificateFor("localhost");
		TransportServer server = serve(ServerTls.of(bundle.toKeyManagerFactory()), this::answer);
		InetSocketAddress byName = new InetSocketAddress("localhost", server.address().getPort());
		get(transport(TransportOptions.DEFAULTS).connect(byName, ClientTls.trust(bundle.toTrustManagerFactory()),
				(stream) -> noop()));
	}

	@Test
	void aTrustedCertificateForAnotherNameMustNotBeTrusted() throws Exception {
		X509Bundle bundle = certificateFor("other.example");
		TransportServer server = serve(ServerTls.of(bundle.toKeyManagerFactory()), this::answer);
		InetSocketAddress byName = new InetSocketAddress("localhost", server.address().getPort());
		assertFails(transport(TransportOptions.DEFAULTS).connect(byName,
				ClientTls.trust(bundle.toTrustManagerFactory()), (stream) -> noop()), ErrorCode.UNTRUSTED_CERTIFICATE,
				"localhost");
	}

	@Test
	void aPeerOfAnotherProtocolMustBeNamedSo() throws Exception {
		TransportServer server = serve(this::answer);
		QuicSslContext other = QuicSslContextBuilder.forClient()
			.trustManager(InsecureTrustManagerFactory.INSTANCE)
			.applicationProtocols("h3")
			.build();
		QuicTransport client = transport(TransportOptions.DEFAULTS);
		ClientTls tls = ClientTls.insecure();
		client.use(tls, other);
		assertFails(client.connect(server.address(), tls, (stream) -> noop()), ErrorCode.UNSUPPORTED_VERSION, "weir/1");
	}

	@Test
	void aPortInUseMustBeNamed() {
		TransportServer server = serve(this::answer);
		assertFails(transport(IMPATIENT).bind(server.address(), this.serverTls, (connection) -> (stream) -> noop()),
				ErrorCode.INVALID_CONFIGURATION, String.valueOf(server.address().getPort()));
	}

	@Test
	void aKeptCertificateMustStayTheSame(@TempDir Path directory) throws Exception {
		ServerTls first = ServerTls.selfSigned(directory);
		assertThat(ServerTls.selfSigned(directory).fingerprint()).isEqualTo(first.fingerprint());
		try (var files = Files.list(directory)) {
			assertThat(files).hasSize(2);
		}
	}

	@Test
	void aDamagedCertificateFileMustBeNamed(@TempDir Path directory) throws Exception {
		ServerTls.selfSigned(directory);
		Files.writeString(directory.resolve("development-key.pem"), "garbage");
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> ServerTls.selfSigned(directory))
			.withMessageContaining(directory.toString());
	}

	@Test
	void pooledStreamsMustBeTestedByPingAndReused() {
		TransportServer server = serve(this::answer);
		Connection connection = connect(server);
		try (Pool<RequestStream> pool = Pool.builder(new StreamLifecycle(connection, Duration.ofSeconds(5)))
			.name("streams")
			.minSize(1)
			.maxSize(1)
			.initialSize(1)
			.build()) {
			long id;
			try (Lease<RequestStream> lease = pool.borrow()) {
				id = lease.resource().stream().id();
				get(lease.resource().ping(Duration.ofSeconds(5)));
			}
			try (Lease<RequestStream> lease = pool.borrow()) {
				assertThat(lease.resource().stream().id()).isEqualTo(id);
			}
			assertThat(pool.stats().validations(ValidationPhase.CREATE).valid()).isPositive();
		}
	}

	@Test
	void aThousandStreamsOneAfterTheOtherMustNotUseUpTheLimit() {
		TransportServer server = serve(this::answer);
		Connection connection = connect(server);
		for (int i = 0; i < 3000; i++) {
			RequestStream stream = get(RequestStream.open(connection));
			get(stream.ping(Duration.ofSeconds(5)));
			stream.close();
		}
	}

	@Test
	void aSilentPeerMustLoseTheConnectionByHeartbeat() {
		TransportServer server = serve((stream, id, frame) -> frame.release());
		Connection connection = connect(server);
		RequestStream control = get(RequestStream.openControl(connection));
		Heartbeat.start(control, Duration.ofMillis(20));
		assertThat(get(connection.closed()).code()).isEqualTo(ErrorCode.HEARTBEAT_TIMEOUT);
	}

	@Test
	void aPeerThatRefusesPingsMustLoseTheConnectionForItsOwnReason() {
		TransportServer server = serve((stream, id, frame) -> {
			frame.release();
			stream.write(id, new Frame.ErrorReply(ErrorCode.OVERLOADED, "No pings now"));
		});
		Connection connection = connect(server);
		Heartbeat.start(get(RequestStream.openControl(connection)), Duration.ofSeconds(1));
		ProtocolException reason = get(connection.closed());
		assertThat(reason.code()).isEqualTo(ErrorCode.OVERLOADED);
		assertThat(reason).hasMessageContaining("No pings now");
	}

	private void answer(FrameStream stream, long id, Frame frame) {
		frame.release();
		if (frame instanceof Frame.Publish publish) {
			stream.write(id, new Frame.Receipt(new Position(0, publish.firstSequence()), false));
		}
		else if (frame instanceof Frame.CloseProducer close) {
			stream.write(id,
					new Frame.ErrorReply(ErrorCode.UNKNOWN_PRODUCER, "There is no producer " + close.producerId()));
		}
		else if (frame instanceof Frame.Ping ping) {
			stream.write(id, new Frame.Pong(ping.nonce()));
		}
	}

	private TransportServer serve(StreamHandler handler) {
		return serve(TransportOptions.DEFAULTS, handler);
	}

	private TransportServer serve(TransportOptions options, StreamHandler handler) {
		return serve(options, this.serverTls, handler);
	}

	private TransportServer serve(ServerTls tls, StreamHandler handler) {
		return serve(TransportOptions.DEFAULTS, tls, handler);
	}

	private TransportServer serve(TransportOptions options, ServerTls tls, StreamHandler handler) {
		return get(transport(options).bind(ANY_PORT, tls, (connection) -> {
			this.accepted.add(connection);
			return (stream) -> new StreamHandler() {

				@Override
				public void onFrame(FrameStream stream, long requestId, Frame frame) {
					handler.onFrame(stream, requestId, frame);
				}

				@Override
				public void onClosed(FrameStream stream, Throwable cause) {
					QuicTransportTest.this.streamEnds.add((cause != null) ? cause : new InOrder());
				}

			};
		}));
	}

	private Connection connect(TransportServer server) {
		return get(connecting(server, this.trusting));
	}

	private CompletionStage<Connection> connecting(TransportServer server, ClientTls tls) {
		return transport(TransportOptions.DEFAULTS).connect(server.address(), tls, (stream) -> noop());
	}

	private static X509Bundle certificateFor(String name) throws Exception {
		return new CertificateBuilder().ecp256()
			.subject("CN=" + name)
			.addSanDnsName(name)
			.setIsCertificateAuthority(true)
			.buildSelfSigned();
	}

	private static StreamHandler noop() {
		return (stream, id, frame) -> frame.release();
	}

	private QuicTransport transport(TransportOptions options) {
		QuicTransport transport = QuicTransport.create(options);
		this.transports.add(transport);
		return transport;
	}

	private static <T> T get(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
	}

	private static void assertFails(CompletionStage<?> stage, ErrorCode code, String message) {
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> stage.toCompletableFuture().get(20, TimeUnit.SECONDS))
			.havingCause()
			.isInstanceOf(ProtocolException.class)
			.withMessageContaining(message)
			.satisfies((failure) -> assertThat(((ProtocolException) failure).code()).isEqualTo(code));
	}

	/** In place of {@code null}, which the list of ends cannot hold. */
	private static final class InOrder extends Exception {

	}

}
