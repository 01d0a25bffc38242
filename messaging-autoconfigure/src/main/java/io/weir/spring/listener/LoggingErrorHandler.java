package io.weir.spring.listener;

import java.time.Duration;
import java.util.function.IntFunction;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.RedeliveryBackoff;
import io.weir.message.Message;

/**
 * Logs the failure and has the message delivered again, each time after a longer time, so
 * that a message that always fails does not keep the listener busy.
 */
public final class LoggingErrorHandler implements WeirErrorHandler {

	private static final Logger log = LoggerFactory.getLogger(LoggingErrorHandler.class);

	private final IntFunction<Decision> decision;

	/**
	 * Leaves the time to the consumer's back-off, {@code weir.consumer.retry.backoff}.
	 */
	public LoggingErrorHandler() {
		this.decision = (redeliveryCount) -> Decision.redeliver();
	}

	/**
	 * Waits as it is told, whatever the consumer's back-off is: each time twice as long.
	 * @param initialDelay how long to wait after the first failure
	 * @param maxDelay how long to wait at most
	 */
	public LoggingErrorHandler(Duration initialDelay, Duration maxDelay) {
		RedeliveryBackoff backoff = RedeliveryBackoff.exponential(initialDelay, 2, maxDelay);
		this.decision = (redeliveryCount) -> Decision.redeliverAfter(backoff.next(redeliveryCount));
	}

	@Override
	public Decision handle(String listenerId, Message<byte[]> message, Throwable failure) {
		log.error("Listener '{}' failed on message {} of topic '{}', delivery {}; it is given back", listenerId,
				message.id(), message.topic(), message.redeliveryCount() + 1, failure);
		return this.decision.apply(message.redeliveryCount());
	}

}
