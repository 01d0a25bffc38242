package io.weir.message;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of a message that was given back, as far as the consumer's own policy says
 * so. The broker has the last word: an administrator may have told it otherwise.
 *
 * @param delay how long it waits
 * @param deadLetterTopic where it is published then, because it was delivered too often;
 * {@code null} if it is delivered again
 */
public record Redelivery(Duration delay, @Nullable String deadLetterTopic) {

	/** For people. */
	@Override
	public String toString() {
		if (this.deadLetterTopic != null) {
			return "becomes a dead letter in topic '" + this.deadLetterTopic + "'";
		}
		return this.delay.isZero() ? "is delivered again now" : "is delivered again in " + text(this.delay);
	}

	private static String text(Duration delay) {
		return (delay.compareTo(Duration.ofSeconds(1)) < 0) ? delay.toMillis() + " ms"
				: delay.toSeconds() + ((delay.toMillisPart() >= 100) ? "." + delay.toMillisPart() / 100 : "") + " s";
	}

}
