package io.weir.transport;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.weir.pool.DestroyReason;
import io.weir.pool.ResourceLifecycle;
import io.weir.wire.Frame;

/**
 * Tells a pool how streams of a connection are opened, tested and closed. The deep test
 * is a ping on that very stream; the cheap one looks at its state only.
 */
public final class StreamLifecycle implements ResourceLifecycle<RequestStream> {

	private final Connection connection;

	private final Duration pingTimeout;

	/**
	 * Creates the lifecycle.
	 * @param connection the connection
	 * @param pingTimeout how long a stream may take to answer before it counts as invalid
	 */
	public StreamLifecycle(Connection connection, Duration pingTimeout) {
		this.connection = connection;
		this.pingTimeout = pingTimeout;
	}

	@Override
	public CompletionStage<RequestStream> create() {
		return RequestStream.open(this.connection);
	}

	@Override
	public boolean isUsable(RequestStream stream) {
		return stream.isOpen();
	}

	@Override
	public CompletionStage<Boolean> validate(RequestStream stream) {
		return stream.ping(this.pingTimeout).handle((ignored, failure) -> failure == null);
	}

	@Override
	public CompletionStage<Void> destroy(RequestStream stream, DestroyReason reason) {
		// Whoever holds it is still told of its end.
		stream.onPush(Frame::release);
		stream.close();
		return CompletableFuture.completedFuture(null);
	}

}
