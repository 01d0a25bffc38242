package io.weir.broker.engine.runtime;

import java.util.List;
import java.util.function.Function;

import io.netty.buffer.ByteBuf;

import io.weir.broker.store.Entry;
import io.weir.wire.MessageRecord;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.MessageBatch;

/** Looks into the batch of an entry, which costs its decompression. */
final class EntryMessages {

	private EntryMessages() {
	}

	/**
	 * Does something with the messages of an entry.
	 * @param entry the entry, which stays the caller's
	 * @param action is given the messages in their order; they are valid until it returns
	 * @throws ProtocolException if the batch cannot be read
	 */
	static <T> T read(Entry entry, Function<List<MessageRecord>, T> action) {
		ByteBuf batch = MessageBatch.decompressed(entry.header().encoding(), entry.batch());
		try {
			return action.apply(MessageBatch.read(batch, entry.header().count()));
		}
		finally {
			batch.release();
		}
	}

}
