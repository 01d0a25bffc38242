package io.weir.client.internal.connection;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.schedule.ClientTimer.Scheduled;

/**
 * The states of a {@link ConnectionManager} and what leads from one to another:
 *
 * <pre>
 *  Connecting ── established ──▶ Ready ◀── moved ── Draining
 *    ▲  ▲  │                      │ └──── goAway ────▶ │
 *  retry │ failed                lost                 lost
 *    │   │ ▼                      │                    │
 *  BackingOff ◀───────────────────┴────────────────────┤
 *        └────────── lost, an attempt is under way ────┘
 *
 *  Ready ◀── heardAgain, moved ── Doubtful ◀── silent ── Ready; lost leads to BackingOff
 *
 *  close leads from every state to Closed
 * </pre>
 *
 * Each state offers the transitions that are legal in it, and no others.
 */
public sealed interface LinkState {

	/** An attempt is under way. */
	record Connecting() implements LinkState {

		Ready established(BrokerSession session, long now) {
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
	record Ready(BrokerSession session, long since) implements LinkState {

		Draining goAway(Scheduled deadline) {
			return new Draining(this.session, this.since, deadline, null);
		}

		Doubtful silent(Scheduled attempt) {
			return new Doubtful(this.session, this.since, attempt);
		}

		BackingOff lost(Duration delay, Scheduled attempt) {
			return new BackingOff(delay, attempt);
		}

	}

	/**
	 * There is a session, but the broker does not answer. The session is used until the
	 * broker has answered on another connection, or until it ends; if the broker answers
	 * again, nothing was amiss.
	 *
	 * @param session the session
	 * @param since when it came up, in the timer's nanoseconds
	 * @param attempt the next attempt beside it; those before may be under way
	 */
	record Doubtful(BrokerSession session, long since, Scheduled attempt) implements LinkState {

		Doubtful retry(Scheduled next) {
			return new Doubtful(this.session, this.since, next);
		}

		Ready heardAgain() {
			this.attempt.cancel();
			return new Ready(this.session, this.since);
		}

		Ready moved(BrokerSession other, long now) {
			this.attempt.cancel();
			return new Ready(other, now);
		}

		BackingOff lost(Duration delay, Scheduled next) {
			this.attempt.cancel();
			return new BackingOff(delay, next);
		}

	}

	/**
	 * The broker said that it goes away. Its session is used until there is one at
	 * another address, or until it ends.
	 *
	 * @param session the session, which takes no new users
	 * @param since when it came up, in the timer's nanoseconds
	 * @param deadline ends the session if the broker does not
	 * @param attempt the next attempt at another address; {@code null} while one is under
	 * way
	 */
	record Draining(BrokerSession session, long since, Scheduled deadline,
			@Nullable Scheduled attempt) implements LinkState {

		Draining retry() {
			return new Draining(this.session, this.since, this.deadline, null);
		}

		Draining failed(Scheduled next) {
			return new Draining(this.session, this.since, this.deadline, next);
		}

		Ready moved(BrokerSession other, long now) {
			cancel();
			return new Ready(other, now);
		}

		boolean isAttempting() {
			return this.attempt == null;
		}

		/** With an attempt under way. */
		Connecting lost() {
			cancel();
			return new Connecting();
		}

		BackingOff lost(Duration delay, Scheduled next) {
			cancel();
			return new BackingOff(delay, next);
		}

		private void cancel() {
			this.deadline.cancel();
			if (this.attempt != null) {
				this.attempt.cancel();
			}
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

		/** By an attempt that was made beside the session that was lost. */
		Ready established(BrokerSession session, long now) {
			this.attempt.cancel();
			return new Ready(session, now);
		}

	}

	/** The end. */
	record Closed() implements LinkState {

	}

	/**
	 * The session in this state.
	 * @return the session, or {@code null} if there is none
	 */
	default @Nullable BrokerSession session() {
		return null;
	}

	/**
	 * Ends it all.
	 * @return the last state
	 */
	default Closed close() {
		if (this instanceof BackingOff backingOff) {
			backingOff.attempt.cancel();
		}
		else if (this instanceof Doubtful doubtful) {
			doubtful.attempt.cancel();
		}
		else if (this instanceof Draining draining) {
			draining.cancel();
		}
		return new Closed();
	}

}
