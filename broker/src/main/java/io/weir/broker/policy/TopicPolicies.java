package io.weir.broker.policy;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.weir.setting.InvalidSettingException;
import io.weir.time.DurationRange;

/**
 * What becomes of a topic's messages. What is {@code null} is inherited: from the
 * broker's defaults for the topic's name, or else as each component says. Immutable.
 *
 * @param retentionTime how long messages are kept after everybody has acknowledged them;
 * if neither this nor {@code retentionSize} is set, they go when they are acknowledged,
 * and those of a topic without durable subscriptions are kept
 * @param retentionSize of how many bytes the newest messages are kept though everybody
 * has acknowledged them; if a time is set, too, whatever exceeds either goes
 * @param messageTtl after what time a message is no longer delivered; zero for never
 * @param backlogQuota how many bytes of messages that are not acknowledged the topic may
 * have; zero for no bound
 * @param backlogQuotaPolicy what happens then; by default
 * {@link BacklogQuotaPolicy#REFUSE}
 * @param compaction whether only the latest message of each key is kept; not with
 * {@link BacklogQuotaPolicy#DROP_OLDEST}, which would drop it
 * @param expireAfter after what time the topic is deleted, with its subscriptions, if it
 * has had no producers and no consumers for so long, no durable subscription misses
 * anything, nothing is delayed and no retention keeps a message; what nobody has
 * subscribed to goes with it, but for dead letters: these are kept until they are
 * replayed, or as long as retention says. Zero for never. The time counts anew from each
 * start of the broker; all partitions of a topic go together
 */
public record TopicPolicies(@Nullable Duration retentionTime, @Nullable Long retentionSize,
		@Nullable Duration messageTtl, @Nullable Long backlogQuota, @Nullable BacklogQuotaPolicy backlogQuotaPolicy,
		@Nullable Boolean compaction, @Nullable Duration expireAfter) {

	/** The longest duration of a policy: as good as for ever. */
	public static final Duration LONGEST = Duration.ofDays(36_500);

	static final DurationRange FROM_ZERO = new DurationRange(Duration.ZERO, LONGEST);

	private static final TopicPolicies NONE = builder().build();

	/**
	 * Checks the values.
	 * @throws InvalidSettingException naming the component, what is allowed and the value
	 */
	public TopicPolicies {
		check("retentionTime", retentionTime);
		check("retentionSize", retentionSize);
		check("messageTtl", messageTtl);
		check("backlogQuota", backlogQuota);
		check("expireAfter", expireAfter);
		if (dropsLatest(compaction, backlogQuotaPolicy)) {
			throw new InvalidSettingException("backlogQuotaPolicy",
					"must be REFUSE or BLOCK with compaction, which keeps the latest message of each key, however old",
					BacklogQuotaPolicy.DROP_OLDEST);
		}
	}

	private static void check(String setting, @Nullable Duration value) {
		if (value != null) {
			FROM_ZERO.check(setting, value);
		}
	}

	private static void check(String setting, @Nullable Long bytes) {
		if (bytes != null && bytes < 0) {
			throw new InvalidSettingException(setting, "must be 0 or more bytes", bytes);
		}
	}

	/**
	 * Policies that inherit everything.
	 * @return the policies
	 */
	public static TopicPolicies none() {
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
	 * These policies, and what they do not say from others.
	 * @param others where to inherit from
	 * @return new policies
	 */
	public TopicPolicies or(TopicPolicies others) {
		Boolean compacts = first(this.compaction, others.compaction);
		return new TopicPolicies(first(this.retentionTime, others.retentionTime),
				first(this.retentionSize, others.retentionSize), first(this.messageTtl, others.messageTtl),
				first(this.backlogQuota, others.backlogQuota),
				keepingLatest(compacts, first(this.backlogQuotaPolicy, others.backlogQuotaPolicy)), compacts,
				first(this.expireAfter, others.expireAfter));
	}

	/**
	 * Of patterns that meet in a topic, though not in their names, one may ask for
	 * compaction and another for what it must not do: then nothing is dropped.
	 */
	private static @Nullable BacklogQuotaPolicy keepingLatest(@Nullable Boolean compaction,
			@Nullable BacklogQuotaPolicy policy) {
		return dropsLatest(compaction, policy) ? BacklogQuotaPolicy.REFUSE : policy;
	}

	private static boolean dropsLatest(@Nullable Boolean compaction, @Nullable BacklogQuotaPolicy policy) {
		return Boolean.TRUE.equals(compaction) && policy == BacklogQuotaPolicy.DROP_OLDEST;
	}

	/**
	 * Whether topics with these policies would be compacted and have their oldest
	 * messages dropped, if they inherit others.
	 */
	boolean dropsLatest(TopicPolicies inherited) {
		return dropsLatest(first(this.compaction, inherited.compaction),
				first(this.backlogQuotaPolicy, inherited.backlogQuotaPolicy));
	}

	static <T> @Nullable T first(@Nullable T own, @Nullable T inherited) {
		return (own != null) ? own : inherited;
	}

	/** Collects policies; {@code null} inherits. {@link #build()} checks the values. */
	public static final class Builder {

		private @Nullable Duration retentionTime;

		private @Nullable Long retentionSize;

		private @Nullable Duration messageTtl;

		private @Nullable Long backlogQuota;

		private @Nullable BacklogQuotaPolicy backlogQuotaPolicy;

		private @Nullable Boolean compaction;

		private @Nullable Duration expireAfter;

		private Builder() {
		}

		/**
		 * Sets {@link TopicPolicies#retentionTime()}.
		 * @param time from zero to {@link TopicPolicies#LONGEST}
		 * @return this
		 */
		public Builder retentionTime(@Nullable Duration time) {
			this.retentionTime = time;
			return this;
		}

		/**
		 * Sets {@link TopicPolicies#retentionSize()}.
		 * @param bytes from 0
		 * @return this
		 */
		public Builder retentionSize(@Nullable Long bytes) {
			this.retentionSize = bytes;
			return this;
		}

		/**
		 * Sets {@link TopicPolicies#messageTtl()}.
		 * @param ttl from zero to {@link TopicPolicies#LONGEST}
		 * @return this
		 */
		public Builder messageTtl(@Nullable Duration ttl) {
			this.messageTtl = ttl;
			return this;
		}

		/**
		 * Sets {@link TopicPolicies#backlogQuota()}.
		 * @param bytes from 0
		 * @return this
		 */
		public Builder backlogQuota(@Nullable Long bytes) {
			this.backlogQuota = bytes;
			return this;
		}

		/**
		 * Sets {@link TopicPolicies#backlogQuotaPolicy()}.
		 * @param policy the policy
		 * @return this
		 */
		public Builder backlogQuotaPolicy(@Nullable BacklogQuotaPolicy policy) {
			this.backlogQuotaPolicy = policy;
			return this;
		}

		/**
		 * Sets {@link TopicPolicies#compaction()}.
		 * @param compaction whether to compact
		 * @return this
		 */
		public Builder compaction(@Nullable Boolean compaction) {
			this.compaction = compaction;
			return this;
		}

		/**
		 * Sets {@link TopicPolicies#expireAfter()}.
		 * @param time from zero to {@link TopicPolicies#LONGEST}
		 * @return this
		 */
		public Builder expireAfter(@Nullable Duration time) {
			this.expireAfter = time;
			return this;
		}

		/** Whether these policies are refused, since they contradict each other. */
		boolean dropsLatest() {
			return TopicPolicies.dropsLatest(this.compaction, this.backlogQuotaPolicy);
		}

		/**
		 * Creates the policies.
		 * @return the policies
		 * @throws InvalidSettingException naming what is wrong, and what is allowed
		 */
		public TopicPolicies build() {
			return new TopicPolicies(this.retentionTime, this.retentionSize, this.messageTtl, this.backlogQuota,
					this.backlogQuotaPolicy, this.compaction, this.expireAfter);
		}

	}

}
