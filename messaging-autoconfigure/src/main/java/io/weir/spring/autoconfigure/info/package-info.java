/**
 * What the actuator's endpoint {@code info} tells of the client.
 */
@NullMarked
package io.weir.spring.autoconfigure.info;

import org.jspecify.annotations.NullMarked;
