package io.weir.broker.session;

import java.security.Principal;

import org.jspecify.annotations.Nullable;

import io.weir.transport.FrameStream;

/** How far a session is: Greeting → Authenticating → Ready → Leaving → Ended. */
sealed interface SessionState {

	/** The stream of CONNECT; {@code null} before it came, and when it counts no more. */
	default @Nullable FrameStream control() {
		return null;
	}

	/** What is known of a client whose requests are taken, or {@code null}. */
	default @Nullable Ready ready() {
		return null;
	}

	/** The client has not said CONNECT. */
	record Greeting() implements SessionState {

	}

	/**
	 * It is being found out who the client is.
	 *
	 * @param control the stream of CONNECT
	 */
	record Authenticating(FrameStream control) implements SessionState {

	}

	/**
	 * Requests are taken.
	 *
	 * @param control the stream of CONNECT
	 * @param principal who the client is
	 */
	record Ready(FrameStream control, Principal principal) implements SessionState {

		@Override
		public Ready ready() {
			return this;
		}

	}

	/**
	 * The broker goes away: what was accepted is answered, nothing new is taken.
	 *
	 * @param ready as it was before, or {@code null} if the client was not ready
	 * @param reason what the client is told
	 */
	record Leaving(@Nullable Ready ready, String reason) implements SessionState {

		@Override
		public @Nullable FrameStream control() {
			return (this.ready != null) ? this.ready.control() : null;
		}

	}

	/** The connection has ended, or is given up: what it may still say counts no more. */
	record Ended() implements SessionState {

	}

}
