package io.weir.benchmarks.engine;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.weir.transport.RequestStream;
import io.weir.transport.TransportOptions;
import io.weir.transport.quic.QuicTransport;
import io.weir.transport.tls.ClientTls;
import io.weir.wire.Frame;

/**
 * The clients of {@link ConnectionMemory}, in a process of their own: connect, say
 * CONNECT and nothing more; as many for each line that comes as it says.
 */
final class IdleConnections {

	private static final long PATIENCE_SECONDS = 30;

	private IdleConnections() {
	}

	/**
	 * Runs until its input ends.
	 * @param arguments port and fingerprint of the broker
	 * @throws Exception if a connection fails
	 */
	public static void main(String[] arguments) throws Exception {
		InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(),
				Integer.parseInt(arguments[0]));
		List<RequestStream> open = new ArrayList<>();
		BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		try (QuicTransport transport = QuicTransport.create(TransportOptions.DEFAULTS)) {
			for (String line = in.readLine(); line != null; line = in.readLine()) {
				for (int i = 0; i < Integer.parseInt(line); i++) {
					RequestStream control = await(transport
						.connect(address, ClientTls.pinned(arguments[1]),
								(unexpected) -> (stream, request, frame) -> frame.release())
						.thenCompose(RequestStream::openControl));
					await(control.request(new Frame.Connect("benchmark", null))).release();
					open.add(control);
				}
				System.out.println("open " + open.size());
			}
		}
	}

	private static <T> T await(CompletionStage<T> stage) throws Exception {
		return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
	}

}
