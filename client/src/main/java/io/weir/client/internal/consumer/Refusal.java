package io.weir.client.internal.consumer;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.weir.wire.FailureReport;

/**
 * How the application gives a message back.
 *
 * @param delay how much later it is to be delivered again, or {@code null} to leave that
 * to the back-off
 * @param forGood whether it is to become a dead letter now, if there is a topic for these
 * @param error what is wrong with it, for people; perhaps nothing
 * @param failure what the application failed with, or {@code null} if that is not said
 */
public record Refusal(@Nullable Duration delay, boolean forGood, String error, @Nullable Throwable failure) {

	/** Nothing is said of the message, and the back-off says when it comes again. */
	public static final Refusal NOT_NOW = saying("");

	/**
	 * Gives back a message with which something is wrong.
	 * @param error what, for people
	 * @return the refusal, which leaves the delay to the back-off
	 */
	public static Refusal saying(String error) {
		return new Refusal(null, false, error, null);
	}

	/**
	 * Gives back a message that could not be processed.
	 * @param failure why not
	 * @return the refusal, which leaves the delay to the back-off
	 */
	public static Refusal because(Throwable failure) {
		return new Refusal(null, false, "", failure);
	}

	/**
	 * Says when the message is to be delivered again.
	 * @param delay how much later, or {@code null} to leave that to the back-off
	 * @return the refusal with this delay
	 */
	public Refusal after(@Nullable Duration delay) {
		return new Refusal(delay, this.forGood, this.error, this.failure);
	}

	/**
	 * Gives the message up.
	 * @return the refusal of a message that is to become a dead letter now
	 */
	public Refusal toDeadLetter() {
		return new Refusal(this.delay, true, this.error, this.failure);
	}

	/**
	 * What the broker is told. Where a failure comes from is for a dead letter, and left
	 * out where this is not likely to become one: there may be many.
	 * @param again whether the message was delivered before
	 */
	FailureReport report(boolean again) {
		return (this.failure != null) ? FailureReport.of(this.failure, this.forGood || again)
				: FailureReport.of(this.error);
	}

}
