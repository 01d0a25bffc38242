package io.weir.client;

import java.time.Duration;

/**
 * How long a message that was given back waits at the broker before it is delivered
 * again. What {@link #none} and {@link #exponential} make is a rule that the broker is
 * told when the consumer subscribes; what an administrator says of the subscription
 * counts more. A function of the application's own is called on the thread that gives the
 * message back, and its delay counts whatever others say; it must be safe for use by
 * several threads and must not block.
 */
@FunctionalInterface
public interface RedeliveryBackoff {

	/**
	 * The delay before the next delivery.
	 * @param redeliveryCount how often the message was delivered again so far, from 0
	 * @return the delay; zero or less gives the message back at once, more than 365 days
	 * count as 365
	 */
	Duration next(int redeliveryCount);

	/**
	 * No delay.
	 * @return a back-off that gives messages back at once
	 */
	static RedeliveryBackoff none() {
		return ExponentialBackoff.NONE;
	}

	/**
	 * A delay that grows with each delivery.
	 * @param initial the delay after the first delivery, from zero
	 * @param multiplier what it is multiplied by after each further one, from 1
	 * @param max the longest delay, not less than the first and at most 365 days
	 * @return the back-off
	 * @throws IllegalArgumentException naming what is allowed
	 */
	static RedeliveryBackoff exponential(Duration initial, double multiplier, Duration max) {
		return ExponentialBackoff.of(initial, multiplier, max);
	}

}
