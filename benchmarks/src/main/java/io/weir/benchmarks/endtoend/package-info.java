/**
 * Messages per second and latency through a whole broker, as ratios against the bare
 * transport in the same run.
 */
@NullMarked
package io.weir.benchmarks.endtoend;

import org.jspecify.annotations.NullMarked;
