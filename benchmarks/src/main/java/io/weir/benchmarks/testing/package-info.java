/** What tests with a broker of their own pay for it. */
@NullMarked
package io.weir.benchmarks.testing;

import org.jspecify.annotations.NullMarked;
