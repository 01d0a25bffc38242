/**
 * Bookings that fail, wait and come back: retry, dead letters and delayed messages.
 */
@NullMarked
package io.weir.sample.booking;

import org.jspecify.annotations.NullMarked;
