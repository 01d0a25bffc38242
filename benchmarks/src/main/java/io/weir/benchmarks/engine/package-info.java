/**
 * What the broker's engine costs: memory of what is idle, and how time grows with
 * backlogs, holes, topics and subscriptions.
 */
@NullMarked
package io.weir.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
