package io.weir.broker.store;

import io.netty.buffer.ByteBuf;

import io.weir.wire.Position;

/**
 * An entry of a topic's log: the messages of one batch.
 *
 * @param position where it stands
 * @param header what the broker knows of it
 * @param batch the messages as they came; whoever is given an entry must release it
 */
public record Entry(Position position, EntryHeader header, ByteBuf batch) {

	/** Gives up the buffer. */
	public void release() {
		this.batch.release();
	}

}
