/**
 * Runs topics: threads, timers and the store, around the cores. Internal to the broker.
 */
@NullMarked
package io.weir.broker.engine.runtime;

import org.jspecify.annotations.NullMarked;
