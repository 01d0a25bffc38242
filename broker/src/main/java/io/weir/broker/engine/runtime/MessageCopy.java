package io.weir.broker.engine.runtime;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

import io.weir.broker.engine.ForwardNames;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.store.Entry;
import io.weir.broker.store.MessageIndex;
import io.weir.message.DeadLetterCause;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.Headers;
import io.weir.message.Topic;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Limits;
import io.weir.wire.MessageRecord;
import io.weir.wire.MessageTimes;
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
	 * Copies a message that is given up. One that was replayed keeps where it first came
	 * from, and how often it was.
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
		return EntryMessages.read(entry, (records) -> {
			MessageRecord record = records.get(copy.index());
			Headers added = (record.replays() > 0) ? keepOrigin(record.headers(), copy.headers()) : copy.headers();
			return forward(copy, entry, record, added, record.replays());
		});
	}

	/**
	 * Copies a dead letter, to be replayed.
	 * @param entry the entry, which stays the caller's and is intact
	 * @param index which message
	 * @param target where to
	 * @param purpose as {@link Storing.Forward#purpose()}
	 * @return a batch of one message, whose buffer is the caller's
	 */
	static Storing.Forward ofReplayed(Entry entry, int index, Topic target, String purpose) {
		Storing.ForwardCopy copy = new Storing.ForwardCopy(new SubscriptionId(ForwardNames.REPLAYED, 0), purpose,
				entry.position(), index, target, Headers.empty());
		return EntryMessages.read(entry, (records) -> {
			MessageRecord record = records.get(index);
			int replays = Math.max(record.replays(), record.replays() + 1);
			Headers added = Headers.empty().with(DeadLetterOrigin.REPLAYS_HEADER, Integer.toString(replays));
			return forward(copy, entry, record, added, replays);
		});
	}

	/** Where it died last is said beside where it did first. */
	private static Headers keepOrigin(Headers own, Headers added) {
		String subscription = added.get(DeadLetterOrigin.SUBSCRIPTION_HEADER);
		if (DeadLetterOrigin.of(own) == null || subscription == null) {
			return added;
		}
		Map<String, String> kept = new LinkedHashMap<>(added.asMap());
		kept.put(DeadLetterOrigin.LAST_SUBSCRIPTION_HEADER, subscription);
		kept.remove(DeadLetterOrigin.SUBSCRIPTION_HEADER);
		kept.remove(DeadLetterOrigin.TOPIC_HEADER);
		kept.remove(DeadLetterOrigin.MESSAGE_ID_HEADER);
		return Headers.of(kept);
	}

	/**
	 * What there is room for: the headers of the message matter most, and what its
	 * application failed with least. What was said of an earlier death goes.
	 */
	static MessageRecord merge(MessageRecord record, Headers added, int replays, int maxSize) {
		Headers own = DeadLetterCause.removeFrom(record.headers());
		return Stream.of(with(own, added), with(own, DeadLetterCause.removeFrom(added)))
			.filter((headers) -> headers.size() <= Limits.MAX_HEADERS)
			.map((headers) -> with(record, headers, replays))
			.filter((merged) -> MessageBatch.sizeOf(merged) <= maxSize)
			.findFirst()
			.orElseGet(() -> with(record, own, replays));
	}

	private static MessageRecord with(MessageRecord record, Headers headers, int replays) {
		return new MessageRecord(record.key(), record.eventTime(), headers, MessageTimes.ANY, replays,
				record.payload());
	}

	private static Headers with(Headers own, Headers added) {
		Headers merged = own;
		for (Map.Entry<String, String> header : added.asMap().entrySet()) {
			merged = merged.with(header.getKey(), header.getValue());
		}
		return merged;
	}

	private static Storing.Forward forward(Storing.ForwardCopy copy, Entry entry, MessageRecord record, Headers added,
			int replays) {
		return forward(copy, entry.header().index().keyHash(copy.index()),
				merge(record, added, replays, Limits.MAX_MESSAGE_SIZE));
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
