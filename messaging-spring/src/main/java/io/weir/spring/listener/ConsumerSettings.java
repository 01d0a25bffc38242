package io.weir.spring.listener;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.weir.client.ConsumerBuilder;
import io.weir.client.DeadLetterPolicy;
import io.weir.client.RedeliveryBackoff;

/**
 * What is said of the consumers of listeners, of one or of all. What is {@code null} is
 * not said here.
 *
 * @param receiverQueueSize how many messages the broker may send ahead
 * @param receiverQueueBytes how many bytes of messages the broker should send ahead at
 * most
 * @param ackTimeout after which time a message that was not acknowledged is delivered
 * again; zero for never
 * @param acknowledgementDelay for how long acknowledgements may be gathered
 * @param deadLetter what becomes of messages that always fail
 * @param backoff how long a message waits after a failure
 */
public record ConsumerSettings(@Nullable Integer receiverQueueSize, @Nullable Long receiverQueueBytes,
		@Nullable Duration ackTimeout, @Nullable Duration acknowledgementDelay, DeadLetters deadLetter,
		Backoff backoff) {

	/** Says nothing. */
	public static final ConsumerSettings NONE = new ConsumerSettings(null, null, null, null,
			new DeadLetters(null, null, null), new Backoff(null, null, null));

	/** Checks that nothing is missing. */
	public ConsumerSettings {
		Objects.requireNonNull(deadLetter, "deadLetter");
		Objects.requireNonNull(backoff, "backoff");
	}

	/**
	 * What becomes of messages that always fail.
	 *
	 * @param enabled whether they are published to a dead-letter topic; if {@code null},
	 * whether a topic or a number of redeliveries is said
	 * @param topic the dead-letter topic; {@code <topic>.<subscription>.dead} if
	 * {@code null}
	 * @param maxRedeliveries how often a message is delivered again before
	 */
	public record DeadLetters(@Nullable Boolean enabled, @Nullable String topic, @Nullable Integer maxRedeliveries) {

		DeadLetters or(DeadLetters defaults) {
			// What is said of dead letters here is wanted, though others may have none.
			Boolean enabled = (this.enabled == null && isSaid()) ? Boolean.TRUE : this.enabled;
			return new DeadLetters(first(enabled, defaults.enabled), first(this.topic, defaults.topic),
					first(this.maxRedeliveries, defaults.maxRedeliveries));
		}

		private boolean isSaid() {
			return this.topic != null || this.maxRedeliveries != null;
		}

		/** No topic has its own dead letters: that of all others may be consumed. */
		private @Nullable DeadLetterPolicy policy(String topic) {
			boolean wanted = (this.enabled != null) ? this.enabled : isSaid();
			return (!wanted || topic.equals(this.topic)) ? null : new DeadLetterPolicy(
					(this.maxRedeliveries != null) ? this.maxRedeliveries : DeadLetterPolicy.DEFAULT_MAX_REDELIVERIES,
					this.topic);
		}

	}

	/**
	 * How long a message waits after a failure.
	 *
	 * @param initial after the first one; a second if {@code null}
	 * @param multiplier by what the time grows with each further one; 2 if {@code null}
	 * @param max the longest time; a minute if {@code null}
	 */
	public record Backoff(@Nullable Duration initial, @Nullable Double multiplier, @Nullable Duration max) {

		Backoff or(Backoff defaults) {
			return new Backoff(first(this.initial, defaults.initial), first(this.multiplier, defaults.multiplier),
					first(this.max, defaults.max));
		}

		private boolean isSet() {
			return this.initial != null || this.multiplier != null || this.max != null;
		}

		RedeliveryBackoff rule() {
			return RedeliveryBackoff.exponential((this.initial != null) ? this.initial : Duration.ofSeconds(1),
					(this.multiplier != null) ? this.multiplier : 2,
					(this.max != null) ? this.max : Duration.ofMinutes(1));
		}

	}

	/** What is said here, and what else is said for all. */
	ConsumerSettings or(ConsumerSettings defaults) {
		return new ConsumerSettings(first(this.receiverQueueSize, defaults.receiverQueueSize),
				first(this.receiverQueueBytes, defaults.receiverQueueBytes),
				first(this.ackTimeout, defaults.ackTimeout),
				first(this.acknowledgementDelay, defaults.acknowledgementDelay),
				this.deadLetter.or(defaults.deadLetter), this.backoff.or(defaults.backoff));
	}

	void configure(ConsumerBuilder<?> builder, String topic) {
		if (this.receiverQueueSize != null) {
			builder.receiverQueueSize(this.receiverQueueSize);
		}
		if (this.receiverQueueBytes != null) {
			builder.receiverQueueBytes(this.receiverQueueBytes);
		}
		if (this.ackTimeout != null) {
			builder.ackTimeout(this.ackTimeout);
		}
		if (this.acknowledgementDelay != null) {
			builder.acknowledgementDelay(this.acknowledgementDelay);
		}
		if (this.backoff.isSet()) {
			builder.negativeAckRedeliveryBackoff(this.backoff.rule());
		}
		if (this.deadLetter.enabled() != null || this.deadLetter.topic() != null) {
			builder.deadLetterPolicy(this.deadLetter.policy(topic));
		}
	}

	private static <T> @Nullable T first(@Nullable T value, @Nullable T otherwise) {
		return (value != null) ? value : otherwise;
	}

}
