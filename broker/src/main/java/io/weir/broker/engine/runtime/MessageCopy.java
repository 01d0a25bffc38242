package io.weir.broker.engine.runtime;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

import io.weir.broker.engine.Storing;
import io.weir.broker.store.Entry;
import io.weir.broker.store.MessageIndex;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.Headers;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Limits;
import io.weir.wire.MessageRecord;
import io.weir.wire.codec.MessageBatch;

/**
 * Makes copies of single messages of an entry, to be forwarded: with the same key, event
 * time and payload, and headers of the broker's beside their own. They are delivered at
 * once and do not expire. Of a damaged entry nobody knows the messages: the copy of the
 * first has all the bytes.
 */
final class MessageCopy {

	private MessageCopy() {
	}

	/**
	 * Copies a message.
	 * @param entry the entry, which stays the caller's
	 * @param copy which message, where to and with which headers
	 * @return a batch of one message, whose buffer is the caller's
	 */
	static Storing.Forward of(Entry entry, Storing.ForwardCopy copy) {
		if (!entry.isIntact()) {
			ByteBuf payload = (copy.index() == 0) ? entry.batch().duplicate() : Unpooled.EMPTY_BUFFER;
			Headers headers = copy.headers().with(DeadLetterOrigin.DAMAGED_HEADER, describe(entry));
			return forward(copy, MessageIndex.NO_KEY, new MessageRecord(null, null, headers, payload));
		}
		ByteBuf batch = MessageBatch.decompressed(entry.header().encoding(), entry.batch());
		try {
			List<MessageRecord> records = MessageBatch.read(batch, entry.header().count());
			MessageRecord record = records.get(copy.index());
			return forward(copy, entry.header().index().keyHash(copy.index()), new MessageRecord(record.key(),
					record.eventTime(), merge(record.headers(), copy.headers()), record.payload()));
		}
		finally {
			batch.release();
		}
	}

	/** Those of the message matter more, if there is not room for all. */
	private static Headers merge(Headers own, Headers added) {
		Headers merged = own;
		for (Map.Entry<String, String> header : added.asMap().entrySet()) {
			merged = merged.with(header.getKey(), header.getValue());
		}
		return (merged.size() <= Limits.MAX_HEADERS) ? merged : own;
	}

	private static Storing.Forward forward(Storing.ForwardCopy copy, int keyHash, MessageRecord record) {
		int size = MessageBatch.sizeOf(record);
		ByteBuf batch = ByteBufAllocator.DEFAULT.buffer(size);
		try {
			MessageBatch.write(batch, record);
			MessageIndex index = MessageIndex.builder(1)
				.add(size, keyHash, MessageIndex.AT_ONCE, MessageIndex.NEVER)
				.build();
			return new Storing.Forward(copy.purpose(), copy.source(), copy.index(), copy.target(), index,
					BatchEncoding.plain(batch), batch.retain());
		}
		finally {
			batch.release();
		}
	}

	private static String describe(Entry entry) {
		return entry.header().count() + " messages from " + entry.position().message(0) + ", compression "
				+ entry.header().encoding().compression() + ", CRC32C "
				+ HexFormat.of().toHexDigits(entry.header().encoding().checksum());
	}

}
