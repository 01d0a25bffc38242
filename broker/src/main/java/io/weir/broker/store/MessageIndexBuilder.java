package io.weir.broker.store;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Collects what is known of each message of an entry. Has memory only for what some
 * message has. For one thread.
 */
public final class MessageIndexBuilder {

	private final int[] ends;

	private int @Nullable [] keyHashes;

	private long @Nullable [] deliverAt;

	private long @Nullable [] expiresAt;

	private int count;

	private int bytes;

	MessageIndexBuilder(int count) {
		if (count < 1) {
			throw new IllegalArgumentException("An entry has at least one message, not " + count);
		}
		this.ends = new int[count];
	}

	/**
	 * Adds the next message.
	 * @param size how many bytes it has in the batch when that is not compressed
	 * @param keyHash the hash of what is kept in order, or {@link MessageIndex#NO_KEY}
	 * @param deliverAt when it may be delivered, or {@link MessageIndex#AT_ONCE}
	 * @param expiresAt when it expires, or {@link MessageIndex#NEVER}
	 * @return this builder
	 * @throws IllegalArgumentException if no batch is so large
	 * @throws IndexOutOfBoundsException if there are more messages than were announced
	 */
	public MessageIndexBuilder add(int size, int keyHash, long deliverAt, long expiresAt) {
		if (size < 0 || size > Integer.MAX_VALUE - this.bytes) {
			throw new IllegalArgumentException("A message of " + size + " bytes cannot stand at " + this.bytes);
		}
		this.bytes += size;
		this.ends[this.count] = this.bytes;
		if (keyHash != MessageIndex.NO_KEY) {
			this.keyHashes = (this.keyHashes != null) ? this.keyHashes : new int[this.ends.length];
			this.keyHashes[this.count] = keyHash;
		}
		if (deliverAt != MessageIndex.AT_ONCE) {
			this.deliverAt = (this.deliverAt != null) ? this.deliverAt : times(MessageIndex.AT_ONCE);
			this.deliverAt[this.count] = deliverAt;
		}
		if (expiresAt != MessageIndex.NEVER) {
			this.expiresAt = (this.expiresAt != null) ? this.expiresAt : times(MessageIndex.NEVER);
			this.expiresAt[this.count] = expiresAt;
		}
		this.count++;
		return this;
	}

	private long[] times(long none) {
		long[] times = new long[this.ends.length];
		Arrays.fill(times, none);
		return times;
	}

	/**
	 * The index of all messages; nothing may be added any more.
	 * @return the index
	 * @throws IllegalStateException if there are fewer messages than were announced
	 */
	public MessageIndex build() {
		if (this.count != this.ends.length) {
			throw new IllegalStateException(this.count + " messages instead of " + this.ends.length);
		}
		return new MessageIndex(this.ends, this.keyHashes, this.deliverAt, this.expiresAt);
	}

}
