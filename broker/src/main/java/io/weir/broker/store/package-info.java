/**
 * What the broker keeps: topics' logs, what producers have stored and what subscriptions
 * have acknowledged. The interfaces, and the engines behind them.
 */
@NullMarked
package io.weir.broker.store;

import org.jspecify.annotations.NullMarked;
