/**
 * Actuator endpoints to look at and control pools and listeners.
 */
@NullMarked
package io.weir.spring.autoconfigure.endpoint;

import org.jspecify.annotations.NullMarked;
