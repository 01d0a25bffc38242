package io.weir.spring.listener;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.weir.message.Message;
import io.weir.setting.Require;
import io.weir.time.DurationRange;

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

	/**
	 * Whether another try may go well. A message of which that is not to be expected
	 * becomes a dead letter at once where {@link #handle} decides to have it delivered
	 * again, or retried in place and then delivered again. Without a topic for dead
	 * letters it is delivered again all the same, which is logged as an error.
	 * @param failure what the listener threw
	 * @param configured what {@link NonRetryableFailures} says, with what is set for the
	 * listener
	 * @return whether to try again
	 */
	default boolean isRetryable(Throwable failure, boolean configured) {
		return configured;
	}

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
		 * Call the listener with it again, here and before anything else is handed over:
		 * what keeps the order of an {@code EXCLUSIVE} or {@code FAILOVER} subscription.
		 * Then, and if the listener stops meanwhile, it is delivered again.
		 * @param attempts how often, from 1
		 * @param delay how long to wait before each; up to 365 days
		 * @return the decision
		 * @throws IllegalArgumentException naming what is allowed
		 */
		static Decision retryInPlace(int attempts, Duration delay) {
			return new RetryInPlace(attempts, delay, redeliver());
		}

		/**
		 * Call the listener with it again, as {@link #retryInPlace(int, Duration)}.
		 * @param attempts how often, from 1
		 * @param delay how long to wait before each; up to 365 days
		 * @param then what to do if all of them fail; anything but this
		 * @return the decision
		 * @throws IllegalArgumentException naming what is allowed
		 */
		static Decision retryInPlace(int attempts, Duration delay, Decision then) {
			return new RetryInPlace(attempts, delay, then);
		}

		/**
		 * Have it published to the dead-letter topic now, however often it was delivered.
		 * Without such a topic it is delivered again after the consumer's back-off, which
		 * is logged as an error.
		 * @return the decision
		 */
		static Decision deadLetter() {
			return new DeadLetter(null);
		}

		/**
		 * Take it as done with.
		 * @return the decision
		 */
		static Decision discard() {
			return new Discard();
		}

		/**
		 * Give it back and stop the listener, as if no message could be handled now.
		 * Nothing more is handed over, what is under way may end, and health is
		 * {@code DOWN} until somebody starts the listener again or stops it on purpose.
		 * @return the decision
		 */
		static Decision stop() {
			return new Stop();
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

	/**
	 * Call the listener with the message again before anything else is handed over. The
	 * error handler is asked after each attempt and may change its mind.
	 *
	 * @param attempts how often at most
	 * @param delay how long to wait before each
	 * @param then what to do if all of them fail
	 */
	record RetryInPlace(int attempts, Duration delay, Decision then) implements Decision {

		/**
		 * Checks the arguments.
		 * @throws IllegalArgumentException naming what is allowed
		 */
		public RetryInPlace {
			Require.atLeast("attempts", 1, attempts);
			DurationRange.FROM_ZERO.check("delay", delay);
			if (Objects.requireNonNull(then, "then") instanceof RetryInPlace) {
				throw new IllegalArgumentException(
						"then is to retry in place as well; it must be something else, with more attempts perhaps");
			}
		}

	}

	/**
	 * Have the message published to the dead-letter topic now.
	 *
	 * @param delay how long to wait before it is delivered again if there is no such
	 * topic, or {@code null} to leave that to the consumer's back-off
	 */
	record DeadLetter(@Nullable Duration delay) implements Decision {
	}

	/** Give the message back and stop the listener. */
	record Stop() implements Decision {
	}

}
