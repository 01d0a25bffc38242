/**
 * Messages that come into a topic's log later: those that are delayed. Internal to the
 * broker.
 */
@NullMarked
package io.weir.broker.engine.schedule;

import org.jspecify.annotations.NullMarked;
