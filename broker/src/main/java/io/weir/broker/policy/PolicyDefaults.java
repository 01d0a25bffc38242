package io.weir.broker.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.weir.broker.policy.PolicyDescription.Origin;
import io.weir.setting.InvalidSettingException;

/**
 * The broker's defaults of all topics. Of the patterns that match a topic's name, the
 * first that says something counts, for each policy by itself. Immutable.
 *
 * @param patterns defaults by pattern, the more important first
 */
public record PolicyDefaults(List<TopicDefaults> patterns) {

	private static final String DEAD_LETTER_TOPIC = "dead-letter-topic";

	/** What counts if nobody says anything; all others are without a value then. */
	private static final Map<String, String> BUILT_IN = Map.of("backlog-quota-policy", BacklogQuotaPolicy.REFUSE.name(),
			"compaction", "false", "dead-letter-expired", "false");

	private static final String LATEST = "it would be dropped what compaction keeps: the latest message of a key";

	private static final PolicyDefaults NONE = new PolicyDefaults(List.of());

	/**
	 * Copies the list.
	 * @throws InvalidSettingException if a pattern and a later one that has all its
	 * topics, too, have them compacted and their oldest messages dropped
	 */
	public PolicyDefaults {
		patterns = List.copyOf(patterns);
		for (int i = 0; i < patterns.size(); i++) {
			check(patterns.get(i), patterns.subList(i + 1, patterns.size()));
		}
	}

	private static void check(TopicDefaults narrow, List<TopicDefaults> others) {
		TopicPolicies policies = narrow.topic();
		for (TopicDefaults wide : others) {
			if (wide.matches(narrow.pattern())) {
				if (policies.dropsLatest(wide.topic())) {
					throw new InvalidSettingException("topicDefaults",
							"must say backlog-quota-policy REFUSE or BLOCK, or compaction false, of the topics of pattern '"
									+ narrow.pattern() + "', since by pattern '" + wide.pattern() + "' " + LATEST,
							narrow.pattern());
				}
				policies = policies.or(wide.topic());
			}
		}
	}

	/**
	 * Checks what is to be said of a topic itself.
	 * @param topic the topic's name
	 * @param own what is to be said
	 * @throws InvalidSettingException if the topic would be compacted and its oldest
	 * messages dropped
	 */
	public void check(String topic, TopicPolicies own) {
		if (own.dropsLatest(topic(topic))) {
			throw new InvalidSettingException("backlogQuotaPolicy", "of topic '" + topic
					+ "' must be REFUSE or BLOCK, or compaction false, since by the broker's defaults " + LATEST,
					BacklogQuotaPolicy.DROP_OLDEST);
		}
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

	/**
	 * What counts for a topic.
	 * @param topic the topic's name
	 * @param own what is said of the topic itself
	 * @return each policy there is, with where it comes from
	 */
	public List<PolicyDescription> describe(String topic, TopicPolicies own) {
		return describe(topic, PolicyText.values(own.or(topic(topic))), PolicyText.values(own),
				(each) -> PolicyText.values(each.topic()));
	}

	/**
	 * What counts for a subscription.
	 * @param topic the name of its topic
	 * @param own what is said of the subscription itself
	 * @return each policy there is, with where it comes from
	 */
	public List<PolicyDescription> describe(String topic, SubscriptionPolicies own) {
		Map<String, @Nullable String> effective = PolicyText.values(own.or(subscription(topic)));
		// Its dead letters would come back for ever: there are none.
		effective.replace(DEAD_LETTER_TOPIC, topic, null);
		return describe(topic, effective, PolicyText.values(own), (each) -> PolicyText.values(each.subscription()));
	}

	private List<PolicyDescription> describe(String topic, Map<String, @Nullable String> effective,
			Map<String, @Nullable String> own, Function<TopicDefaults, Map<String, @Nullable String>> inherited) {
		Map<String, String> patterns = new HashMap<>();
		this.patterns.stream()
			.filter((each) -> each.matches(topic))
			.forEach((each) -> inherited.apply(each).forEach((name, value) -> {
				if (value != null) {
					patterns.putIfAbsent(name, each.pattern());
				}
			}));
		return effective.entrySet().stream().map((each) -> {
			String name = each.getKey();
			if (each.getValue() == null) {
				return new PolicyDescription(name, BUILT_IN.get(name), Origin.BUILT_IN, null);
			}
			return (own.get(name) != null) ? new PolicyDescription(name, each.getValue(), Origin.OWN, null)
					: new PolicyDescription(name, each.getValue(), Origin.PATTERN, patterns.get(name));
		}).toList();
	}

}
