package io.weir.wire.codec;

import io.netty.buffer.ByteBuf;

import io.weir.wire.Limits;

/** The first sequence id of a batch: so low that the last one can be written too. */
final class SequenceIds {

	static final long MAX_FIRST = Varint.MAX - Limits.MAX_BATCH_MESSAGES;

	private static final String WHAT = "first sequence id";

	private SequenceIds() {
	}

	static void writeFirst(ByteBuf out, long firstSequence) {
		Varint.write(out, WHAT, 0, MAX_FIRST, firstSequence);
	}

	static long readFirst(ByteBuf in) {
		return Varint.read(in, WHAT, 0, MAX_FIRST);
	}

}
