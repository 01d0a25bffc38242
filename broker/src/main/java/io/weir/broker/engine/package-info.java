/**
 * The broker's single-writer core: of each topic, (command, now) → effects, without
 * threads, clock or I/O; and the thin shell around it that runs topics on a few threads
 * and carries the effects out.
 */
@NullMarked
package io.weir.broker.engine;

import org.jspecify.annotations.NullMarked;
