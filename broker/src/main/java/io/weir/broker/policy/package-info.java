/**
 * What becomes of the messages of topics and subscriptions, as an administrator says it.
 * Knows nothing of the broker.
 */
@NullMarked
package io.weir.broker.policy;

import org.jspecify.annotations.NullMarked;
