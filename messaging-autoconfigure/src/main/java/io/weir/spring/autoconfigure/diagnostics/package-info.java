/**
 * Says in plain words why an application does not start.
 */
@NullMarked
package io.weir.spring.autoconfigure.diagnostics;

import org.jspecify.annotations.NullMarked;
