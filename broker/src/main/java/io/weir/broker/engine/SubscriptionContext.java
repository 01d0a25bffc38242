package io.weir.broker.engine;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

import io.weir.wire.Budgets;

/**
 * What the subscriptions of a topic have in common.
 *
 * @param topic the topic
 * @param time what time it is, and when it is to be woken
 * @param figures counts what goes on in all topics
 * @param budgets bounds what clients can take
 * @param lives gives each life of a subscription its number
 * @param out takes effects
 */
record SubscriptionContext(TopicProgress topic, TopicTime time, EngineFigures figures, Budgets budgets,
		LongSupplier lives, Consumer<Effect> out) {

	/** A new life of a subscription begins. */
	SubscriptionId newLife(String subscription) {
		return new SubscriptionId(subscription, this.lives.getAsLong());
	}

}
