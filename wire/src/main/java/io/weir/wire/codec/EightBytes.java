package io.weir.wire.codec;

import io.netty.buffer.ByteBuf;

/** Eight bytes of any value: times, which may lie before 1970, and nonces. */
final class EightBytes {

	private EightBytes() {
	}

	static long read(ByteBuf in, String what) {
		if (!in.isReadable(Long.BYTES)) {
			throw Malformed.truncated(what);
		}
		return in.readLong();
	}

}
