package io.weir.transport;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.channel.Channel;

import org.jspecify.annotations.Nullable;

import io.weir.wire.ErrorCode;

/**
 * A socket on which connections are accepted. Safe to use from any thread.
 */
public final class QuicServer {

	private final Set<QuicConnection> connections = ConcurrentHashMap.newKeySet();

	private volatile @Nullable Channel socket;

	QuicServer() {
	}

	void attach(Channel socket) {
		this.socket = socket;
	}

	void add(QuicConnection connection) {
		this.connections.add(connection);
		connection.closed().whenComplete((reason, ignored) -> this.connections.remove(connection));
	}

	/**
	 * Where the server listens.
	 * @return the address, with the port really bound
	 */
	public InetSocketAddress address() {
		return (InetSocketAddress) socket().localAddress();
	}

	/**
	 * Closes the connections, telling the clients that the server goes away, then the
	 * socket. Harmless when closed.
	 * @return completes when all is closed
	 */
	public CompletionStage<Void> close() {
		CompletableFuture<?>[] closing = this.connections.stream()
			.map((connection) -> connection.close(ErrorCode.GOING_AWAY, "The broker is shutting down"))
			.map(CompletionStage::toCompletableFuture)
			.toArray(CompletableFuture[]::new);
		return CompletableFuture.allOf(closing)
			.handle((ignored, failure) -> failure)
			.thenCompose((ignored) -> Futures.completion(socket().close()));
	}

	private Channel socket() {
		return Objects.requireNonNull(this.socket, "A server is handed out when it is bound");
	}

}
