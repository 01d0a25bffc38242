package io.weir.wire.codec;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

import io.weir.wire.ErrorText;
import io.weir.wire.Limits;

/**
 * Strings: their length in bytes, and UTF-8. Ill-formed text is refused both ways, so
 * that what was written is what will be read.
 */
enum Text {

	NAME(Limits.MAX_NAME_BYTES), LONG(Limits.MAX_TEXT_BYTES);

	private final int maxBytes;

	Text(int maxBytes) {
		this.maxBytes = maxBytes;
	}

	/** How many bytes a string takes, with its length; it is thereby checked. */
	int sizeOf(String what, String text) {
		int bytes = check(what, text);
		return Varint.sizeOf(bytes) + bytes;
	}

	void write(ByteBuf out, String what, String text) {
		write(out, check(what, text), text);
	}

	void writeNullable(ByteBuf out, String what, @Nullable String text) {
		Flag.write(out, text != null);
		if (text != null) {
			write(out, what, text);
		}
	}

	/**
	 * Writes human-readable text, which must not fail: what is ill-formed is replaced,
	 * what is too long is cut off.
	 */
	static void writeReason(ByteBuf out, String reason) {
		int bytes = ByteBufUtil.utf8Bytes(reason);
		// A char takes at most three bytes (RFC 3629 §3).
		String fitting = (bytes <= Limits.MAX_TEXT_BYTES) ? reason : ErrorText.cut(reason, Limits.MAX_TEXT_BYTES / 3);
		write(out, ByteBufUtil.utf8Bytes(fitting), fitting);
	}

	String read(ByteBuf in, String what) {
		int bytes = check(in, what);
		String text = in.toString(in.readerIndex(), bytes, StandardCharsets.UTF_8);
		in.skipBytes(bytes);
		return text;
	}

	@Nullable String readNullable(ByteBuf in, String what) {
		return Flag.read(in, what) ? read(in, what) : null;
	}

	/**
	 * Checks a string as {@link #read} does, without making one.
	 * @return how many bytes it has
	 */
	int skip(ByteBuf in, String what) {
		int bytes = check(in, what);
		in.skipBytes(bytes);
		return bytes;
	}

	private static void write(ByteBuf out, int bytes, String text) {
		Varint.write(out, "text length", bytes);
		ByteBufUtil.reserveAndWriteUtf8(out, text, bytes);
	}

	private int check(String what, String text) {
		int bytes = ByteBufUtil.utf8Bytes(text);
		checkLength(what, bytes);
		if (!isWellFormed(text)) {
			throw Malformed.value("The " + what + " has a surrogate without its pair: it cannot be written in UTF-8");
		}
		return bytes;
	}

	/** Checks the string that follows, and leaves the reader index after its length. */
	private int check(ByteBuf in, String what) {
		long bytes = Varint.read(in, what);
		checkLength(what, bytes);
		if (bytes > in.readableBytes()) {
			throw Malformed.truncated(what);
		}
		if (!ByteBufUtil.isText(in, in.readerIndex(), (int) bytes, StandardCharsets.UTF_8)) {
			throw Malformed.bytes("The " + what + " is not UTF-8");
		}
		return (int) bytes;
	}

	private void checkLength(String what, long bytes) {
		if (bytes > this.maxBytes) {
			throw Malformed
				.tooMuch("The " + what + " must have at most " + this.maxBytes + " bytes of UTF-8, has " + bytes);
		}
	}

	private static boolean isWellFormed(String text) {
		int codePoint;
		for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
			codePoint = text.codePointAt(i);
			if (Character.getType(codePoint) == Character.SURROGATE) {
				return false;
			}
		}
		return true;
	}

}
