/**
 * Flights, and what travels with them.
 */
@NullMarked
package io.weir.sample.flight;

import org.jspecify.annotations.NullMarked;
