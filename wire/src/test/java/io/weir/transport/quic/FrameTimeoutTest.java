package io.weir.transport.quic;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.Unpooled;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.RequestStream;
import io.weir.transport.TransportOptions;
import io.weir.transport.TransportServer;
import io.weir.transport.tls.ClientTls;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;
import io.weir.wire.Frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A server that does not wait for ever for the rest of a frame. */
class FrameTimeoutTest {

	private static final int REST = 100_000;

	private final QuicTransport transport = QuicTransport.create(TransportOptions.DEFAULTS);

	private final Budgets budgets = new Budgets((limit) -> (limit == BrokerLimit.FRAME_TIMEOUT) ? 100 : Long.MAX_VALUE);

	private final Queue<FrameStream> served = new ConcurrentLinkedQueue<>();

	@AfterEach
	void close() {
		this.transport.close();
	}

	@Test
	void timeInWhichTheServerDoesNotReadMustNotCount() {
		ServerTls tls = ServerTls.selfSigned();
		TransportServer server = get(
				this.transport.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), tls, (connection) -> {
					connection.admit();
					return (stream) -> this::serve;
				}, this.budgets));
		Connection connection = get(this.transport.connect(server.address(), ClientTls.pinned(tls.fingerprint()),
				(stream) -> (unexpected, id, frame) -> frame.release()));
		RequestStream heldBack = get(RequestStream.open(connection));
		// At once: the time counts until the server has the second.
		connection.executor().execute(() -> {
			heldBack.send(new Frame.Fragment(REST, Unpooled.buffer().writeZero(1024)));
			heldBack.send(new Frame.Ping(1));
		});
		await().until(() -> !this.served.isEmpty());
		Budget timeout = this.budgets.of(BrokerLimit.FRAME_TIMEOUT);
		for (int i = 1; i <= 3; i++) {
			long ended = i;
			get(RequestStream.open(connection)).send(new Frame.Fragment(REST, Unpooled.buffer().writeZero(1024)));
			await().until(() -> timeout.refused() == ended);
		}
		assertThat(heldBack.stream().isOpen()).isTrue();
		this.served.remove().setReading(true);
		await().until(() -> timeout.refused() == 4);
		await().until(() -> !heldBack.stream().isOpen());
	}

	private void serve(FrameStream stream, long id, Frame frame) {
		frame.release();
		stream.setReading(false);
		this.served.add(stream);
	}

	private static <T> T get(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
	}

}
