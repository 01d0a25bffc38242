package io.weir.client.internal.producer;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32C;

/**
 * Says which partition a message goes to: one with a key to that of the key, one without
 * to the same as those before it, until they fill a batch or the partition's room, or
 * nothing waits there any more, and then to the next that has room. Safe to use from any
 * thread.
 */
final class Partitioner {

	private final ProducerSettings settings;

	/** Producers that begin together do not all begin at the same partition. */
	private int current = ThreadLocalRandom.current().nextInt(1 << 16);

	private int messages;

	private long bytes;

	Partitioner(ProducerSettings settings) {
		this.settings = settings;
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

	/**
	 * The partition of a message without a key.
	 * @param size how many bytes it has
	 * @param partitions their producers, each with its share of the room
	 */
	synchronized int next(int size, List<ProducerCore> partitions) {
		int count = partitions.size();
		if (present(partitions).count() == 0
				|| this.messages >= Math.min(this.settings.batchMaxMessages(), this.settings.maxPending() / count)
				|| this.bytes >= Math.min(this.settings.batchMaxBytes(), this.settings.maxPendingBytes() / count)) {
			moveOn(count);
		}
		for (int full = 0; full < count && !present(partitions).hasRoomFor(size); full++) {
			moveOn(count);
		}
		this.messages++;
		this.bytes += size;
		return this.current % count;
	}

	private PendingMessages present(List<ProducerCore> partitions) {
		return partitions.get(this.current % partitions.size()).messages();
	}

	private void moveOn(int count) {
		this.current = (this.current + 1) % count;
		this.messages = 0;
		this.bytes = 0;
	}

}
