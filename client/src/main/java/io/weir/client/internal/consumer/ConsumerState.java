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

	/** The broker has not accepted it yet. */
	record Subscribing() implements ConsumerState {

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
	 * @param unsubscribed whether its subscription was removed, so that there is nothing
	 * to take leave of
	 */
	record Ended(ProtocolException refusal, boolean unsubscribed) implements ConsumerState {

		@Override
		public boolean isLeaving() {
			return true;
		}

	}

}
