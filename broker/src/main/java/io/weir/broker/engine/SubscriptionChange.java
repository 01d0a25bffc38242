package io.weir.broker.engine;

import io.weir.message.MessageId;

/**
 * What becomes of a subscription as a whole, whoever asks for it: one such change at a
 * time.
 */
public sealed interface SubscriptionChange {

	/**
	 * It goes on with a message.
	 *
	 * @param id the next message to be delivered, or else the first after it is
	 */
	record MoveToMessage(MessageId id) implements SubscriptionChange {
	}

	/**
	 * It goes on with what was stored at a time.
	 *
	 * @param publishTime the first entry stored then or later is the next to be
	 * delivered, in milliseconds since 1970
	 */
	record MoveToTime(long publishTime) implements SubscriptionChange {
	}

	/** It is deleted. */
	record Delete() implements SubscriptionChange {
	}

}
