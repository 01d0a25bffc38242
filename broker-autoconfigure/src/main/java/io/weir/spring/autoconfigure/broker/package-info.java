/**
 * Auto-configuration of a broker in the application's own process, and what actuators
 * tell of it.
 */
@NullMarked
package io.weir.spring.autoconfigure.broker;

import org.jspecify.annotations.NullMarked;
