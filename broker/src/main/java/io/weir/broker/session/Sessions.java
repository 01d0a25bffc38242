package io.weir.broker.session;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Function;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.message.Topic;
import io.weir.transport.Connection;
import io.weir.transport.ConnectionAcceptor;
import io.weir.transport.StreamAcceptor;
import io.weir.wire.ErrorCode;

/**
 * The sessions of all connections, and the way of the engine's effects to them. Safe to
 * use from any thread.
 */
public final class Sessions implements ConnectionAcceptor {

	private final Map<Long, Session> sessions = new ConcurrentHashMap<>();

	private final AtomicLong lastId = new AtomicLong();

	private final SessionSettings settings;

	private final BiConsumer<Topic, Command> engine;

	/**
	 * Creates the registry.
	 * @param settings what clients are told
	 * @param engine takes the commands, must not block
	 */
	public Sessions(SessionSettings settings, BiConsumer<Topic, Command> engine) {
		this.settings = settings;
		this.engine = engine;
	}

	@Override
	public StreamAcceptor accept(Connection connection) {
		long id = this.lastId.incrementAndGet();
		Session session = new Session(id, connection, this.settings, this.engine);
		this.sessions.put(id, session);
		connection.closed().thenAccept((why) -> {
			this.sessions.remove(id);
			session.ended(why);
		});
		return session;
	}

	/**
	 * Carries out an effect: tells the client, if it is still there.
	 * @param effect the effect, whose buffer is released
	 */
	public void tell(Effect.Telling effect) {
		Session session = this.sessions.get(effect.to().session());
		if (session != null) {
			session.tell(effect);
		}
		else if (effect instanceof Effect.Deliver deliver) {
			deliver.entry().release();
		}
	}

	/**
	 * Tells all clients that the broker goes away, and takes nothing new from them.
	 * @return completes when they were told
	 */
	public CompletionStage<Void> drain() {
		return all((session) -> session.drain(ErrorCode.GOING_AWAY, "The broker is shutting down"));
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
		return CompletableFuture.allOf(this.sessions.values().stream().map(action).toArray(CompletableFuture[]::new));
	}

	/**
	 * How many clients are connected.
	 * @return the number
	 */
	public int count() {
		return this.sessions.size();
	}

}
