package io.weir.transport.quic;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.transport.Connection;
import io.weir.transport.ConnectionAcceptor;
import io.weir.transport.RequestStream;
import io.weir.transport.TransportOptions;
import io.weir.transport.TransportServer;
import io.weir.transport.stream.ErrorReports;
import io.weir.transport.tls.ClientTls;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.Budgets;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Errors that come to an event loop end what they hit, and are told. */
class ErrorReportsTest {

	private static final Error ERROR = new OutOfMemoryError("as the test wants");

	private final List<Error> heard = new CopyOnWriteArrayList<>();

	private final ServerTls tls = ServerTls.selfSigned();

	private final QuicTransport serving = QuicTransport.create(TransportOptions.DEFAULTS, "serving", this.heard::add,
			null);

	private final QuicTransport connecting = QuicTransport.create(TransportOptions.DEFAULTS, "connecting");

	@AfterEach
	void close() {
		this.connecting.close();
		this.serving.close();
	}

	@Test
	void errorAtAFrameMustEndTheStreamAndBeTold() {
		Connection connection = connect((accepted) -> (stream) -> (same, id, frame) -> {
			frame.release();
			throw ERROR;
		});
		RequestStream stream = get(RequestStream.open(connection));
		stream.send(new Frame.Ping(1));
		await().untilAsserted(() -> assertThat(this.heard).containsExactly(ERROR));
		await().until(() -> !stream.stream().isOpen());
		assertThat(connection.isOpen()).isTrue();
	}

	@Test
	void errorAtANewStreamMustBeTold() {
		Connection connection = connect((accepted) -> (stream) -> {
			throw ERROR;
		});
		get(RequestStream.open(connection)).send(new Frame.Ping(1));
		await().untilAsserted(() -> assertThat(this.heard).contains(ERROR));
	}

	@Test
	void errorAtANewConnectionMustEndItAndBeTold() {
		Connection connection = connect((accepted) -> {
			throw ERROR;
		});
		await().untilAsserted(() -> assertThat(this.heard).contains(ERROR));
		assertThat(get(connection.closed())).isInstanceOf(ProtocolException.class);
	}

	@Test
	void errorThatNoHandlerTakesMustBeToldAtTheEndOfThePipeline() {
		EmbeddedChannel socket = new EmbeddedChannel(new ErrorReports(this.heard::add).lastHandler());
		socket.pipeline().fireExceptionCaught(ERROR);
		assertThat(this.heard).containsExactly(ERROR);
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(socket::checkException);
	}

	@Test
	void scheduledTaskThatFailsMustBeToldAndGoOn() {
		Runnable task = new ErrorReports(this.heard::add).guarded("The task", () -> {
			throw ERROR;
		});
		task.run();
		task.run();
		assertThat(this.heard).containsExactly(ERROR, ERROR);
	}

	private Connection connect(ConnectionAcceptor acceptor) {
		TransportServer server = get(this.serving.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
				this.tls, acceptor, Budgets.unlimited()));
		return get(this.connecting.connect(server.address(), ClientTls.pinned(this.tls.fingerprint()),
				(stream) -> (unexpected, id, frame) -> frame.release()));
	}

	private static <T> T get(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
	}

}
