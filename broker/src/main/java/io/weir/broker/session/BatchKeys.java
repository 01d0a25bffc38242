package io.weir.broker.session;

import java.util.List;

import io.netty.buffer.ByteBuf;

import io.weir.broker.store.Entry;
import io.weir.wire.MessageRecord;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.MessageBatch;

/** Reads the keys of a batch, for the engine, which does not know the bytes. */
public final class BatchKeys {

	private BatchKeys() {
	}

	/**
	 * Computes a hash of each message's key; messages without a key count as messages of
	 * one key. If the batch cannot be read they all do, so that their order is kept.
	 * @param entry the entry, which stays the caller's
	 * @return a hash for each message
	 */
	public static int[] hashes(Entry entry) {
		int count = entry.header().count();
		ByteBuf batch;
		try {
			batch = MessageBatch.decompressed(entry.header().encoding(), entry.batch());
		}
		catch (ProtocolException ex) {
			return new int[count];
		}
		try {
			List<MessageRecord> records = MessageBatch.read(batch, count);
			return records.stream().mapToInt(BatchKeys::hash).toArray();
		}
		catch (ProtocolException ex) {
			return new int[count];
		}
		finally {
			batch.release();
		}
	}

	private static int hash(MessageRecord message) {
		String key = message.key();
		return (key != null) ? key.hashCode() : 0;
	}

}
