/**
 * Meters of clients, stream pools and listeners.
 */
@NullMarked
package io.weir.spring.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
