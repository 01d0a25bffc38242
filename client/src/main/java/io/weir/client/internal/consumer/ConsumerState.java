package io.weir.client.internal.consumer;

import org.jspecify.annotations.Nullable;

import io.weir.wire.ProtocolException;

/**
 * How far a consumer is in its life: Subscribing → Subscribed → Closing → Ended, of which
 * a later one may follow each.
 */
sealed interface ConsumerState {

	/** Why nothing more is taken from the application; {@code null} before the end. */
	default @Nullable ProtocolException refusal() {
		return null;
	}

	/** Whether it gives nothing more to the application. */
	default boolean isLeaving() {
		return false;
	}

	/**
	 * The broker has not accepted it yet.
	 *
	 * @param awaited whether somebody waits for that
	 */
	record Subscribing(boolean awaited) implements ConsumerState {

	}

	/** The broker has accepted it, and may be out of reach at present. */
	record Subscribed() implements ConsumerState {

	}

	/** It was closed, and waits for the broker to have the last acknowledgements. */
	record Closing() implements ConsumerState {

		@Override
		public boolean isLeaving() {
			return true;
		}

	}

	/**
	 * All that was pending has failed.
	 *
	 * @param refusal what everything is refused with
	 * @param reason why it has ended
	 */
	record Ended(ProtocolException refusal, Reason reason) implements ConsumerState {

		/** Why a consumer has ended. */
		enum Reason {

			/** The application has closed it, or was not willing to wait any longer. */
			CLOSED,
			/** Its subscription was removed, so there is nothing to take leave of. */
			UNSUBSCRIBED,
			/** The broker will not have it; it may have another one. */
			REFUSED

		}

		@Override
		public boolean isLeaving() {
			return true;
		}

	}

}
