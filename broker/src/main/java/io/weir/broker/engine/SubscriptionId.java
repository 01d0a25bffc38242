package io.weir.broker.engine;

/**
 * A subscription in one of its lives: what was asked of the store in an earlier life is
 * of no concern to a later one of the same name.
 *
 * @param name the subscription's name, unique in its topic
 * @param life a number that no other subscription of the topic has had since it was
 * opened
 */
public record SubscriptionId(String name, long life) {

}
