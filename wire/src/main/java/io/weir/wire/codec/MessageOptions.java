package io.weir.wire.codec;

import io.netty.buffer.ByteBuf;

import io.weir.wire.MessageTimes;

/** The options of a message that this version knows: its times, eight bytes each. */
final class MessageOptions {

	/** Number, length and value. */
	private static final int BYTES = 2 + Long.BYTES;

	private long deliverAt = MessageTimes.AT_ONCE;

	private long deliverAfter;

	private long expiresAt = MessageTimes.NEVER;

	private long expiresAfter = MessageTimes.NEVER;

	private MessageOptions() {
	}

	/** How many bytes they take, without their length. */
	static int sizeOf(MessageTimes times) {
		return ((times.deliverAt() != MessageTimes.AT_ONCE) ? BYTES : 0) + ((times.deliverAfter() > 0) ? BYTES : 0)
				+ ((times.expiresAt() != MessageTimes.NEVER) ? BYTES : 0)
				+ ((times.expiresAfter() != MessageTimes.NEVER) ? BYTES : 0);
	}

	/** Writes them, after their length. */
	static void write(ByteBuf out, MessageTimes times) {
		Varint.write(out, "options", sizeOf(times));
		if (times.deliverAt() != MessageTimes.AT_ONCE) {
			write(out, ReservedOption.DELIVER_AT, times.deliverAt());
		}
		if (times.deliverAfter() > 0) {
			write(out, ReservedOption.DELIVER_AFTER, times.deliverAfter());
		}
		if (times.expiresAt() != MessageTimes.NEVER) {
			write(out, ReservedOption.EXPIRES_AT, times.expiresAt());
		}
		if (times.expiresAfter() != MessageTimes.NEVER) {
			write(out, ReservedOption.EXPIRES_AFTER, times.expiresAfter());
		}
	}

	private static void write(ByteBuf out, ReservedOption option, long value) {
		Varint.write(out, "option number", option.number());
		Varint.write(out, "option length", Long.BYTES);
		out.writeLong(value);
	}

	/** Reads them, after their length. */
	static MessageTimes read(ByteBuf in) {
		MessageOptions options = new MessageOptions();
		Options.readBlock(in, options::take);
		return new MessageTimes(options.deliverAt, options.deliverAfter, options.expiresAt, options.expiresAfter);
	}

	private boolean take(long number, ByteBuf value) {
		ReservedOption option = ReservedOption.of(number, null);
		if (option == ReservedOption.DELIVER_AT) {
			this.deliverAt = time(option, value);
		}
		else if (option == ReservedOption.DELIVER_AFTER) {
			this.deliverAfter = time(option, value);
		}
		else if (option == ReservedOption.EXPIRES_AT) {
			this.expiresAt = time(option, value);
		}
		else if (option == ReservedOption.EXPIRES_AFTER) {
			this.expiresAfter = time(option, value);
		}
		else {
			return false;
		}
		return true;
	}

	private static long time(ReservedOption option, ByteBuf value) {
		long time = EightBytes.read(value, "option '" + option + "'");
		if (value.isReadable()) {
			throw Malformed
				.bytes("The option '" + option + "' of a message has " + value.readableBytes() + " bytes too many");
		}
		return time;
	}

}
