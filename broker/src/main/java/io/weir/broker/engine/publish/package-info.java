/**
 * The way into a topic: producers, their epochs, and what was sent twice. Internal to the
 * broker.
 */
@NullMarked
package io.weir.broker.engine.publish;

import org.jspecify.annotations.NullMarked;
