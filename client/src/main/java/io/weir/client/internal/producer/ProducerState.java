package io.weir.client.internal.producer;

import org.jspecify.annotations.Nullable;

import io.weir.wire.ProtocolException;

/**
 * How far a producer is in its life: Creating → Open → Closing → Ended, of which a later
 * one may follow each.
 */
sealed interface ProducerState {

	/** Why no more messages are accepted; {@code null} while they are. */
	default @Nullable ProtocolException refusal() {
		return null;
	}

	/** The broker has not accepted it yet; messages wait. */
	record Creating() implements ProducerState {

	}

	/** The broker has accepted it, and may be out of reach at present. */
	record Open() implements ProducerState {

	}

	/**
	 * It was closed; what was accepted is still sent.
	 *
	 * @param refusal what a message is refused with
	 */
	record Closing(ProtocolException refusal) implements ProducerState {

	}

	/**
	 * All that was pending has failed.
	 *
	 * @param refusal what a message is refused with
	 */
	record Ended(ProtocolException refusal) implements ProducerState {

	}

}
