package io.weir.benchmarks.endtoend;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.Unpooled;

import io.weir.transport.FrameStream;
import io.weir.transport.RequestStream;
import io.weir.transport.TransportOptions;
import io.weir.transport.TransportServer;
import io.weir.transport.quic.QuicTransport;
import io.weir.transport.tls.ClientTls;
import io.weir.transport.tls.ServerTls;
import io.weir.wire.Frame;
import io.weir.wire.Position;

/**
 * One request and one receipt for each message, over one stream, with nothing behind it:
 * what no broker on this transport can beat without batching.
 */
final class TransportBaseline {

	private TransportBaseline() {
	}

	static Result run(Load load) throws Exception {
		ServerTls tls = ServerTls.selfSigned();
		try (QuicTransport serving = QuicTransport.create(TransportOptions.DEFAULTS);
				QuicTransport connecting = QuicTransport.create(TransportOptions.DEFAULTS)) {
			TransportServer server = await(serving.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), tls,
					(connection) -> (stream) -> TransportBaseline::answer));
			RequestStream stream = await(connecting
				.connect(server.address(), ClientTls.pinned(tls.fingerprint()),
						(unexpected) -> TransportBaseline::answer)
				.thenCompose(RequestStream::open));
			long[] latencies = new long[load.singles()];
			for (int i = 0; i < latencies.length; i++) {
				long start = System.nanoTime();
				await(stream.request(publish(load, i))).release();
				latencies[i] = System.nanoTime() - start;
			}
			long start = System.nanoTime();
			Semaphore inFlight = new Semaphore(Load.IN_FLIGHT);
			for (int i = 0; i < load.messages(); i++) {
				inFlight.acquire();
				stream.request(publish(load, i)).whenComplete((answer, failure) -> inFlight.release());
			}
			inFlight.acquire(Load.IN_FLIGHT);
			return Result.of(load.messages(), System.nanoTime() - start, latencies);
		}
	}

	private static Frame publish(Load load, int sequence) {
		return new Frame.Publish(1, sequence, 1, Unpooled.wrappedBuffer(load.payload()));
	}

	private static void answer(FrameStream stream, long requestId, Frame frame) {
		frame.release();
		stream.write(requestId, new Frame.Receipt(new Position(0, 0), false));
	}

	private static <T> T await(CompletionStage<T> stage) throws Exception {
		return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
	}

}
