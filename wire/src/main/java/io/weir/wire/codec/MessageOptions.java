package io.weir.wire.codec;

import io.netty.buffer.ByteBuf;

/** The options of a message that this version knows. */
final class MessageOptions {

	private static final String EXPIRES_AT = "time at which a message expires";

	private long expiresAt = MessageVisitor.NEVER;

	private MessageOptions() {
	}

	/** Reads them, after their length; tells when the message expires. */
	static long readExpiresAt(ByteBuf in) {
		MessageOptions options = new MessageOptions();
		Options.readBlock(in, options::take);
		return options.expiresAt;
	}

	private boolean take(long number, ByteBuf value) {
		if (number != ReservedOption.EXPIRES_AT.number()) {
			return false;
		}
		this.expiresAt = EightBytes.read(value, EXPIRES_AT);
		if (value.isReadable()) {
			throw Malformed.bytes("The " + EXPIRES_AT + " has " + value.readableBytes() + " bytes too many");
		}
		return true;
	}

}
