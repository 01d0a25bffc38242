package io.weir.broker.policy;

import java.util.List;

/**
 * The broker's defaults of all topics. Of the patterns that match a topic's name, the
 * first that says something counts, for each policy by itself. Immutable.
 *
 * @param patterns defaults by pattern, the more important first
 */
public record PolicyDefaults(List<TopicDefaults> patterns) {

	private static final PolicyDefaults NONE = new PolicyDefaults(List.of());

	/** Copies the list. */
	public PolicyDefaults {
		patterns = List.copyOf(patterns);
	}

	/**
	 * No defaults: every topic is made by whoever uses it first.
	 * @return the defaults
	 */
	public static PolicyDefaults none() {
		return NONE;
	}

	/**
	 * Defaults of a topic.
	 * @param topic the topic's name
	 * @return what the patterns say
	 */
	public TopicPolicies topic(String topic) {
		return this.patterns.stream()
			.filter((each) -> each.matches(topic))
			.map(TopicDefaults::topic)
			.reduce(TopicPolicies.none(), TopicPolicies::or);
	}

	/**
	 * Defaults of a topic's subscriptions.
	 * @param topic the topic's name
	 * @return what the patterns say
	 */
	public SubscriptionPolicies subscription(String topic) {
		return this.patterns.stream()
			.filter((each) -> each.matches(topic))
			.map(TopicDefaults::subscription)
			.reduce(SubscriptionPolicies.none(), SubscriptionPolicies::or);
	}

	/**
	 * Whether whoever publishes or subscribes makes a topic.
	 * @param topic the topic's name
	 * @return whether it is made; so it is unless a pattern says otherwise
	 */
	public boolean autoCreate(String topic) {
		for (TopicDefaults each : this.patterns) {
			Boolean autoCreate = each.autoCreate();
			if (autoCreate != null && each.matches(topic)) {
				return autoCreate;
			}
		}
		return true;
	}

}
