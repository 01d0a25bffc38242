/** The one rule for durations and moments that applications give. */
@NullMarked
package io.weir.time;

import org.jspecify.annotations.NullMarked;
