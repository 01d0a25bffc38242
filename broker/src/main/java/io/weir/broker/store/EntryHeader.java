package io.weir.broker.store;

import io.weir.wire.BatchEncoding;

/**
 * What the broker knows of an entry beside its bytes.
 *
 * @param producerName who published it
 * @param firstSequence the sequence id of its first message
 * @param index what is known of each message
 * @param publishTime when it was stored, in milliseconds since 1970
 * @param encoding how its bytes are compressed, and their checksum
 * @param before how much the topic's log has before it; the log sets it
 */
public record EntryHeader(String producerName, long firstSequence, MessageIndex index, long publishTime,
		BatchEncoding encoding, Extent before) {

	/**
	 * The header of an entry that has no place in a log yet.
	 * @param producerName who published it
	 * @param firstSequence the sequence id of its first message
	 * @param index what is known of each message
	 * @param publishTime when it was stored, in milliseconds since 1970
	 * @param encoding how its bytes are compressed, and their checksum
	 */
	public EntryHeader(String producerName, long firstSequence, MessageIndex index, long publishTime,
			BatchEncoding encoding) {
		this(producerName, firstSequence, index, publishTime, encoding, Extent.NONE);
	}

	/**
	 * How many messages the entry has.
	 * @return the number, from 1
	 */
	public int count() {
		return this.index.count();
	}

	/**
	 * The sequence id of the last message.
	 * @return the sequence id
	 */
	public long lastSequence() {
		return this.firstSequence + count() - 1;
	}

	/**
	 * The same with a place in a log.
	 * @param before how much the log has before the entry
	 * @return the header
	 */
	public EntryHeader at(Extent before) {
		return new EntryHeader(this.producerName, this.firstSequence, this.index, this.publishTime, this.encoding,
				before);
	}

	/**
	 * How many messages the log has before this entry.
	 * @return the ordinal of its first message
	 */
	public long firstOrdinal() {
		return this.before.messages();
	}

	/**
	 * How many messages the log has up to and with this entry.
	 * @return the ordinal of the next message
	 */
	public long nextOrdinal() {
		return this.before.messages() + count();
	}

	/**
	 * How much the log has up to and with this entry.
	 * @param bytes how many bytes the entry's batch has
	 * @return what the log has before the next entry
	 */
	public Extent after(int bytes) {
		return new Extent(nextOrdinal(), this.before.bytes() + bytes);
	}

}
