package io.weir.broker.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * All who speak to topics, by their numbers, and the way of effects to them. Safe to use
 * from any thread.
 */
public final class ClientSessions {

	private final Map<Long, ClientSession> sessions = new ConcurrentHashMap<>();

	private final AtomicLong lastNumber = new AtomicLong();

	/**
	 * Adds a session.
	 * @param <S> its type
	 * @param session makes it, given its number, which is higher than those of all before
	 * @return the session
	 */
	public <S extends ClientSession> S add(LongFunction<S> session) {
		long number = this.lastNumber.incrementAndGet();
		S added = session.apply(number);
		this.sessions.put(number, added);
		return added;
	}

	/**
	 * A session has ended: it is told nothing more.
	 * @param number its number
	 */
	public void remove(long number) {
		this.sessions.remove(number);
	}

	/**
	 * Tells an effect, if the session is there.
	 * @param effect the effect, whose buffers are released
	 */
	public void tell(Effect.Telling effect) {
		ClientSession session = this.sessions.get(effect.session());
		if (session != null) {
			session.tell(effect);
		}
		else {
			effect.release();
		}
	}

	/**
	 * With whom a session counts as one.
	 * @param number its number
	 * @return as {@link ClientSession#origin()}; for sessions that have ended, each for
	 * itself
	 */
	public Object origin(long number) {
		ClientSession session = this.sessions.get(number);
		return (session != null) ? session.origin() : number;
	}

}
