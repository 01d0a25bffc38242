/**
 * What a subscription has still to deliver, and which of its consumers gets what.
 * Internal to the broker.
 */
@NullMarked
package io.weir.broker.engine.dispatch;

import org.jspecify.annotations.NullMarked;
