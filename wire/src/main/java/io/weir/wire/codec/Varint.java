package io.weir.wire.codec;

import io.netty.buffer.ByteBuf;

/**
 * QUIC's variable-length integers (RFC 9000 §16): the two highest bits of the first byte
 * say whether the number has 1, 2, 4 or 8 bytes. The shortest form is written, every form
 * is read.
 */
final class Varint {

	/** The largest number. */
	static final long MAX = (1L << 62) - 1;

	/** The largest number of at most {@link #LENGTH_BYTES} bytes. */
	static final int MAX_LENGTH = (1 << 30) - 1;

	/** The most bytes that the length of anything in memory takes. */
	static final int LENGTH_BYTES = 4;

	private Varint() {
	}

	/** How many bytes a number takes, which must not be negative. */
	static int sizeOf(long value) {
		if (value <= 0x3F) {
			return 1;
		}
		if (value <= 0x3FFF) {
			return 2;
		}
		return (value <= MAX_LENGTH) ? 4 : 8;
	}

	static void write(ByteBuf out, String what, long value) {
		write(out, what, 0, MAX, value);
	}

	static void write(ByteBuf out, String what, long min, long max, long value) {
		if (value < min || value > max) {
			throw Malformed.outside(what, min, max, value);
		}
		switch (sizeOf(value)) {
			case 1 -> out.writeByte((int) value);
			case 2 -> out.writeShort((int) value | 0x4000);
			case 4 -> out.writeInt((int) value | 0x8000_0000);
			default -> out.writeLong(value | 0xC000_0000_0000_0000L);
		}
	}

	/** Whether all bytes of the number at the reader index are there. */
	static boolean isComplete(ByteBuf in) {
		return missing(in) == 0;
	}

	/** How many bytes of the number are not there; 1 if none is. */
	static int missing(ByteBuf in) {
		if (!in.isReadable()) {
			return 1;
		}
		return Math.max(0, (1 << (in.getUnsignedByte(in.readerIndex()) >>> 6)) - in.readableBytes());
	}

	static long read(ByteBuf in, String what) {
		if (!isComplete(in)) {
			throw Malformed.truncated(what);
		}
		return switch (in.getUnsignedByte(in.readerIndex()) >>> 6) {
			case 0 -> in.readByte();
			case 1 -> in.readShort() & 0x3FFF;
			case 2 -> in.readInt() & MAX_LENGTH;
			default -> in.readLong() & MAX;
		};
	}

	static long read(ByteBuf in, String what, long min, long max) {
		long value = read(in, what);
		if (value < min || value > max) {
			throw Malformed.outside(what, min, max, value);
		}
		return value;
	}

	static int readInt(ByteBuf in, String what, int min, int max) {
		return (int) read(in, what, min, max);
	}

}
