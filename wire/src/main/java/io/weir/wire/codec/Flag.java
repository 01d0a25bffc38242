package io.weir.wire.codec;

import io.netty.buffer.ByteBuf;

/** A truth value: one byte, 0 or 1. */
final class Flag {

	private Flag() {
	}

	static void write(ByteBuf out, boolean value) {
		out.writeByte(value ? 1 : 0);
	}

	static boolean read(ByteBuf in, String what) {
		if (!in.isReadable()) {
			throw Malformed.truncated(what);
		}
		int value = in.readUnsignedByte();
		if (value > 1) {
			throw Malformed.bytes("The flag of the " + what + " must be 0 or 1, was " + value);
		}
		return value == 1;
	}

}
