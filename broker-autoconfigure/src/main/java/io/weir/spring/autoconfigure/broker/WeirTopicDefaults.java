package io.weir.spring.autoconfigure.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.broker.policy.SubscriptionPolicies;
import io.weir.broker.policy.TopicDefaults;
import io.weir.broker.policy.TopicPolicies;
import io.weir.spring.autoconfigure.common.PropertySink;

/**
 * What becomes of the messages of all topics whose names match a pattern. What is not set
 * is left to the next pattern that matches.
 *
 * @param pattern Names of topics, in which * stands for any characters.
 * @param autoCreate Whether whoever publishes or subscribes makes the topic.
 * @param retentionTime How long messages are kept after everybody has acknowledged them.
 * @param retentionSize Of how many bytes the newest messages are kept though everybody
 * has acknowledged them.
 * @param messageTtl After what time a message is no longer delivered, 0 for never.
 * @param backlogQuota How many bytes of messages that are not acknowledged a topic may
 * have, 0 for no bound.
 * @param backlogQuotaPolicy What happens then.
 * @param compaction Whether only the latest message of each key is kept.
 * @param expireAfter After what time a topic is deleted that nobody uses and that has no
 * messages, 0 for never.
 * @param subscription of the topics' subscriptions
 */
public record WeirTopicDefaults(@DefaultValue("*") String pattern, @Nullable Boolean autoCreate,
		@Nullable Duration retentionTime, @Nullable DataSize retentionSize, @Nullable Duration messageTtl,
		@Nullable DataSize backlogQuota, @Nullable BacklogQuotaPolicy backlogQuotaPolicy, @Nullable Boolean compaction,
		@Nullable Duration expireAfter, @DefaultValue Subscription subscription) {

	/**
	 * What becomes of the messages of subscriptions, unless their consumers state it.
	 *
	 * @param redeliveryInitial How long after the first failure a message comes again.
	 * @param redeliveryMultiplier By what the delay grows with each further failure.
	 * @param redeliveryMax Longest delay.
	 * @param redeliveryJitter Part of each delay that is left to chance, from 0 to 1.
	 * @param ackTimeout After what time without an acknowledgement a delivery has failed,
	 * 0 for never.
	 * @param maxRedeliveries How often a message comes again before it is a dead letter.
	 * @param deadLetterTopic Topic of dead letters.
	 * @param messageTtl After what time a message is no longer delivered, 0 for never.
	 * @param deadLetterExpired Whether messages that have expired become dead letters.
	 */
	public record Subscription(@Nullable Duration redeliveryInitial, @Nullable Double redeliveryMultiplier,
			@Nullable Duration redeliveryMax, @Nullable Double redeliveryJitter, @Nullable Duration ackTimeout,
			@Nullable Integer maxRedeliveries, @Nullable String deadLetterTopic, @Nullable Duration messageTtl,
			@Nullable Boolean deadLetterExpired) {

		private SubscriptionPolicies toPolicies() {
			return new SubscriptionPolicies(this.redeliveryInitial, this.redeliveryMultiplier, this.redeliveryMax,
					this.redeliveryJitter, this.ackTimeout, this.maxRedeliveries, this.deadLetterTopic, this.messageTtl,
					this.deadLetterExpired);
		}

	}

	private TopicPolicies toPolicies() {
		return new TopicPolicies(this.retentionTime, bytes(this.retentionSize), this.messageTtl,
				bytes(this.backlogQuota), this.backlogQuotaPolicy, this.compaction, this.expireAfter);
	}

	private static @Nullable Long bytes(@Nullable DataSize size) {
		return (size != null) ? Long.valueOf(size.toBytes()) : null;
	}

	/** The defaults for a broker, without those that are wrong. */
	static List<TopicDefaults> toDefaults(List<WeirTopicDefaults> properties, PropertySink sink) {
		List<TopicDefaults> defaults = new ArrayList<>();
		for (int i = 0; i < properties.size(); i++) {
			WeirTopicDefaults each = properties.get(i);
			PropertySink at = sink.at("topic-defaults[" + i + "]");
			TopicPolicies topic = at.make(each::toPolicies);
			SubscriptionPolicies subscription = at.at("subscription")
				.make(each.subscription::toPolicies, "redeliveryInitial");
			if (topic != null && subscription != null) {
				TopicDefaults made = at
					.make(() -> new TopicDefaults(each.pattern, each.autoCreate, topic, subscription));
				if (made != null) {
					defaults.add(made);
				}
			}
		}
		return defaults;
	}

}
