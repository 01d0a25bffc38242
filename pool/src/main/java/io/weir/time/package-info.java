/** The one rule for durations that applications give. */
@NullMarked
package io.weir.time;

import org.jspecify.annotations.NullMarked;
