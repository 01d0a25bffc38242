package io.weir.broker.store;

import io.weir.wire.BatchEncoding;

/**
 * What the broker knows of an entry beside its bytes.
 *
 * @param producerName who published it
 * @param firstSequence the sequence id of its first message
 * @param count how many messages it has, from 1
 * @param publishTime when it was stored, in milliseconds since 1970
 * @param encoding how its bytes are compressed
 */
public record EntryHeader(String producerName, long firstSequence, int count, long publishTime,
		BatchEncoding encoding) {

	/**
	 * The header of an entry that is not compressed.
	 * @param producerName who published it
	 * @param firstSequence the sequence id of its first message
	 * @param count how many messages it has, from 1
	 * @param publishTime when it was stored, in milliseconds since 1970
	 */
	public EntryHeader(String producerName, long firstSequence, int count, long publishTime) {
		this(producerName, firstSequence, count, publishTime, BatchEncoding.PLAIN);
	}

	/**
	 * The sequence id of the last message.
	 * @return the sequence id
	 */
	public long lastSequence() {
		return this.firstSequence + this.count - 1;
	}

}
