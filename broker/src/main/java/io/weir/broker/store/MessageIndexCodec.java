package io.weir.broker.store;

import java.util.function.IntToLongFunction;

import io.netty.buffer.ByteBuf;

/**
 * An index as it is stored: which columns there are, and then these.
 *
 * <pre>
 * columns 1 | sizes | key hashes, if bit 0 | deliver at, if bit 1 | expires at, if bit 2
 * </pre>
 *
 * The values of a column lie near each other, so each is stored as its distance from the
 * least one, in as many bytes as the largest distance needs, often none:
 *
 * <pre>
 * bytes of the least value, and of each distance: 1 | least value | distances
 * </pre>
 */
final class MessageIndexCodec {

	private static final int KEYS = 0b001;

	private static final int DELIVER_AT = 0b010;

	private static final int EXPIRES_AT = 0b100;

	private static final int ALL = KEYS | DELIVER_AT | EXPIRES_AT;

	private MessageIndexCodec() {
	}

	static void write(MessageIndex index, ByteBuf out) {
		out.writeByte((index.hasKeys() ? KEYS : 0) | (index.hasDeliverAt() ? DELIVER_AT : 0)
				| (index.hasExpiresAt() ? EXPIRES_AT : 0));
		write(index.count(), index::size, out);
		if (index.hasKeys()) {
			write(index.count(), (message) -> Integer.toUnsignedLong(index.keyHash(message)), out);
		}
		if (index.hasDeliverAt()) {
			write(index.count(), index::deliverAt, out);
		}
		if (index.hasExpiresAt()) {
			write(index.count(), index::expiresAt, out);
		}
	}

	static MessageIndex read(ByteBuf in, int count) {
		int columns = in.readUnsignedByte();
		if (columns > ALL) {
			throw new IllegalArgumentException("its index has unknown columns: " + columns);
		}
		long[] none = new long[0];
		long[] sizes = readColumn(count, in);
		long[] keys = ((columns & KEYS) != 0) ? readColumn(count, in) : none;
		long[] deliverAt = ((columns & DELIVER_AT) != 0) ? readColumn(count, in) : none;
		long[] expiresAt = ((columns & EXPIRES_AT) != 0) ? readColumn(count, in) : none;
		MessageIndexBuilder index = MessageIndex.builder(count);
		for (int i = 0; i < count; i++) {
			index.add(size(sizes[i]), (keys != none) ? (int) keys[i] : MessageIndex.NO_KEY,
					(deliverAt != none) ? deliverAt[i] : MessageIndex.AT_ONCE,
					(expiresAt != none) ? expiresAt[i] : MessageIndex.NEVER);
		}
		return index.build();
	}

	private static int size(long value) {
		if (value != (int) value) {
			throw new IllegalArgumentException("its index has a message of " + value + " bytes");
		}
		return (int) value;
	}

	/** Distances are unsigned: from the least time to the last they fill 64 bits. */
	private static void write(int count, IntToLongFunction column, ByteBuf out) {
		long least = column.applyAsLong(0);
		long greatest = least;
		for (int i = 1; i < count; i++) {
			long value = column.applyAsLong(i);
			least = Math.min(least, value);
			greatest = Math.max(greatest, value);
		}
		int leastBytes = bytesOf(least);
		int bytes = bytesOf(greatest - least);
		out.writeByte(leastBytes << 4 | bytes);
		write(least, leastBytes, out);
		for (int i = 0; bytes > 0 && i < count; i++) {
			write(column.applyAsLong(i) - least, bytes, out);
		}
	}

	private static long[] readColumn(int count, ByteBuf in) {
		int widths = in.readUnsignedByte();
		int bytes = widths & 0xF;
		if (widths >>> 4 > Long.BYTES || bytes > Long.BYTES) {
			throw new IllegalArgumentException("its index has a column of impossible values: " + widths);
		}
		long least = read(widths >>> 4, in);
		long[] column = new long[count];
		for (int i = 0; i < count; i++) {
			column[i] = least + read(bytes, in);
		}
		return column;
	}

	/** How many bytes a number has that is taken as unsigned, without leading zeros. */
	private static int bytesOf(long value) {
		return (Long.SIZE - Long.numberOfLeadingZeros(value) + Byte.SIZE - 1) / Byte.SIZE;
	}

	private static void write(long value, int bytes, ByteBuf out) {
		for (int shift = (bytes - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
			out.writeByte((int) (value >>> shift));
		}
	}

	private static long read(int bytes, ByteBuf in) {
		long value = 0;
		for (int i = 0; i < bytes; i++) {
			value = value << Byte.SIZE | in.readUnsignedByte();
		}
		return value;
	}

}
