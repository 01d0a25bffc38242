package io.weir.broker.deadletter;

import java.time.Instant;
import java.util.Locale;
import java.util.StringJoiner;

import org.jspecify.annotations.Nullable;

import io.weir.message.DeadLetterOrigin;

/**
 * Says which dead letters are meant: those of which all is true that is said, or all if
 * nothing is. Immutable.
 *
 * @param originTopic the topic that they were published to first, or {@code null}
 * @param subscription the subscription on which they died, first or last, or {@code null}
 * @param error what their last error contains, in whatever case, or {@code null}
 * @param since when they became dead letters, or later, or {@code null}
 * @param until before when they became dead letters, or {@code null}
 * @param key their key, or {@code null}
 */
public record DeadLetterFilter(@Nullable String originTopic, @Nullable String subscription, @Nullable String error,
		@Nullable Instant since, @Nullable Instant until, @Nullable String key) {

	private static final DeadLetterFilter ALL = new DeadLetterFilter(null, null, null, null, null, null);

	/**
	 * Checks the times.
	 * @throws IllegalArgumentException if {@code until} is not after {@code since}
	 */
	public DeadLetterFilter {
		if (since != null && until != null && !until.isAfter(since)) {
			throw new IllegalArgumentException(
					"'until' must be later than 'since'; " + until + " is not later than " + since);
		}
	}

	/**
	 * All dead letters.
	 * @return the filter
	 */
	public static DeadLetterFilter all() {
		return ALL;
	}

	/**
	 * Also of this origin.
	 * @param originTopic the topic that they were published to first
	 * @return a filter like this one
	 */
	public DeadLetterFilter withOriginTopic(String originTopic) {
		return new DeadLetterFilter(originTopic, this.subscription, this.error, this.since, this.until, this.key);
	}

	/**
	 * Also of this subscription.
	 * @param subscription where they died, first or last
	 * @return a filter like this one
	 */
	public DeadLetterFilter withSubscription(String subscription) {
		return new DeadLetterFilter(this.originTopic, subscription, this.error, this.since, this.until, this.key);
	}

	/**
	 * Also with this error.
	 * @param error what the last error contains, in whatever case
	 * @return a filter like this one
	 */
	public DeadLetterFilter withError(String error) {
		return new DeadLetterFilter(this.originTopic, this.subscription, error, this.since, this.until, this.key);
	}

	/**
	 * Also of this time.
	 * @param since when they became dead letters, or later
	 * @return a filter like this one
	 */
	public DeadLetterFilter withSince(Instant since) {
		return new DeadLetterFilter(this.originTopic, this.subscription, this.error, since, this.until, this.key);
	}

	/**
	 * Also from before this time.
	 * @param until before when they became dead letters
	 * @return a filter like this one
	 */
	public DeadLetterFilter withUntil(Instant until) {
		return new DeadLetterFilter(this.originTopic, this.subscription, this.error, this.since, until, this.key);
	}

	/**
	 * Also with this key.
	 * @param key their key
	 * @return a filter like this one
	 */
	public DeadLetterFilter withKey(String key) {
		return new DeadLetterFilter(this.originTopic, this.subscription, this.error, this.since, this.until, key);
	}

	/**
	 * Whether all that is said is true of a dead letter. What came from nowhere that it
	 * knows of is of no topic and subscription, and has no error.
	 * @param letter the dead letter
	 * @return whether it is meant
	 */
	public boolean matches(DeadLetter letter) {
		DeadLetterOrigin origin = letter.origin();
		return (this.originTopic == null || (origin != null && origin.topic().equals(this.originTopic)))
				&& (this.subscription == null || (origin != null && (origin.subscription().equals(this.subscription)
						|| this.subscription.equals(letter.subscription()))))
				&& (this.error == null || (origin != null && lower(origin.error()).contains(lower(this.error))))
				&& (this.since == null || !letter.storedAt().isBefore(this.since))
				&& (this.until == null || letter.storedAt().isBefore(this.until))
				&& (this.key == null || this.key.equals(letter.key()));
	}

	/** What is said, or that all are meant. */
	@Override
	public String toString() {
		StringJoiner said = new StringJoiner(", ").setEmptyValue("all");
		add(said, "origin topic", this.originTopic);
		add(said, "subscription", this.subscription);
		add(said, "error", this.error);
		add(said, "since", this.since);
		add(said, "until", this.until);
		add(said, "key", this.key);
		return said.toString();
	}

	private static void add(StringJoiner said, String name, @Nullable Object value) {
		if (value != null) {
			said.add(name + " '" + value + "'");
		}
	}

	private static String lower(String text) {
		return text.toLowerCase(Locale.ROOT);
	}

}
