/** What it costs that messages are not acknowledged before such as are. */
@NullMarked
package io.weir.benchmarks.holes;

import org.jspecify.annotations.NullMarked;
