/**
 * Frames and batches to bytes and back, without any I/O; {@code docs/protocol.md} has the
 * bytes.
 */
@NullMarked
package io.weir.wire.codec;

import org.jspecify.annotations.NullMarked;
