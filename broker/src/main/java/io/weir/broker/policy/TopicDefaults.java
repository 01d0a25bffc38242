package io.weir.broker.policy;

import java.util.Objects;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.weir.setting.Require;

/**
 * What the broker says of all topics whose names match a pattern, as far as nobody says
 * it of the topic itself.
 *
 * @param pattern the names, in which {@code *} stands for any characters, none included:
 * {@code orders.*} or {@code *}
 * @param autoCreate whether whoever publishes or subscribes makes the topic; {@code null}
 * leaves that to the next pattern that matches
 * @param topic policies of the topics
 * @param subscription policies of their subscriptions
 */
public record TopicDefaults(String pattern, @Nullable Boolean autoCreate, TopicPolicies topic,
		SubscriptionPolicies subscription) {

	/** Checks the values. */
	public TopicDefaults {
		Require.notBlank("pattern", pattern);
		Objects.requireNonNull(topic, "topic");
		Objects.requireNonNull(subscription, "subscription");
	}

	/**
	 * Defaults of topics that make no difference to who makes them and to their
	 * subscriptions.
	 * @param pattern the names
	 * @param topic policies of the topics
	 */
	public TopicDefaults(String pattern, TopicPolicies topic) {
		this(pattern, null, topic, SubscriptionPolicies.none());
	}

	/**
	 * Whether these are defaults of a topic.
	 * @param topic the topic's name
	 * @return whether it matches the pattern
	 */
	public boolean matches(String topic) {
		StringBuilder expression = new StringBuilder();
		for (String part : this.pattern.split("\\*", -1)) {
			expression.append(expression.isEmpty() ? "" : ".*").append(Pattern.quote(part));
		}
		return topic.matches(expression.toString());
	}

}
