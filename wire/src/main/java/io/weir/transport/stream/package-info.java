/**
 * Frames on streams, whatever carries them: framing, queues, how much may be on the way,
 * probes and budgets. A carrier provides a Netty channel for each stream and a
 * {@link io.weir.transport.stream.StreamControl}.
 */
@NullMarked
package io.weir.transport.stream;

import org.jspecify.annotations.NullMarked;
