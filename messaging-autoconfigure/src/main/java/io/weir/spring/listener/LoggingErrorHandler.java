package io.weir.spring.listener;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.message.Message;

/**
 * Logs the failure and has the message delivered again, each time after twice as long, so
 * that a message that always fails does not keep the listener busy.
 */
public final class LoggingErrorHandler implements WeirErrorHandler {

	private static final Logger log = LoggerFactory.getLogger(LoggingErrorHandler.class);

	private final Duration initialDelay;

	private final Duration maxDelay;

	/** Begins with one second and ends with a minute. */
	public LoggingErrorHandler() {
		this(Duration.ofSeconds(1), Duration.ofMinutes(1));
	}

	/**
	 * Creates the error handler.
	 * @param initialDelay how long to wait after the first failure
	 * @param maxDelay how long to wait at most
	 */
	public LoggingErrorHandler(Duration initialDelay, Duration maxDelay) {
		this.initialDelay = initialDelay;
		this.maxDelay = maxDelay;
	}

	@Override
	public Decision handle(String listenerId, Message<byte[]> message, Throwable failure) {
		Duration delay = delay(message.redeliveryCount());
		log.error("Listener '{}' failed on message {} of topic '{}', delivery {}; it will be delivered again in {} ms",
				listenerId, message.id(), message.topic(), message.redeliveryCount() + 1, delay.toMillis(), failure);
		return Decision.redeliverAfter(delay);
	}

	private Duration delay(int redeliveryCount) {
		Duration delay = this.initialDelay.multipliedBy(1L << Math.min(redeliveryCount, 20));
		return (delay.compareTo(this.maxDelay) < 0) ? delay : this.maxDelay;
	}

}
