package io.weir.broker.engine;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What the subscriptions of a topic have in common.
 *
 * @param topic the topic
 * @param keys tells messages of one key
 * @param lives gives each life of a subscription its number
 * @param out takes effects
 */
record SubscriptionContext(TopicProgress topic, KeyHashes keys, LongSupplier lives, Consumer<Effect> out) {

}
