/**
 * The façade of the broker: configure, start, observe, close.
 */
@NullMarked
package io.weir.broker;

import org.jspecify.annotations.NullMarked;
