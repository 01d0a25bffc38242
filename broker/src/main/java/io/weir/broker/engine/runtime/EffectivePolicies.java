package io.weir.broker.engine.runtime;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Policies;
import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.broker.policy.PolicyDefaults;
import io.weir.broker.policy.SubscriptionPolicies;
import io.weir.broker.policy.TopicPolicies;
import io.weir.message.Topic;

/** What counts for a topic, of what is said of it and of the broker's defaults. */
final class EffectivePolicies {

	private EffectivePolicies() {
	}

	static Policies of(Topic name, TopicPolicies own, Map<String, SubscriptionPolicies> ownOfSubscriptions,
			PolicyDefaults defaults) {
		TopicPolicies topic = own.or(defaults.topic(name.name()));
		SubscriptionPolicies any = defaults.subscription(name.name());
		Map<String, Policies.OfSubscription> subscriptions = new HashMap<>();
		ownOfSubscriptions.forEach((subscription, stated) -> subscriptions.put(subscription, of(stated.or(any))));
		Long quota = topic.backlogQuota();
		BacklogQuotaPolicy quotaPolicy = topic.backlogQuotaPolicy();
		Policies made = new Policies(retention(topic), orNever(topic.messageTtl()),
				(quota == null || quota == 0) ? Policies.UNLIMITED : quota,
				(quotaPolicy != null) ? quotaPolicy : BacklogQuotaPolicy.REFUSE,
				Objects.requireNonNullElse(topic.compaction(), false), orNever(topic.expireAfter()), of(any),
				Map.copyOf(subscriptions));
		// There are many topics of which nobody says anything.
		return made.equals(Policies.none()) ? Policies.none() : made;
	}

	/** What is not set sets no bound, unless neither is. */
	private static Policies.Retention retention(TopicPolicies topic) {
		Duration time = topic.retentionTime();
		Long size = topic.retentionSize();
		if (time == null && size == null) {
			return new Policies.Retention(false, 0, 0);
		}
		return new Policies.Retention(true, (time != null) ? time.toMillis() : Policies.UNLIMITED,
				(size != null) ? size : Policies.UNLIMITED);
	}

	private static Policies.OfSubscription of(SubscriptionPolicies policies) {
		String deadLetterTopic = policies.deadLetterTopic();
		return new Policies.OfSubscription(millis(policies.redeliveryInitial()), policies.redeliveryMultiplier(),
				millis(policies.redeliveryMax()), policies.redeliveryJitter(), millis(policies.ackTimeout()),
				policies.maxRedeliveries(), (deadLetterTopic != null) ? new Topic(deadLetterTopic) : null,
				orNever(policies.messageTtl()), Boolean.TRUE.equals(policies.deadLetterExpired()));
	}

	/** Less than a millisecond is not none. */
	private static @Nullable Long millis(@Nullable Duration duration) {
		return (duration != null) ? Long.valueOf(duration.plusNanos(999_999).toMillis()) : null;
	}

	private static long orNever(@Nullable Duration duration) {
		Long millis = millis(duration);
		return (millis == null || millis == 0) ? Policies.UNLIMITED : millis;
	}

}
