package io.weir.client;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.connection.BrokerSession;
import io.weir.client.internal.connection.ConnectionManager;
import io.weir.client.internal.connection.ConnectionStatus;
import io.weir.client.internal.connection.LinkState;
import io.weir.pool.PoolStats;
import io.weir.wire.ProtocolException;

/**
 * A client's connections. Producers and consumers are given to them in turn, and stay
 * with theirs for life: only so can a producer's batches share a stream and an event
 * loop. Safe to use from any thread.
 */
final class Connections {

	/** What is best for somebody who asks how the client as a whole is doing. */
	private static final List<ConnectionState> BEST_FIRST = List.of(ConnectionState.READY, ConnectionState.DRAINING,
			ConnectionState.CONNECTING, ConnectionState.BACKING_OFF, ConnectionState.CLOSED);

	private final AtomicInteger producers = new AtomicInteger();

	private final AtomicInteger consumers = new AtomicInteger();

	private final List<ConnectionManager> managers;

	Connections(List<ConnectionManager> managers) {
		this.managers = List.copyOf(managers);
	}

	void start() {
		this.managers.forEach(ConnectionManager::start);
	}

	List<ConnectionManager> managers() {
		return this.managers;
	}

	ConnectionManager forProducer() {
		return next(this.producers);
	}

	/** Counted apart: else pairs of a producer and a consumer would part them all. */
	ConnectionManager forConsumer() {
		return next(this.consumers);
	}

	private ConnectionManager next(AtomicInteger given) {
		return this.managers.get(Math.floorMod(given.getAndIncrement(), this.managers.size()));
	}

	List<ConnectionInfo> infos() {
		return this.managers.stream().map(Connections::info).toList();
	}

	static ConnectionInfo info(ConnectionManager manager) {
		ConnectionStatus status = manager.status();
		ProtocolException failure = status.lastFailure();
		return new ConnectionInfo(manager.poolName(), state(status.state()), address(status.state().session()),
				(failure != null) ? WeirException.from(failure) : null);
	}

	private static @Nullable InetSocketAddress address(@Nullable BrokerSession session) {
		return (session != null && session.connection().remoteAddress() instanceof InetSocketAddress address) ? address
				: null;
	}

	private static ConnectionState state(LinkState state) {
		if (state instanceof LinkState.Ready || state instanceof LinkState.Doubtful) {
			return ConnectionState.READY;
		}
		if (state instanceof LinkState.Draining) {
			return ConnectionState.DRAINING;
		}
		if (state instanceof LinkState.Connecting) {
			return ConnectionState.CONNECTING;
		}
		return (state instanceof LinkState.BackingOff) ? ConnectionState.BACKING_OFF : ConnectionState.CLOSED;
	}

	/** The best of their states. */
	ConnectionState state() {
		return this.managers.stream()
			.map((manager) -> state(manager.state()))
			.min((one, other) -> Integer.compare(BEST_FIRST.indexOf(one), BEST_FIRST.indexOf(other)))
			.orElse(ConnectionState.CLOSED);
	}

	@Nullable WeirException lastFailure() {
		for (ConnectionManager manager : this.managers) {
			ProtocolException failure = manager.lastFailure();
			if (failure != null) {
				return WeirException.from(failure);
			}
		}
		return null;
	}

	/** When the first one has a session for the first time. */
	CompletableFuture<Void> connected() {
		CompletableFuture<Void> connected = new CompletableFuture<>();
		this.managers.get(0).connected().whenComplete((ignored, failure) -> {
			if (failure != null) {
				connected.completeExceptionally(WeirException.from(failure));
			}
			else {
				connected.complete(null);
			}
		});
		return connected;
	}

	Map<String, PoolStats> pools() {
		Map<String, PoolStats> pools = new LinkedHashMap<>();
		this.managers.forEach((manager) -> pools.put(manager.poolName(), manager.poolStats()));
		return pools;
	}

	void evictIdleStreams(String pool) {
		managerOf(pool).evictIdleStreams();
	}

	void resizePool(String pool, int minSize, int maxSize) {
		managerOf(pool).resizePool(minSize, maxSize);
	}

	private ConnectionManager managerOf(String pool) {
		return this.managers.stream()
			.filter((manager) -> manager.poolName().equals(pool))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(
					"There is no pool '" + pool + "'; there are " + pools().keySet()));
	}

	/** Completes when all are closed. */
	CompletableFuture<Void> close() {
		return CompletableFuture.allOf(this.managers.stream()
			.map((manager) -> manager.close().toCompletableFuture())
			.toArray(CompletableFuture[]::new));
	}

}
