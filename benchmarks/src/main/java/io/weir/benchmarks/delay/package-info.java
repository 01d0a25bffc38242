/** What delayed messages cost. */
@NullMarked
package io.weir.benchmarks.delay;

import org.jspecify.annotations.NullMarked;
