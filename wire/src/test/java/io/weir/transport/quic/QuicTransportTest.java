package io.weir.transport.quic;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
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

import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.RequestStream;
import io.weir.transport.StreamHandler;
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

/**
 * What is said of QUIC only; what every carrier must do is in {@code CarrierContract}.
 */
class QuicTransportTest {

	private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

	private static final TransportOptions IMPATIENT = TransportOptions.DEFAULTS
		.withConnectTimeout(Duration.ofMillis(300));

	private final List<QuicTransport> transports = new ArrayList<>();

	private final ServerTls serverTls = ServerTls.selfSigned();

	private final ClientTls trusting = ClientTls.pinned(this.serverTls.fingerprint());

	@AfterEach
	void closeTransports() {
		this.transports.forEach(QuicTransport::close);
	}

	@Test
	void aFrameLargerThanTheStreamWindowMustArriveWhole() {
		TransportServer server = serve(QuicTransportTest::answer);
		RequestStream stream = get(RequestStream.open(connect(server)));
		ByteBuf batch = Unpooled.buffer(4 * 1024 * 1024).writeZero(4 * 1024 * 1024);
		assertThat(get(stream.request(new Frame.Publish(1, 7, 1, batch))))
			.isEqualTo(new Frame.Receipt(new Position(0, 7), false));
		assertThat(batch.refCnt()).isZero();
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
		TransportServer server = serve(QuicTransportTest::answer);
		assertFails(connecting(server, ClientTls.jvmTrustStore()), ErrorCode.UNTRUSTED_CERTIFICATE, "not trusted");
	}

	@Test
	void aTrustedCertificateMustBeAcceptedForItsName() throws Exception {
		X509Bundle bundle = certificateFor("localhost");
		TransportServer server = serve(ServerTls.of(bundle.toKeyManagerFactory()), QuicTransportTest::answer);
		InetSocketAddress byName = new InetSocketAddress("localhost", server.address().getPort());
		get(transport(TransportOptions.DEFAULTS).connect(byName, ClientTls.trust(bundle.toTrustManagerFactory()),
				(stream) -> noop()));
	}

	@Test
	void aTrustedCertificateForAnotherNameMustNotBeTrusted() throws Exception {
		X509Bundle bundle = certificateFor("other.example");
		TransportServer server = serve(ServerTls.of(bundle.toKeyManagerFactory()), QuicTransportTest::answer);
		InetSocketAddress byName = new InetSocketAddress("localhost", server.address().getPort());
		assertFails(transport(TransportOptions.DEFAULTS).connect(byName,
				ClientTls.trust(bundle.toTrustManagerFactory()), (stream) -> noop()), ErrorCode.UNTRUSTED_CERTIFICATE,
				"localhost");
	}

	@Test
	void aPeerOfAnotherProtocolMustBeNamedSo() throws Exception {
		TransportServer server = serve(QuicTransportTest::answer);
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

	private static void answer(FrameStream stream, long id, Frame frame) {
		frame.release();
		if (frame instanceof Frame.Publish publish) {
			stream.write(id, new Frame.Receipt(new Position(0, publish.firstSequence()), false));
		}
	}

	private TransportServer serve(StreamHandler handler) {
		return serve(this.serverTls, handler);
	}

	private TransportServer serve(ServerTls tls, StreamHandler handler) {
		return get(transport(TransportOptions.DEFAULTS).bind(ANY_PORT, tls, (connection) -> (stream) -> handler));
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

}
