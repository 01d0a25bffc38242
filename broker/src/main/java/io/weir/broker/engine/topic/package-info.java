/**
 * The core of a topic: (command, now) → effects. Internal to the broker.
 */
@NullMarked
package io.weir.broker.engine.topic;

import org.jspecify.annotations.NullMarked;
