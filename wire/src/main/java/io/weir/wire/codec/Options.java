package io.weir.wire.codec;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What later versions add to a frame or a message: a number, a length and so many bytes
 * each. Who does not know an odd number passes the option over; who does not know an even
 * one must not act as if it were not there. This version knows none; which numbers are
 * taken says {@link ReservedOption}.
 */
final class Options {

	private static final String NUMBER = "option number";

	private static final String LENGTH = "option length";

	private static final String BLOCK = "options";

	private Options() {
	}

	/**
	 * Reads options to the end of what can be read.
	 * @param frame whose they are, or {@code null} for those of a message
	 * @throws UnknownOptionException if there is one that must be known, and is not; when
	 * all have been read
	 */
	static void read(ByteBuf in, @Nullable FrameType frame) {
		long unknown = -1;
		while (in.isReadable()) {
			long number = Varint.read(in, NUMBER);
			skip(in, Varint.read(in, LENGTH), LENGTH);
			if (isToBeKnown(number) && unknown < 0) {
				unknown = number;
			}
		}
		if (unknown >= 0) {
			throw new UnknownOptionException(frame, unknown);
		}
	}

	/** Says that there are none, where something follows them. */
	static void writeNone(ByteBuf out) {
		Varint.write(out, BLOCK, 0);
	}

	/** Reads options after their length; something follows them. */
	static void readBlock(ByteBuf in, @Nullable FrameType frame) {
		long length = Varint.read(in, BLOCK);
		if (length == 0) {
			return;
		}
		int start = in.readerIndex();
		skip(in, length, BLOCK);
		read(in.slice(start, (int) length), frame);
	}

	private static void skip(ByteBuf in, long length, String what) {
		if (length > in.readableBytes()) {
			throw Malformed.truncated(what);
		}
		in.skipBytes((int) length);
	}

	private static boolean isToBeKnown(long number) {
		return (number & 1) == 0;
	}

}
