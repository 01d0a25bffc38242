package io.weir.spring.listener;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.weir.message.Message;

/**
 * Decides what becomes of a message that a listener failed on. The container logs the
 * failure and what was decided. Called on the listener's thread, or on the one that
 * completed what the listener returned, which may be one for the client's callbacks:
 * there it may block and may use the client.
 */
@FunctionalInterface
public interface WeirErrorHandler {

	/**
	 * The bean that decides for listeners that name no other. One of any other name is
	 * for those listeners only that name it.
	 */
	String DEFAULT_BEAN_NAME = "weirErrorHandler";

	/**
	 * Decides. If it throws anything or returns {@code null}, that is logged and the
	 * message delivered again after a minute. Not asked when the JVM itself fails, with
	 * an {@link OutOfMemoryError} perhaps: then the message is given back.
	 * @param listenerId the listener
	 * @param message the message
	 * @param failure what the listener threw, whatever it is; or why the payload could
	 * not be decoded
	 * @return what to do
	 */
	Decision handle(String listenerId, Message<byte[]> message, Throwable failure);

	/** What to do with a message. */
	sealed interface Decision {

		/**
		 * Have it delivered again after the consumer's back-off, and in the end have it
		 * published to the dead-letter topic, if the consumer has one.
		 * @return the decision
		 */
		static Decision redeliver() {
			return new Redeliver(null);
		}

		/**
		 * Have it delivered again.
		 * @param delay how long to wait before; other messages go on meanwhile. More than
		 * 365 days count as 365, less than zero as none
		 * @return the decision
		 */
		static Decision redeliverAfter(Duration delay) {
			return new Redeliver(Objects.requireNonNull(delay, "delay"));
		}

		/**
		 * Take it as done with.
		 * @return the decision
		 */
		static Decision discard() {
			return new Discard();
		}

	}

	/**
	 * Have the message delivered again.
	 *
	 * @param delay how long to wait before, or {@code null} to leave that to the
	 * consumer's back-off
	 */
	record Redeliver(@Nullable Duration delay) implements Decision {
	}

	/** Take the message as done with. */
	record Discard() implements Decision {
	}

}
