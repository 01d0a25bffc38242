package io.weir.broker.engine;

/**
 * One incarnation of a subscription: what was asked of the store in an earlier one is of
 * no concern to a later one of the same name.
 *
 * @param name the subscription's name, unique in its topic
 * @param incarnation a number that no other subscription of the topic has had since it
 * was opened
 */
public record SubscriptionId(String name, long incarnation) {

}
