package io.weir.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.netty.buffer.Unpooled;

import io.weir.concurrent.Causes;
import io.weir.transport.tls.ClientTls;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A server and its clients over one carrier. */
final class CarrierFixture implements AutoCloseable {

	static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

	static final Duration PATIENCE = Duration.ofSeconds(20);

	private final Function<TransportOptions, Transport> carrier;

	private final List<Transport> transports = new ArrayList<>();

	private final List<Connection> accepted = new CopyOnWriteArrayList<>();

	private final List<HeardStream> heard = new CopyOnWriteArrayList<>();

	private final ServerTls tls = ServerTls.selfSigned();

	private final ClientTls trusting = ClientTls.pinned(this.tls.fingerprint());

	CarrierFixture(Function<TransportOptions, Transport> carrier) {
		this.carrier = carrier;
	}

	Transport transport(TransportOptions options) {
		Transport transport = this.carrier.apply(options);
		this.transports.add(transport);
		return transport;
	}

	ServerTls tls() {
		return this.tls;
	}

	ClientTls trusting() {
		return this.trusting;
	}

	TransportServer serve(StreamHandler handler) {
		return serve(TransportOptions.DEFAULTS, Budgets.unlimited(), handler);
	}

	TransportServer serve(TransportOptions options, Budgets budgets, StreamHandler handler) {
		return get(transport(options).bind(ANY_PORT, this.tls, (connection) -> {
			this.accepted.add(connection);
			return (stream) -> {
				HeardStream heard = new HeardStream(handler, stream);
				this.heard.add(heard);
				return heard;
			};
		}, budgets));
	}

	Connection connect(TransportServer server) {
		return get(connecting(server, this.trusting));
	}

	CompletionStage<Connection> connecting(TransportServer server, ClientTls tls) {
		return transport(TransportOptions.DEFAULTS).connect(server.address(), tls, (stream) -> CarrierFixture::drop);
	}

	/** The connections that servers have accepted. */
	List<Connection> accepted() {
		return this.accepted;
	}

	/** The streams that servers have accepted. */
	List<HeardStream> heard() {
		return this.heard;
	}

	@Override
	public void close() {
		this.transports.forEach(Transport::close);
	}

	/** A batch whose bytes are all its number. */
	static Frame.Publish batch(long sequence, int size) {
		byte[] bytes = new byte[size];
		Arrays.fill(bytes, (byte) sequence);
		return new Frame.Publish(1, sequence, 1, Unpooled.wrappedBuffer(bytes));
	}

	/** A handler that says to each request what a broker would. */
	static void answer(FrameStream stream, long id, Frame frame) {
		frame.release();
		if (frame instanceof Frame.Publish publish && id != 0) {
			stream.write(id, new Frame.Receipt(new Position(0, publish.firstSequence()), false));
		}
		else if (frame instanceof Frame.Ping ping) {
			stream.write(id, new Frame.Pong(ping.nonce()));
		}
	}

	/** A handler that says nothing. */
	static void drop(FrameStream stream, long id, Frame frame) {
		frame.release();
	}

	static <T> T get(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
	}

	/** A new stream of a new connection. */
	RequestStream openTo(TransportServer server) {
		return get(RequestStream.open(connect(server)));
	}

	/** The stream that a server has accepted, when it has. */
	HeardStream onlyHeard() {
		await().atMost(PATIENCE).until(() -> this.heard.size() == 1);
		return this.heard.get(0);
	}

	/** The connection that a server has accepted, when it has. */
	Connection onlyAccepted() {
		await().atMost(PATIENCE).until(() -> this.accepted.size() == 1);
		return this.accepted.get(0);
	}

	static void assertFails(CompletionStage<?> stage, ErrorCode code) {
		assertThat(failure(stage).code()).isEqualTo(code);
	}

	static ProtocolException failure(CompletionStage<?> stage) {
		Throwable failure = get(stage.handle((done, thrown) -> thrown));
		assertThat(failure).as("the failure of what must fail").isNotNull();
		Throwable cause = Causes.unwrap(failure);
		assertThat(cause).isInstanceOf(ProtocolException.class);
		return (ProtocolException) cause;
	}

}
