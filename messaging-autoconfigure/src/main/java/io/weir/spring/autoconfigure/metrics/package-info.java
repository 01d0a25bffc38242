/**
 * Meters of the stream pools.
 */
@NullMarked
package io.weir.spring.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
