package io.weir.broker.store;

import java.util.Arrays;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What the broker knows of each message of an entry, so that nobody has to look into the
 * bytes of the batch again: they may be compressed, or damaged. Made once, when the batch
 * is checked, and stored with the entry. Immutable.
 */
public final class MessageIndex {

	/** The hash of a message without a key: those have one key together. */
	public static final int NO_KEY = 0;

	/** The time of a message that is to be delivered at once. */
	public static final long AT_ONCE = Long.MIN_VALUE;

	/** The time of a message that does not expire. */
	public static final long NEVER = Long.MAX_VALUE;

	/** What the objects of an index take beside the values, in bytes. */
	private static final int OBJECTS = 64;

	private final int[] ends;

	private final int @Nullable [] keyHashes;

	private final long @Nullable [] deliverAt;

	private final long @Nullable [] expiresAt;

	MessageIndex(int[] ends, int @Nullable [] keyHashes, long @Nullable [] deliverAt, long @Nullable [] expiresAt) {
		this.ends = ends;
		this.keyHashes = keyHashes;
		this.deliverAt = deliverAt;
		this.expiresAt = expiresAt;
	}

	/**
	 * Begins an index.
	 * @param count how many messages there will be, from 1
	 * @return the builder
	 */
	public static MessageIndexBuilder builder(int count) {
		return new MessageIndexBuilder(count);
	}

	/**
	 * Reads an index.
	 * @param in where it begins; behind it afterwards
	 * @param count how many messages it has, from 1
	 * @return the index
	 * @throws IndexOutOfBoundsException if it is cut off
	 * @throws IllegalArgumentException if it is no index of so many messages
	 */
	public static MessageIndex readFrom(ByteBuf in, int count) {
		return MessageIndexCodec.read(in, count);
	}

	/**
	 * Writes the index, for storage engines: a few bytes for each message, and none for
	 * what no message has.
	 * @param out where to
	 */
	public void writeTo(ByteBuf out) {
		MessageIndexCodec.write(this, out);
	}

	/**
	 * How many messages the entry has.
	 * @return the number, from 1
	 */
	public int count() {
		return this.ends.length;
	}

	/**
	 * How many bytes the messages have that come before one, when they are not
	 * compressed.
	 * @param index the message, or their number to have the bytes of all
	 * @return the bytes
	 */
	public int start(int index) {
		return (index > 0) ? this.ends[index - 1] : 0;
	}

	/**
	 * How many bytes a message has in the batch when that is not compressed.
	 * @param index the message
	 * @return the bytes
	 */
	public int size(int index) {
		return this.ends[index] - start(index);
	}

	/**
	 * The hash of what is kept in order: of a message's ordering key if it has one, else
	 * of its key. It is the CRC32C of the UTF-8.
	 * @param index the message
	 * @return the hash, or {@link #NO_KEY}
	 */
	public int keyHash(int index) {
		return (this.keyHashes != null) ? this.keyHashes[index] : NO_KEY;
	}

	/**
	 * Before which time a message must not be delivered.
	 * @param index the message
	 * @return milliseconds since 1970, or {@link #AT_ONCE}
	 */
	public long deliverAt(int index) {
		return (this.deliverAt != null) ? this.deliverAt[index] : AT_ONCE;
	}

	/**
	 * After which time a message must not be delivered.
	 * @param index the message
	 * @return milliseconds since 1970, or {@link #NEVER}
	 */
	public long expiresAt(int index) {
		return (this.expiresAt != null) ? this.expiresAt[index] : NEVER;
	}

	/**
	 * Whether some message expires.
	 * @return whether {@link #expiresAt} says of any when
	 */
	public boolean isExpiring() {
		return hasExpiresAt();
	}

	/**
	 * How much memory the index takes.
	 * @return about how many bytes
	 */
	public int memory() {
		int values = Integer.BYTES + ((this.keyHashes != null) ? Integer.BYTES : 0)
				+ ((this.deliverAt != null) ? Long.BYTES : 0) + ((this.expiresAt != null) ? Long.BYTES : 0);
		return OBJECTS + count() * values;
	}

	boolean hasKeys() {
		return this.keyHashes != null;
	}

	boolean hasDeliverAt() {
		return this.deliverAt != null;
	}

	boolean hasExpiresAt() {
		return this.expiresAt != null;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof MessageIndex that && Arrays.equals(this.ends, that.ends)
				&& Arrays.equals(this.keyHashes, that.keyHashes) && Arrays.equals(this.deliverAt, that.deliverAt)
				&& Arrays.equals(this.expiresAt, that.expiresAt);
	}

	@Override
	public int hashCode() {
		return 31 * Arrays.hashCode(this.ends) + Arrays.hashCode(this.keyHashes);
	}

	@Override
	public String toString() {
		return "MessageIndex[" + count() + " messages, " + start(count()) + " bytes]";
	}

}
