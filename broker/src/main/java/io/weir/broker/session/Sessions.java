package io.weir.broker.session;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.engine.ClientSessions;
import io.weir.broker.engine.Command;
import io.weir.concurrent.DaemonThreads;
import io.weir.message.Topic;
import io.weir.pool.CreationFailurePolicy;
import io.weir.pool.Pool;
import io.weir.transport.Connection;
import io.weir.transport.ConnectionAcceptor;
import io.weir.transport.RequestStream;
import io.weir.transport.StreamAcceptor;
import io.weir.transport.StreamLifecycle;
import io.weir.wire.BrokerLimit;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * The sessions of all connections. Safe to use from any thread.
 */
public final class Sessions implements ConnectionAcceptor, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Sessions.class);

	/** How long a stream that the broker opened may lie idle. */
	private static final Duration STREAM_IDLE_TIME = Duration.ofSeconds(30);

	private static final int SHUTDOWN_SECONDS = 5;

	private final Set<Session> sessions = ConcurrentHashMap.newKeySet();

	private final ClientSessions registry;

	private volatile boolean draining;

	private final SessionSettings settings;

	private final IncomingBatches batches;

	private final BiConsumer<Topic, Command> engine;

	private final Consumer<Error> errors;

	private final Duration streamIdleTime;

	private final SessionWatch watch;

	/** Looks after sessions and their stream pools, on one thread. */
	private final ScheduledThreadPoolExecutor poolMaintenance;

	/**
	 * Creates sessions for connections.
	 * @param settings what clients are told
	 * @param engine takes the commands, must not block
	 * @param registry where they are told the engine's effects
	 */
	public Sessions(SessionSettings settings, BiConsumer<Topic, Command> engine, ClientSessions registry) {
		this(settings, engine, registry, (error) -> {
		});
	}

	/**
	 * Creates sessions for connections.
	 * @param settings what clients are told
	 * @param engine takes the commands, must not block
	 * @param registry where they are told the engine's effects
	 * @param errors is told of an {@link Error} after which the JVM may be unsound
	 */
	public Sessions(SessionSettings settings, BiConsumer<Topic, Command> engine, ClientSessions registry,
			Consumer<Error> errors) {
		this(settings, engine, registry, STREAM_IDLE_TIME, errors);
	}

	Sessions(SessionSettings settings, BiConsumer<Topic, Command> engine, ClientSessions registry,
			Duration streamIdleTime, Consumer<Error> errors) {
		this.registry = registry;
		this.errors = errors;
		this.settings = settings;
		this.batches = new IncomingBatches(settings);
		this.engine = engine;
		this.streamIdleTime = streamIdleTime;
		settings.partitions().onChange((topic) -> this.sessions.forEach((session) -> session.partitionsChanged(topic)));
		this.poolMaintenance = DaemonThreads.newScheduler(DaemonThreads.named("weir-broker-streams"));
		this.watch = new SessionWatch(settings.sessionTimeout(), this.sessions, this::endSilent, System.nanoTime());
		long interval = this.watch.interval().toNanos();
		this.poolMaintenance.scheduleWithFixedDelay(this::look, interval, interval, TimeUnit.NANOSECONDS);
	}

	private void look() {
		try {
			this.watch.look(System.nanoTime());
		}
		catch (RuntimeException | Error ex) {
			if (ex instanceof Error error) {
				this.errors.accept(error);
			}
			logger.error("Looking for dead sessions failed; it is tried again", ex);
		}
	}

	@Override
	public StreamAcceptor accept(Connection connection) {
		Session session = this.registry.add((id) -> new Session(id, connection, this.settings, this.batches,
				this.engine, () -> newPool(id, connection)));
		this.sessions.add(session);
		connection.closed().thenAccept((why) -> end(session, why));
		if (this.draining) {
			drain(session);
		}
		return session;
	}

	/**
	 * What such a client holds is free at once: how long QUIC takes to close a connection
	 * with somebody who does not answer depends on the network.
	 */
	private void endSilent(Session session) {
		this.settings.budgets().of(BrokerLimit.SESSION_TIMEOUT).countRefusal();
		Connection connection = session.connection();
		ProtocolException why = new ProtocolException(ErrorCode.HEARTBEAT_TIMEOUT,
				"Nothing was heard of the client for " + this.settings.sessionTimeout().toMillis() + " ms");
		logger.info("Session {} with {} ends: {}", session.id(), connection.remoteAddress(), why.getMessage());
		connection.executor().execute(() -> end(session, why));
		connection.close(why.code(), String.valueOf(why.getMessage()));
	}

	private void end(Session session, ProtocolException why) {
		if (this.sessions.remove(session)) {
			this.registry.remove(session.id());
			session.ended(why);
		}
	}

	/**
	 * Batches that were refused because they had another checksum than they should.
	 * @return how many
	 */
	public long damagedBatches() {
		return this.batches.damaged();
	}

	/**
	 * What was refused because it exceeds a limit of the protocol.
	 * @return how much
	 */
	public ProtocolRefusals refusals() {
		return this.batches.refusals();
	}

	/** For tests, which tell the time. */
	SessionWatch watch() {
		return this.watch;
	}

	/**
	 * The streams that the broker opens for deliveries on a connection. If the client
	 * takes none, those who wait are to know at once.
	 */
	private Pool<RequestStream> newPool(long session, Connection connection) {
		return Pool.builder(new StreamLifecycle(connection, PooledDeliveries.PING_TIMEOUT))
			.name("session-" + session)
			.maxSize(PooledDeliveries.MAX_STREAMS)
			.maxIdleTime(this.streamIdleTime)
			.creationFailurePolicy(CreationFailurePolicy.FAIL_FAST)
			.scheduler(this.poolMaintenance)
			.build();
	}

	/**
	 * Tells all clients that the broker goes away, and takes nothing new from them; nor
	 * does it take new clients, which should go to another broker at once.
	 * @return completes when they were told
	 */
	public CompletionStage<Void> drain() {
		this.draining = true;
		return all(Sessions::drain);
	}

	private static CompletableFuture<Void> drain(Session session) {
		return session.drain(ErrorCode.GOING_AWAY, "The broker is shutting down");
	}

	/**
	 * Waits until the clients have answered a ping, and so have most likely seen what
	 * they were told before.
	 * @return completes when they have, or are gone
	 */
	public CompletionStage<Void> flush() {
		return all(Session::flush);
	}

	private CompletionStage<Void> all(Function<Session, CompletableFuture<Void>> action) {
		return CompletableFuture.allOf(this.sessions.stream().map(action).toArray(CompletableFuture[]::new));
	}

	/**
	 * How many clients are connected.
	 * @return the number
	 */
	public int count() {
		return this.sessions.size();
	}

	/**
	 * Ends the thread of the stream pools, which close with their connections: close
	 * those first. Harmless when closed.
	 */
	@Override
	public void close() {
		this.poolMaintenance.shutdown();
		try {
			this.poolMaintenance.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
