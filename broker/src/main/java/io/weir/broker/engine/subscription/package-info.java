/**
 * The way out of a topic: subscriptions, from their creation to their end. Internal to
 * the broker.
 */
@NullMarked
package io.weir.broker.engine.subscription;

import org.jspecify.annotations.NullMarked;
