/**
 * What may be said on the wire: frames, error codes and limits, without any I/O.
 */
@NullMarked
package io.weir.wire;

import org.jspecify.annotations.NullMarked;
