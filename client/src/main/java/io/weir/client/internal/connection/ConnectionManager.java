package io.weir.client.internal.connection;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.internal.schedule.ClientTimer;
import io.weir.client.internal.schedule.ClientTimer.Scheduled;
import io.weir.pool.PoolStats;
import io.weir.transport.Connection;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * Keeps one session with the broker, for ever. {@link LinkState} has the states. What
 * happens is done on the timer's thread, one thing after the other; the methods are safe
 * to use from any thread.
 */
public final class ConnectionManager {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionManager.class);

	/** How long a broker that goes away may take to end the connection. */
	private static final Duration DRAIN_LIMIT = Duration.ofSeconds(30);

	private final CompletableFuture<Void> connected = new CompletableFuture<>();

	private final String name;

	private final SessionOpener opener;

	private final StreamPools pools;

	private final AddressRotation addresses;

	private final ClientTimer timer;

	private final Executor blocking;

	// Only touched on the timer's thread.

	private final Set<SessionUser> users = new LinkedHashSet<>();

	private final Backoff backoff;

	private final FailureLog failures;

	// Written on the timer's thread, read on any.

	private volatile LinkState state = new LinkState.Connecting();

	private volatile @Nullable ProtocolException lastFailure;

	/**
	 * Creates the manager.
	 * @param settings names and numbers
	 * @param opener opens sessions
	 * @param addresses where to
	 * @param backoff how long to wait after failures
	 * @param timer the client's timer
	 * @param blocking runs what may block: resolving names, loading certificates
	 */
	public ConnectionManager(Settings settings, SessionOpener opener, AddressRotation addresses, Backoff backoff,
			ClientTimer timer, Executor blocking) {
		this.name = settings.name();
		this.opener = opener;
		this.pools = new StreamPools(settings.minStreams(), settings.maxStreams());
		this.addresses = addresses;
		this.backoff = backoff;
		this.timer = timer;
		this.blocking = blocking;
		this.failures = new FailureLog(settings.serviceUrl());
	}

	/** Begins to connect. */
	public void start() {
		this.timer.execute(this::attempt);
	}

	/**
	 * Tells somebody of the present session, if there is one, and of those that follow.
	 * @param user who
	 */
	public void register(SessionUser user) {
		this.timer.execute(() -> {
			if (this.users.add(user) && this.state instanceof LinkState.Ready ready) {
				user.sessionUp(ready.session());
			}
		});
	}

	/**
	 * Takes back {@link #register(SessionUser)}.
	 * @param user who
	 */
	public void unregister(SessionUser user) {
		this.timer.execute(() -> this.users.remove(user));
	}

	/**
	 * What the manager is doing.
	 * @return the state
	 */
	public LinkState state() {
		return this.state;
	}

	/**
	 * Why there is no session.
	 * @return the last failure, or {@code null} while there is a session or none was
	 * tried
	 */
	public @Nullable ProtocolException lastFailure() {
		return this.lastFailure;
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
	 * Ends the session and makes no other.
	 * @return completes when the connection is closed
	 */
	public CompletionStage<Void> close() {
		CompletableFuture<Void> closed = new CompletableFuture<>();
		this.timer.execute(() -> {
			Session session = session(this.state);
			this.state = this.state.close();
			this.connected.completeExceptionally(clientClosed());
			CompletionStage<Void> end = (session != null) ? end(session) : CompletableFuture.completedStage(null);
			end.whenComplete((done, failure) -> closed.complete(null));
		});
		return closed;
	}

	private CompletionStage<Void> end(Session session) {
		tellDown(session, clientClosed());
		return this.pools.retire(session.pool())
			.thenCompose((done) -> session.connection().close(ErrorCode.NONE, "The client was closed"));
	}

	private void attempt() {
		if (this.state instanceof LinkState.BackingOff backingOff) {
			this.state = backingOff.retry();
		}
		if (this.state instanceof LinkState.Connecting) {
			CompletableFuture.supplyAsync(this.addresses::next, this.blocking)
				.thenCompose((candidates) -> tryInTurn(candidates, 0))
				.whenCompleteAsync(this::attempted, this.timer);
		}
	}

	private CompletionStage<Session> tryInTurn(List<InetSocketAddress> candidates, int index) {
		if (this.state instanceof LinkState.Closed) {
			return CompletableFuture.failedFuture(clientClosed());
		}
		CompletionStage<Session> attempt = this.opener.open(candidates.get(index), this.name, this::goesAway);
		if (index + 1 == candidates.size()) {
			return attempt;
		}
		return attempt.exceptionallyComposeAsync((failure) -> tryInTurn(candidates, index + 1), this.blocking);
	}

	private void attempted(@Nullable Session session, @Nullable Throwable failure) {
		if (session != null) {
			this.pools.opened(session.pool());
			if (this.state instanceof LinkState.Connecting connecting) {
				established(connecting, session);
			}
			else {
				end(session);
			}
		}
		else if (failure != null && this.state instanceof LinkState.Connecting connecting) {
			ProtocolException cause = Failures.of(failure);
			this.lastFailure = cause;
			this.failures.cannotConnect(cause);
			Duration delay = delayAfter(cause);
			this.state = connecting.failed(delay, retryIn(delay));
			this.connected.completeExceptionally(cause);
		}
	}

	private void established(LinkState.Connecting connecting, Session session) {
		this.state = connecting.established(session, this.timer.nanoTime());
		this.lastFailure = null;
		this.failures.connected(session);
		session.connection().closed().thenAccept((cause) -> {
			this.pools.retire(session.pool());
			this.timer.execute(() -> lost(session, cause));
		});
		this.connected.complete(null);
		List.copyOf(this.users).forEach((user) -> user.sessionUp(session));
	}

	/** On the event loop, so that it hops to the timer behind what came before it. */
	private void goesAway(Connection connection, Frame.GoAway notice) {
		this.timer.execute(() -> {
			if (this.state instanceof LinkState.Ready ready && ready.session().connection() == connection) {
				logger.info("The broker goes away: {}", notice.reason());
				Scheduled deadline = this.timer.schedule(DRAIN_LIMIT,
						() -> connection.close(ErrorCode.NONE, "The broker went away"));
				this.state = ready.goAway(deadline);
			}
		});
	}

	private void lost(Session session, ProtocolException cause) {
		LinkState before = this.state;
		if (session(before) != session) {
			return;
		}
		this.lastFailure = cause;
		this.failures.lost(cause);
		if (before instanceof LinkState.Ready ready) {
			Duration delay = delayAfterLoss(ready.since(), cause);
			this.state = ready.lost(delay, retryIn(delay));
		}
		else if (before instanceof LinkState.Draining draining) {
			Duration delay = delayAfterLoss(draining.since(), cause);
			this.state = draining.lost(delay, retryIn(delay));
		}
		tellDown(session, cause);
	}

	private void tellDown(Session session, ProtocolException cause) {
		List.copyOf(this.users).forEach((user) -> user.sessionDown(session, cause));
	}

	private Scheduled retryIn(Duration delay) {
		return this.timer.schedule(delay, this::attempt);
	}

	/** A session that did not outlive the last delay does not count as a success. */
	private Duration delayAfterLoss(long since, ProtocolException cause) {
		if (this.timer.nanoTime() - since > this.backoff.span().toNanos()) {
			this.backoff.reset();
		}
		return delayAfter(cause);
	}

	private Duration delayAfter(ProtocolException cause) {
		return cause.code().retryable() ? this.backoff.next() : this.backoff.longest();
	}

	private static ProtocolException clientClosed() {
		return new ProtocolException(ErrorCode.CLOSED, "The client was closed");
	}

	private static @Nullable Session session(LinkState state) {
		if (state instanceof LinkState.Ready ready) {
			return ready.session();
		}
		return (state instanceof LinkState.Draining draining) ? draining.session() : null;
	}

	/**
	 * The manager's names and numbers.
	 *
	 * @param name the name of the stream pool
	 * @param serviceUrl where to, for people
	 * @param minStreams the pool's minimum, told while there is no pool
	 * @param maxStreams the pool's maximum, told while there is no pool
	 */
	public record Settings(String name, String serviceUrl, int minStreams, int maxStreams) {
	}

}
