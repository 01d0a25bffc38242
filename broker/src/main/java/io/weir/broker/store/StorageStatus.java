package io.weir.broker.store;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How a store is.
 *
 * @param state its state
 * @param reason why, and what to do about it; {@code null} while it serves
 * @param since when the state began
 * @param freeBytes what is free on the volume of the data directory, or -1 if there is
 * none or nobody knows
 */
public record StorageStatus(State state, @Nullable String reason, Instant since, long freeBytes) {

	/** The states of a store. */
	public enum State {

		/** Everything is read and written. */
		SERVING,

		/**
		 * Less is free than must stay free: nothing is appended until there is room
		 * again. All else goes on.
		 */
		FULL,

		/**
		 * A write failed, and what it wrote is in doubt: nothing is written until the
		 * store has been opened again, which it does by itself. Reading goes on until
		 * then.
		 */
		UNAVAILABLE,

		/** The store is being opened again: nothing is read or written. */
		RECOVERING,

		/** Nothing is written until somebody has done something about it. */
		FAILED

	}

}
