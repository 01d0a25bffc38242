package io.weir.broker.policy;

import java.util.Map;

/**
 * What is said of a topic itself and of its subscriptions themselves. Immutable.
 *
 * @param topic what is said of the topic
 * @param subscriptions what is said of its subscriptions, by name, whether or not they
 * are there; those of which nothing is said are left out
 */
public record StatedPolicies(TopicPolicies topic, Map<String, SubscriptionPolicies> subscriptions) {

	/** Copies the map. */
	public StatedPolicies {
		subscriptions = Map.copyOf(subscriptions);
	}

}
