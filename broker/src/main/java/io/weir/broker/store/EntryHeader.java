package io.weir.broker.store;

/**
 * What the broker knows of an entry beside its bytes.
 *
 * @param producerName who published it
 * @param firstSequence the sequence id of its first message
 * @param count how many messages it has, from 1
 * @param publishTime when it was stored, in milliseconds since 1970
 */
public record EntryHeader(String producerName, long firstSequence, int count, long publishTime) {

	/**
	 * The sequence id of the last message.
	 * @return the sequence id
	 */
	public long lastSequence() {
		return this.firstSequence + this.count - 1;
	}

}
