package io.weir.wire.codec;

import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What later versions add to a frame or a message: a number, a length and so many bytes
 * each. Who does not know an odd number passes the option over; who does not know an even
 * one must not act as if it were not there. Which numbers are taken says
 * {@link ReservedOption}.
 */
final class Options {

	private static final String NUMBER = "option number";

	private static final String LENGTH = "option length";

	private static final String BLOCK = "options";

	private Options() {
	}

	/**
	 * Reads options to the end of what can be read, of which this version knows none.
	 * @param frame whose they are
	 * @throws UnknownOptionException if there is one that must be known; when all have
	 * been read
	 */
	static void read(ByteBuf in, FrameType frame) {
		read(in, frame, (number, value) -> false);
	}

	/**
	 * Reads options to the end of what can be read.
	 * @param frame whose they are, or {@code null} for those of a message
	 * @param known takes those that this version knows
	 * @throws UnknownOptionException if there is one that must be known, and is not; when
	 * all have been read
	 */
	private static void readAll(ByteBuf in, @Nullable FrameType frame, Known known) {
		long unknown = -1;
		while (in.isReadable()) {
			long number = Varint.read(in, NUMBER);
			ByteBuf value = next(in, Varint.read(in, LENGTH), LENGTH);
			if (!known.take(number, value) && isToBeKnown(number) && unknown < 0) {
				unknown = number;
			}
		}
		if (unknown >= 0) {
			throw new UnknownOptionException(frame, unknown);
		}
	}

	/** Reads options to the end of a frame, of which this version knows some. */
	static void read(ByteBuf in, FrameType frame, Known known) {
		readAll(in, frame, known);
	}

	/** Writes an option at the end of a frame. */
	static void write(ByteBuf out, ReservedOption option, Consumer<ByteBuf> value) {
		Varint.write(out, NUMBER, option.number());
		ByteBuf bytes = out.alloc().buffer();
		try {
			value.accept(bytes);
			Varint.write(out, LENGTH, bytes.readableBytes());
			out.writeBytes(bytes);
		}
		finally {
			bytes.release();
		}
	}

	/** Says that there are none, where something follows them. */
	static void writeNone(ByteBuf out) {
		Varint.write(out, BLOCK, 0);
	}

	/** As {@link #read}, after their length; something follows them. */
	static void readBlock(ByteBuf in, FrameType frame) {
		readBlock(in, frame, (number, value) -> false);
	}

	/**
	 * Reads the options of a message, after their length; something follows them.
	 * @param known takes those that this version knows
	 */
	static void readBlock(ByteBuf in, Known known) {
		readBlock(in, null, known);
	}

	private static void readBlock(ByteBuf in, @Nullable FrameType frame, Known known) {
		long length = Varint.read(in, BLOCK);
		if (length > 0) {
			readAll(next(in, length, BLOCK), frame, known);
		}
	}

	private static ByteBuf next(ByteBuf in, long length, String what) {
		if (length > in.readableBytes()) {
			throw Malformed.truncated(what);
		}
		return in.readSlice((int) length);
	}

	private static boolean isToBeKnown(long number) {
		return (number & 1) == 0;
	}

	/** Takes the values of options that this version knows. */
	@FunctionalInterface
	interface Known {

		/**
		 * Takes a value.
		 * @return whether the option is known
		 */
		boolean take(long number, ByteBuf value);

	}

}
