package io.weir.spring.listener;

import java.time.Duration;
import java.util.function.IntFunction;

import io.weir.client.RedeliveryBackoff;
import io.weir.message.Message;
import io.weir.time.DurationRange;

/**
 * Has the message delivered again, each time after a longer time, so that a message that
 * always fails does not keep the listener busy.
 */
public final class RedeliveringErrorHandler implements WeirErrorHandler {

	private final IntFunction<Decision> decision;

	/**
	 * Leaves the time to the consumer's back-off, {@code weir.consumer.retry.backoff}.
	 */
	public RedeliveringErrorHandler() {
		this.decision = (redeliveryCount) -> Decision.redeliver();
	}

	/**
	 * Waits as it is told, whatever the consumer's back-off is: each time twice as long.
	 * @param initialDelay how long to wait after the first failure
	 * @param maxDelay how long to wait at most, up to 365 days
	 */
	public RedeliveringErrorHandler(Duration initialDelay, Duration maxDelay) {
		DurationRange.FROM_ZERO.check("initialDelay", initialDelay);
		DurationRange.FROM_ZERO.check("maxDelay", maxDelay);
		RedeliveryBackoff backoff = RedeliveryBackoff.exponential(initialDelay, 2, maxDelay);
		this.decision = (redeliveryCount) -> Decision.redeliverAfter(backoff.next(redeliveryCount));
	}

	@Override
	public Decision handle(String listenerId, Message<byte[]> message, Throwable failure) {
		return this.decision.apply(message.redeliveryCount());
	}

}
