package io.weir.broker.policy;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.weir.message.Topic;
import io.weir.setting.InvalidSettingException;
import io.weir.setting.Require;

/**
 * How a subscription delivers messages again, and for how long. What is {@code null} is
 * inherited: from the broker's defaults for the topic's name, or else from what consumers
 * state. Immutable.
 *
 * @param redeliveryInitial how long after the first failure a message comes again
 * @param redeliveryMultiplier by what the delay grows with each further failure, from 1
 * @param redeliveryMax the longest delay
 * @param redeliveryJitter which part of each delay is left to chance, from 0 to 1
 * @param ackTimeout after what time without an acknowledgement a delivery has failed;
 * zero for never
 * @param maxRedeliveries how often a message comes again before it is a dead letter
 * @param deadLetterTopic where dead letters go
 * @param messageTtl after what time a message is no longer delivered, as far as that is
 * sooner than the topic's; zero for never
 * @param deadLetterExpired whether messages that have expired become dead letters, where
 * there is a topic for these
 */
public record SubscriptionPolicies(@Nullable Duration redeliveryInitial, @Nullable Double redeliveryMultiplier,
		@Nullable Duration redeliveryMax, @Nullable Double redeliveryJitter, @Nullable Duration ackTimeout,
		@Nullable Integer maxRedeliveries, @Nullable String deadLetterTopic, @Nullable Duration messageTtl,
		@Nullable Boolean deadLetterExpired) {

	private static final int MAX_MULTIPLIER = 100;

	private static final SubscriptionPolicies NONE = builder().build();

	/**
	 * Checks the values.
	 * @throws InvalidSettingException naming the component, what is allowed and the value
	 */
	public SubscriptionPolicies {
		check("redeliveryInitial", redeliveryInitial);
		check("redeliveryMultiplier", redeliveryMultiplier, 1, MAX_MULTIPLIER);
		check("redeliveryMax", redeliveryMax);
		check("redeliveryJitter", redeliveryJitter, 0, 1);
		check("ackTimeout", ackTimeout);
		check("messageTtl", messageTtl);
		if (redeliveryInitial != null && redeliveryMax != null && redeliveryMax.compareTo(redeliveryInitial) < 0) {
			throw new InvalidSettingException("redeliveryMax",
					"must be at least redeliveryInitial (" + redeliveryInitial + ")", redeliveryMax);
		}
		if (maxRedeliveries != null) {
			Require.atLeast("maxRedeliveries", 0, maxRedeliveries);
		}
		if (deadLetterTopic != null) {
			checkTopic(deadLetterTopic);
		}
	}

	private static void check(String setting, @Nullable Duration value) {
		if (value != null) {
			TopicPolicies.FROM_ZERO.check(setting, value);
		}
	}

	private static void check(String setting, @Nullable Double value, int min, int max) {
		// Not a number is in no range.
		if (value != null && !(value >= min && value <= max)) {
			throw new InvalidSettingException(setting, "must be from " + min + " to " + max, value);
		}
	}

	private static void checkTopic(String name) {
		try {
			Topic.named(name);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidSettingException("deadLetterTopic", "must be a topic's name: " + ex.getMessage(),
					"'" + name + "'");
		}
	}

	/**
	 * Policies that inherit everything.
	 * @return the policies
	 */
	public static SubscriptionPolicies none() {
		return NONE;
	}

	/**
	 * Begins policies that inherit everything.
	 * @return a builder, for one thread at a time
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * These policies, and what they do not say from others. A longest delay that is
	 * shorter than the initial one, which the other stated, counts as that.
	 * @param others where to inherit from
	 * @return new policies
	 */
	public SubscriptionPolicies or(SubscriptionPolicies others) {
		Duration initial = TopicPolicies.first(this.redeliveryInitial, others.redeliveryInitial);
		Duration max = TopicPolicies.first(this.redeliveryMax, others.redeliveryMax);
		if (initial != null && max != null && max.compareTo(initial) < 0) {
			if (this.redeliveryMax != null) {
				initial = max;
			}
			else {
				max = initial;
			}
		}
		return new SubscriptionPolicies(initial,
				TopicPolicies.first(this.redeliveryMultiplier, others.redeliveryMultiplier), max,
				TopicPolicies.first(this.redeliveryJitter, others.redeliveryJitter),
				TopicPolicies.first(this.ackTimeout, others.ackTimeout),
				TopicPolicies.first(this.maxRedeliveries, others.maxRedeliveries),
				TopicPolicies.first(this.deadLetterTopic, others.deadLetterTopic),
				TopicPolicies.first(this.messageTtl, others.messageTtl),
				TopicPolicies.first(this.deadLetterExpired, others.deadLetterExpired));
	}

	/** Collects policies; {@code null} inherits. {@link #build()} checks the values. */
	public static final class Builder {

		private @Nullable Duration redeliveryInitial;

		private @Nullable Double redeliveryMultiplier;

		private @Nullable Duration redeliveryMax;

		private @Nullable Double redeliveryJitter;

		private @Nullable Duration ackTimeout;

		private @Nullable Integer maxRedeliveries;

		private @Nullable String deadLetterTopic;

		private @Nullable Duration messageTtl;

		private @Nullable Boolean deadLetterExpired;

		private Builder() {
		}

		/**
		 * Sets {@link SubscriptionPolicies#redeliveryInitial()}.
		 * @param delay from zero to {@link TopicPolicies#LONGEST}
		 * @return this
		 */
		public Builder redeliveryInitial(@Nullable Duration delay) {
			this.redeliveryInitial = delay;
			return this;
		}

		/**
		 * Sets {@link SubscriptionPolicies#redeliveryMultiplier()}.
		 * @param multiplier from 1 to 100
		 * @return this
		 */
		public Builder redeliveryMultiplier(@Nullable Double multiplier) {
			this.redeliveryMultiplier = multiplier;
			return this;
		}

		/**
		 * Sets {@link SubscriptionPolicies#redeliveryMax()}.
		 * @param delay from the initial delay to {@link TopicPolicies#LONGEST}
		 * @return this
		 */
		public Builder redeliveryMax(@Nullable Duration delay) {
			this.redeliveryMax = delay;
			return this;
		}

		/**
		 * Sets {@link SubscriptionPolicies#redeliveryJitter()}.
		 * @param part from 0 to 1
		 * @return this
		 */
		public Builder redeliveryJitter(@Nullable Double part) {
			this.redeliveryJitter = part;
			return this;
		}

		/**
		 * Sets {@link SubscriptionPolicies#ackTimeout()}.
		 * @param timeout from zero to {@link TopicPolicies#LONGEST}
		 * @return this
		 */
		public Builder ackTimeout(@Nullable Duration timeout) {
			this.ackTimeout = timeout;
			return this;
		}

		/**
		 * Sets {@link SubscriptionPolicies#maxRedeliveries()}.
		 * @param count from 0
		 * @return this
		 */
		public Builder maxRedeliveries(@Nullable Integer count) {
			this.maxRedeliveries = count;
			return this;
		}

		/**
		 * Sets {@link SubscriptionPolicies#deadLetterTopic()}.
		 * @param topic a topic's name
		 * @return this
		 */
		public Builder deadLetterTopic(@Nullable String topic) {
			this.deadLetterTopic = topic;
			return this;
		}

		/**
		 * Sets {@link SubscriptionPolicies#messageTtl()}.
		 * @param ttl from zero to {@link TopicPolicies#LONGEST}
		 * @return this
		 */
		public Builder messageTtl(@Nullable Duration ttl) {
			this.messageTtl = ttl;
			return this;
		}

		/**
		 * Sets {@link SubscriptionPolicies#deadLetterExpired()}.
		 * @param expired whether what has expired becomes a dead letter
		 * @return this
		 */
		public Builder deadLetterExpired(@Nullable Boolean expired) {
			this.deadLetterExpired = expired;
			return this;
		}

		/**
		 * Creates the policies.
		 * @return the policies
		 * @throws InvalidSettingException naming what is wrong, and what is allowed
		 */
		public SubscriptionPolicies build() {
			return new SubscriptionPolicies(this.redeliveryInitial, this.redeliveryMultiplier, this.redeliveryMax,
					this.redeliveryJitter, this.ackTimeout, this.maxRedeliveries, this.deadLetterTopic, this.messageTtl,
					this.deadLetterExpired);
		}

	}

}
