/**
 * Health of the connection, the pools and the listeners.
 */
@NullMarked
package io.weir.spring.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
