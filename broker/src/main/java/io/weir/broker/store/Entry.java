package io.weir.broker.store;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.wire.Position;

/**
 * An entry of a topic's log: the messages of one batch. Several threads may have it at
 * once, as long as nobody changes the indexes of its buffer.
 */
public final class Entry {

	private final Position position;

	private final EntryHeader header;

	private final ByteBuf batch;

	/** Found out once; whoever comes first does. */
	private @Nullable Boolean intact;

	/**
	 * Creates an entry.
	 * @param position where it stands
	 * @param header what the broker knows of it
	 * @param batch the messages as they came; whoever is given an entry must release it
	 */
	public Entry(Position position, EntryHeader header, ByteBuf batch) {
		this.position = position;
		this.header = header;
		this.batch = batch;
	}

	/**
	 * Where it stands.
	 * @return its position
	 */
	public Position position() {
		return this.position;
	}

	/**
	 * What the broker knows of it.
	 * @return the header
	 */
	public EntryHeader header() {
		return this.header;
	}

	/**
	 * The messages as they came.
	 * @return the bytes, which are the entry's
	 */
	public ByteBuf batch() {
		return this.batch;
	}

	/**
	 * Whether some messages can be sent without the others: they are not compressed, and
	 * are as long as the index says. Does not look into the bytes.
	 * @return whether {@link #part} may be asked for
	 */
	public boolean isDivisible() {
		return !this.header.encoding().isCompressed()
				&& this.header.index().start(this.header.count()) == this.batch.readableBytes();
	}

	/**
	 * Whether the bytes are those that the producer made, by their checksum, which is
	 * computed once.
	 * @return whether they are
	 */
	public boolean isIntact() {
		Boolean known = this.intact;
		if (known == null) {
			known = this.header.encoding().matches(this.batch);
			this.intact = known;
		}
		return known;
	}

	/**
	 * How many bytes a run of messages has.
	 * @param first its first message
	 * @param count how many messages it has, from 1
	 * @return the bytes, of the whole batch if the run has all of its messages
	 */
	public int bytes(int first, int count) {
		MessageIndex index = this.header.index();
		return (count == index.count()) ? this.batch.readableBytes() : index.start(first + count) - index.start(first);
	}

	/**
	 * The bytes of a run of messages, shared with the entry: releasing one releases the
	 * other.
	 * @param first its first message
	 * @param count how many messages it has, from 1; all, unless the entry
	 * {@linkplain #isDivisible() can be divided}
	 * @return the bytes, with indexes of their own
	 */
	public ByteBuf part(int first, int count) {
		int start = (count == this.header.count()) ? 0 : this.header.index().start(first);
		return this.batch.slice(this.batch.readerIndex() + start, bytes(first, count));
	}

	/**
	 * Has the buffer for one more.
	 * @return this entry, to be released once more
	 */
	public Entry retain() {
		this.batch.retain();
		return this;
	}

	/** Gives up the buffer. */
	public void release() {
		this.batch.release();
	}

}
