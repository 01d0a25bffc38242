package io.weir.broker.session;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * Finds the sessions of which nothing is heard any more, by looking at all of them
 * regularly, so that no clock is read for a frame. A look that comes late shows that it
 * was the broker that stood still: then the clients have a third of the timeout to show
 * that they live. For one thread at a time.
 */
final class SessionWatch {

	/** How many looks in a row may hear nothing. */
	static final int LOOKS = 15;

	/** How many of them are left when the broker stood still. */
	static final int GRACE = LOOKS / 3;

	/** So many intervals after the last one a look is late. */
	private static final int LATE = 3;

	private final Duration interval;

	private final Collection<Session> sessions;

	private final Consumer<Session> dead;

	private long lastLook;

	/**
	 * Creates the watch.
	 * @param timeout how long a session may be silent
	 * @param sessions those that are open
	 * @param dead told of each that was silent for so long
	 * @param now the time in nanoseconds
	 */
	SessionWatch(Duration timeout, Collection<Session> sessions, Consumer<Session> dead, long now) {
		this.interval = timeout.dividedBy(LOOKS);
		this.sessions = sessions;
		this.dead = dead;
		this.lastLook = now;
	}

	/** How much later to look again. */
	Duration interval() {
		return this.interval;
	}

	/** Looks at all sessions. */
	void look(long now) {
		boolean late = now - this.lastLook > this.interval.toNanos() * LATE;
		this.lastLook = now;
		for (Session session : this.sessions) {
			if (late) {
				session.askForSignOfLife(LOOKS - GRACE);
			}
			else if (session.silentLooks() >= LOOKS) {
				this.dead.accept(session);
			}
		}
	}

}
