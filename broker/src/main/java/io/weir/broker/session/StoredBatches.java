package io.weir.broker.session;

import java.util.List;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.BatchFormat;
import io.weir.broker.store.Entry;
import io.weir.wire.BatchEncoding;
import io.weir.wire.MessageRecord;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.MessageBatch;

/** Reads stored batches for the engine, which does not know the bytes. */
public final class StoredBatches implements BatchFormat {

	/** If the batch cannot be read all keys count as one, so that the order is kept. */
	@Override
	public int[] keyHashes(Entry entry) {
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
			return records.stream().mapToInt(StoredBatches::hash).toArray();
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

	/**
	 * One whose bytes have changed stays whole, with the checksum that tells so: a part
	 * of it would be given one that fits.
	 */
	@Override
	public int @Nullable [] messageEnds(Entry entry) {
		BatchEncoding encoding = entry.header().encoding();
		if (encoding.isCompressed() || !encoding.matches(entry.batch())) {
			return null;
		}
		try {
			return MessageBatch.ends(entry.batch(), entry.header().count());
		}
		catch (ProtocolException ex) {
			return null;
		}
	}

}
