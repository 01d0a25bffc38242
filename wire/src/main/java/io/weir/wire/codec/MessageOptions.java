package io.weir.wire.codec;

import io.netty.buffer.ByteBuf;

import io.weir.wire.MessageRecord;
import io.weir.wire.MessageTimes;

/**
 * The options of a message that this version knows: its times and how often it was
 * replayed, eight bytes each.
 */
final class MessageOptions {

	/** Number, length and value. */
	private static final int BYTES = 2 + Long.BYTES;

	private long deliverAt = MessageTimes.AT_ONCE;

	private long deliverAfter;

	private long expiresAt = MessageTimes.NEVER;

	private long expiresAfter = MessageTimes.NEVER;

	private int replays;

	private MessageOptions() {
	}

	/** How many bytes they take, without their length. */
	static int sizeOf(MessageRecord record) {
		MessageTimes times = record.times();
		return ((times.deliverAt() != MessageTimes.AT_ONCE) ? BYTES : 0) + ((times.deliverAfter() > 0) ? BYTES : 0)
				+ ((times.expiresAt() != MessageTimes.NEVER) ? BYTES : 0)
				+ ((times.expiresAfter() != MessageTimes.NEVER) ? BYTES : 0) + ((record.replays() > 0) ? BYTES : 0);
	}

	/** Writes them, after their length. */
	static void write(ByteBuf out, MessageRecord record) {
		MessageTimes times = record.times();
		Varint.write(out, "options", sizeOf(record));
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
		if (record.replays() > 0) {
			write(out, ReservedOption.REPLAYED, record.replays());
		}
	}

	private static void write(ByteBuf out, ReservedOption option, long value) {
		Varint.write(out, "option number", option.number());
		Varint.write(out, "option length", Long.BYTES);
		out.writeLong(value);
	}

	/** Reads them, after their length. */
	static MessageOptions read(ByteBuf in) {
		MessageOptions options = new MessageOptions();
		Options.readBlock(in, options::take);
		return options;
	}

	/** Between which times the message may be delivered. */
	MessageTimes times() {
		return new MessageTimes(this.deliverAt, this.deliverAfter, this.expiresAt, this.expiresAfter);
	}

	/** How often it was replayed. */
	int replays() {
		return this.replays;
	}

	private boolean take(long number, ByteBuf value) {
		ReservedOption option = ReservedOption.of(number, null);
		if (option == ReservedOption.DELIVER_AT) {
			this.deliverAt = number(option, value);
		}
		else if (option == ReservedOption.DELIVER_AFTER) {
			this.deliverAfter = number(option, value);
		}
		else if (option == ReservedOption.EXPIRES_AT) {
			this.expiresAt = number(option, value);
		}
		else if (option == ReservedOption.EXPIRES_AFTER) {
			this.expiresAfter = number(option, value);
		}
		else if (option == ReservedOption.REPLAYED) {
			this.replays = count(option, value);
		}
		else {
			return false;
		}
		return true;
	}

	private static int count(ReservedOption option, ByteBuf value) {
		long count = number(option, value);
		if (count < 0 || count > Integer.MAX_VALUE) {
			throw Malformed.outside("option '" + option + "'", 0, Integer.MAX_VALUE, count);
		}
		return (int) count;
	}

	private static long number(ReservedOption option, ByteBuf value) {
		long number = EightBytes.read(value, "option '" + option + "'");
		if (value.isReadable()) {
			throw Malformed
				.bytes("The option '" + option + "' of a message has " + value.readableBytes() + " bytes too many");
		}
		return number;
	}

}
