/** What the starter adds to the time that an application takes to start. */
@NullMarked
package io.weir.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
