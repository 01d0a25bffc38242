package io.weir.client.internal.connection;

import java.time.Duration;

import io.weir.client.internal.schedule.ClientTimer.Scheduled;

/**
 * The states of a {@link ConnectionManager} and what leads from one to another:
 *
 * <pre>
 *  Connecting ── established ──▶ Ready ── goAway ──▶ Draining
 *    ▲     │                       │                    │
 *  retry  failed                  lost                 lost
 *    │     ▼                       │                    │
 *  BackingOff ◀────────────────────┴────────────────────┘
 *
 *  close leads from every state to Closed
 * </pre>
 *
 * Each state offers the transitions that are legal in it, and no others.
 */
public sealed interface LinkState {

	/** An attempt is under way. */
	record Connecting() implements LinkState {

		Ready established(Session session, long now) {
			return new Ready(session, now);
		}

		BackingOff failed(Duration delay, Scheduled attempt) {
			return new BackingOff(delay, attempt);
		}

	}

	/**
	 * There is a session.
	 *
	 * @param session the session
	 * @param since when it came up, in the timer's nanoseconds
	 */
	record Ready(Session session, long since) implements LinkState {

		Draining goAway(Scheduled deadline) {
			return new Draining(this.session, this.since, deadline);
		}

		BackingOff lost(Duration delay, Scheduled attempt) {
			return new BackingOff(delay, attempt);
		}

	}

	/**
	 * The broker said that it goes away.
	 *
	 * @param session the session, which takes no new users
	 * @param since when it came up, in the timer's nanoseconds
	 * @param deadline ends the session if the broker does not
	 */
	record Draining(Session session, long since, Scheduled deadline) implements LinkState {

		BackingOff lost(Duration delay, Scheduled attempt) {
			this.deadline.cancel();
			return new BackingOff(delay, attempt);
		}

	}

	/**
	 * Waits before the next attempt.
	 *
	 * @param delay how long
	 * @param attempt the next attempt
	 */
	record BackingOff(Duration delay, Scheduled attempt) implements LinkState {

		Connecting retry() {
			return new Connecting();
		}

	}

	/** The end. */
	record Closed() implements LinkState {

	}

	/**
	 * Ends it all.
	 * @return the last state
	 */
	default Closed close() {
		if (this instanceof BackingOff backingOff) {
			backingOff.attempt.cancel();
		}
		else if (this instanceof Draining draining) {
			draining.deadline.cancel();
		}
		return new Closed();
	}

}
