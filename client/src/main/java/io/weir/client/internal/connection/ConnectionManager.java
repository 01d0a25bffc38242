package io.weir.client.internal.connection;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.internal.schedule.ClientTimer;
import io.weir.client.internal.schedule.ClientTimer.Scheduled;
import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.pool.PoolStats;
import io.weir.time.Backoff;
import io.weir.transport.Connection;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * Keeps one session with the broker, for ever. {@link LinkState} has the states. What
 * happens is done on the manager's executor, one thing after the other; the methods are
 * safe to use from any thread.
 */
public final class ConnectionManager {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionManager.class);

	/** How soon another attempt beside a silent session follows the one before. */
	private static final Duration BESIDE_INTERVAL = Duration.ofSeconds(1);

	/** How long a broker that goes away may take to end the connection. */
	private static final Duration DRAIN_LIMIT = Duration.ofSeconds(30);

	private final CompletableFuture<Void> connected = new CompletableFuture<>();

	private final SessionEvents events;

	private final String name;

	private final SessionOpener opener;

	private final StreamPools pools;

	private final ConnectAttempts attempts;

	private final SerialExecutor executor;

	private final LinkListener listener;

	// Only touched on the manager's executor.

	private final SessionUsers users = new SessionUsers();

	private final RetryDelays delays;

	private final ConnectionLog failures;

	// Written on the manager's executor, read on any.

	private volatile ConnectionStatus status = new ConnectionStatus(new LinkState.Connecting(), null);

	/**
	 * Creates the manager.
	 * @param settings names and numbers
	 * @param opener opens sessions
	 * @param addresses where to
	 * @param backoff how long to wait after failures
	 * @param timer the client's timer
	 * @param blocking runs what may block: resolving names, loading certificates
	 * @param listener hears of every state
	 */
	public ConnectionManager(ConnectionSettings settings, SessionOpener opener, AddressRotation addresses,
			Backoff backoff, ClientTimer timer, Executor blocking, LinkListener listener) {
		this.name = settings.name();
		this.opener = opener;
		this.pools = new StreamPools(settings.minStreams(), settings.maxStreams());
		this.attempts = new ConnectAttempts(this::open, addresses, blocking);
		this.delays = new RetryDelays(backoff);
		this.executor = new SerialExecutor(timer);
		this.events = new TimedSessionEvents(this.executor, this);
		this.listener = listener;
		this.failures = new ConnectionLog(settings.serviceUrl());
	}

	/** Begins to connect. */
	public void start() {
		this.executor.execute(() -> {
			this.listener.changed(this);
			attempt();
		});
	}

	/**
	 * Tells somebody of the present session, if there is one, and of those that follow.
	 * @param user who
	 */
	public void register(SessionUser user) {
		this.executor.execute(() -> {
			BrokerSession session = state().session();
			if (this.users.add(user) && session != null && !(state() instanceof LinkState.Draining)) {
				user.sessionUp(session);
			}
		});
	}

	/**
	 * Takes back {@link #register(SessionUser)}.
	 * @param user who
	 */
	public void unregister(SessionUser user) {
		this.executor.execute(() -> this.users.remove(user));
	}

	/** For tests, on the manager's executor: how many are told of sessions. */
	int users() {
		return this.users.count();
	}

	/**
	 * What the manager is doing.
	 * @return the state
	 */
	public LinkState state() {
		return this.status.state();
	}

	/**
	 * Why there is no session.
	 * @return the last failure, or {@code null} while there is a session or none was
	 * tried
	 */
	public @Nullable ProtocolException lastFailure() {
		return this.status.lastFailure();
	}

	/**
	 * State and failure, as they belong together.
	 * @return the status
	 */
	public ConnectionStatus status() {
		return this.status;
	}

	/**
	 * Completes with the first session, or fails with the very first attempt.
	 * @return the stage
	 */
	public CompletionStage<Void> connected() {
		return this.connected.minimalCompletionStage();
	}

	/**
	 * The name of the stream pool, the same for all connections.
	 * @return the name
	 */
	public String poolName() {
		return this.name;
	}

	/**
	 * The figures of the stream pool.
	 * @return the figures, whose counters go on over all connections
	 */
	public PoolStats poolStats() {
		return this.pools.stats();
	}

	/** Replaces the idle streams of the pool. */
	public void evictIdleStreams() {
		this.pools.evict();
	}

	/**
	 * Changes the size of the pool, also of those of later connections.
	 * @param minSize how many streams are kept at least
	 * @param maxSize how many streams there may be
	 */
	public void resizePool(int minSize, int maxSize) {
		this.pools.resize(minSize, maxSize);
	}

	/**
	 * Ends the session and makes no other.
	 * @return completes when the connection is closed
	 */
	public CompletionStage<Void> close() {
		CompletableFuture<Void> closed = new CompletableFuture<>();
		this.executor.execute(() -> {
			BrokerSession session = state().session();
			become(state().close(), lastFailure());
			this.connected.completeExceptionally(clientClosed());
			CompletionStage<Void> end = CompletableFuture.completedStage(null);
			if (session != null) {
				this.users.tellDown(session, clientClosed());
				end = end(session, "The client was closed");
			}
			end.whenComplete((done, failure) -> closed.complete(null));
		});
		return closed;
	}

	private CompletionStage<Void> end(BrokerSession session, String why) {
		return this.pools.retire(session.pool()).thenCompose((done) -> session.connection().close(ErrorCode.NONE, why));
	}

	/** The state that follows, and what failed last. */
	private void become(LinkState next, @Nullable ProtocolException failure) {
		LinkState before = state();
		this.status = new ConnectionStatus(next, failure);
		if (before.getClass() != next.getClass()) {
			this.listener.changed(this);
		}
	}

	private void attempt() {
		if (state() instanceof LinkState.BackingOff backingOff) {
			become(backingOff.retry(), lastFailure());
		}
		else if (state() instanceof LinkState.Draining draining) {
			become(draining.retry(), lastFailure());
		}
		if (state() instanceof LinkState.Connecting || state() instanceof LinkState.Draining) {
			BrokerSession leaving = state().session();
			SocketAddress left = (leaving != null) ? leaving.connection().remoteAddress() : null;
			this.attempts.nextWithout(left).whenCompleteAsync(this::attempted, this.executor);
		}
	}

	private CompletionStage<BrokerSession> open(InetSocketAddress address) {
		return (state() instanceof LinkState.Closed) ? CompletableFuture.failedFuture(clientClosed())
				: this.opener.open(address, this.name, this.events);
	}

	private void attempted(@Nullable BrokerSession session, @Nullable Throwable failure) {
		if (session != null) {
			opened(session);
		}
		else if (failure != null) {
			failed(Failures.of(failure));
		}
	}

	private void opened(BrokerSession session) {
		if (state() instanceof LinkState.Connecting connecting) {
			established(connecting.established(session, this.executor.nanoTime()));
		}
		else if (state() instanceof LinkState.Draining draining) {
			move(draining.session(), draining.moved(session, this.executor.nanoTime()),
					new ProtocolException(ErrorCode.GOING_AWAY, "The broker went away"));
		}
		else if (state() instanceof LinkState.Doubtful doubtful) {
			this.failures.moved(doubtful.session().connection());
			move(doubtful.session(), doubtful.moved(session, this.executor.nanoTime()),
					new ProtocolException(ErrorCode.CONNECTION_LOST, "The broker did not answer"));
		}
		else if (state() instanceof LinkState.BackingOff backingOff) {
			established(backingOff.established(session, this.executor.nanoTime()));
		}
		else {
			end(session, "The client does not need the connection any more");
		}
	}

	/**
	 * What has no answer is asked again: the broker recognises what it knows, and
	 * replaces whoever is there still.
	 */
	private void move(BrokerSession left, LinkState.Ready ready, ProtocolException cause) {
		this.users.tellDown(left, cause);
		established(ready);
		end(left, "The client has another connection");
	}

	private void failed(ProtocolException cause) {
		if (state() instanceof LinkState.Connecting connecting) {
			this.failures.cannotConnect(cause);
			Duration delay = this.delays.afterFailure(cause);
			become(connecting.failed(delay, retryIn(delay)), cause);
			this.connected.completeExceptionally(cause);
		}
		else if (state() instanceof LinkState.Draining draining) {
			logger.debug("Cannot move to another address yet", cause);
			become(draining.failed(retryIn(this.delays.afterFailure(cause))), lastFailure());
		}
	}

	private void established(LinkState.Ready ready) {
		BrokerSession session = ready.session();
		this.pools.opened(session.pool());
		become(ready, null);
		this.failures.connected(session);
		session.connection().closed().thenAccept((cause) -> {
			this.pools.retire(session.pool());
			this.executor.execute(() -> lost(session, cause));
		});
		this.connected.complete(null);
		this.users.tellUp(session);
	}

	// Of sessions; on the manager's executor.

	void goesAway(Connection connection, Frame.GoAway notice) {
		if (state() instanceof LinkState.Ready ready && ready.session().connection() == connection) {
			logger.info("The broker at {} goes away: {}", connection.remoteAddress(), notice.reason());
			Scheduled deadline = this.executor.schedule(DRAIN_LIMIT,
					() -> connection.close(ErrorCode.NONE, "The broker went away"));
			become(ready.goAway(deadline), new ProtocolException(notice.code(), notice.reason()));
			attempt();
		}
	}

	void silent(Connection connection, Duration since) {
		BrokerSession session = state().session();
		if (session != null && session.connection() == connection) {
			session.silent();
		}
		if (state() instanceof LinkState.Ready ready && ready.session().connection() == connection) {
			ProtocolException why = new ProtocolException(ErrorCode.TIMEOUT,
					"The broker has not answered for " + since.toMillis() + " ms");
			this.failures.silent(connection, why);
			this.status = new ConnectionStatus(
					ready.silent(this.executor.schedule(BESIDE_INTERVAL, this::attemptBeside)), why);
			openBeside();
		}
	}

	void heardAgain(Connection connection) {
		BrokerSession session = state().session();
		if (session != null && session.connection() == connection) {
			session.heardAgain();
		}
		if (state() instanceof LinkState.Doubtful doubtful && doubtful.session().connection() == connection) {
			this.failures.answersAgain(connection);
			this.status = new ConnectionStatus(doubtful.heardAgain(), null);
		}
	}

	private void attemptBeside() {
		if (state() instanceof LinkState.Doubtful doubtful) {
			Scheduled next = this.executor.schedule(BESIDE_INTERVAL, this::attemptBeside);
			this.status = new ConnectionStatus(doubtful.retry(next), lastFailure());
			openBeside();
		}
	}

	/**
	 * The attempts before go on: on a slow network the first is the first to succeed. On
	 * one that lost its packets, or for a broker that is just back, QUIC would wait for
	 * seconds before it repeats them. If all fail, that is no news.
	 */
	private void openBeside() {
		this.attempts.next().thenAcceptAsync(this::opened, this.executor);
	}

	private void lost(BrokerSession session, ProtocolException cause) {
		LinkState before = state();
		if (before.session() != session) {
			return;
		}
		this.failures.lost(cause);
		if (before instanceof LinkState.Ready ready) {
			Duration delay = this.delays.afterLoss(this.executor.nanoTime() - ready.since(), cause);
			become(ready.lost(delay, retryIn(delay)), cause);
		}
		else if (before instanceof LinkState.Doubtful doubtful) {
			Duration delay = this.delays.afterLoss(this.executor.nanoTime() - doubtful.since(), cause);
			become(doubtful.lost(delay, retryIn(delay)), cause);
		}
		else if (before instanceof LinkState.Draining draining && draining.isAttempting()) {
			become(draining.lost(), cause);
		}
		else if (before instanceof LinkState.Draining draining) {
			Duration delay = this.delays.afterLoss(this.executor.nanoTime() - draining.since(), cause);
			become(draining.lost(delay, retryIn(delay)), cause);
		}
		this.users.tellDown(session, cause);
	}

	private Scheduled retryIn(Duration delay) {
		return this.executor.schedule(delay, this::attempt);
	}

	private static ProtocolException clientClosed() {
		return new ProtocolException(ErrorCode.CLOSED, "The client was closed");
	}

}
