/**
 * Consumers that an application holds before the broker is there.
 */
@NullMarked
package io.weir.spring.deferred;

import org.jspecify.annotations.NullMarked;
