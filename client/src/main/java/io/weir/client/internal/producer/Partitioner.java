package io.weir.client.internal.producer;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32C;

import org.jspecify.annotations.Nullable;

/**
 * Says which partition a message goes to: one with a key to that of the key, one without
 * to the same as those before it, until they fill a batch or nothing waits there any
 * more, and then to the next. Safe to use from any thread.
 */
final class Partitioner {

	private final int batchMessages;

	private final int batchBytes;

	/** Producers that begin together do not all begin at the same partition. */
	private int current = ThreadLocalRandom.current().nextInt(1 << 16);

	private int messages;

	private long bytes;

	Partitioner(ProducerSettings settings) {
		this.batchMessages = settings.batchMaxMessages();
		this.batchBytes = settings.batchMaxBytes();
	}

	/**
	 * The partition of a key: the same for all producers. When there are more partitions
	 * a key stays where it is, or moves to one of the new ones.
	 */
	static int of(String key, int partitions) {
		CRC32C hash = new CRC32C();
		hash.update(key.getBytes(StandardCharsets.UTF_8));
		return bucket(hash.getValue(), partitions);
	}

	/** The jump consistent hash of Lamping and Veach. */
	private static int bucket(long hash, int buckets) {
		long state = hash;
		long bucket = -1;
		long next = 0;
		while (next < buckets) {
			bucket = next;
			state = state * 2862933555777941757L + 1;
			next = (long) ((bucket + 1) * (double) (1L << 31) / ((state >>> 33) + 1));
		}
		return (int) bucket;
	}

	/** The partition of the message before, if that had no key. */
	synchronized int current(int partitions) {
		return this.current % partitions;
	}

	/**
	 * The partition of a message.
	 * @param key its key, if it has one
	 * @param size about how many bytes it has
	 * @param partitions how many there are
	 * @param idle whether nothing waits in {@link #current}
	 */
	int next(@Nullable String key, int size, int partitions, boolean idle) {
		return (key != null) ? of(key, partitions) : sticky(size, partitions, idle);
	}

	private synchronized int sticky(int size, int partitions, boolean idle) {
		if (idle || this.messages >= this.batchMessages || this.bytes >= this.batchBytes) {
			this.current = (this.current + 1) % partitions;
			this.messages = 0;
			this.bytes = 0;
		}
		this.messages++;
		this.bytes += size;
		return this.current % partitions;
	}

}
