package io.weir.client.internal.consumer;

import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.message.Schema;
import io.weir.wire.Frame;
import io.weir.wire.MessageRecord;
import io.weir.wire.codec.MessageBatch;

/** Makes messages of what the broker delivers. */
final class Deliveries {

	private Deliveries() {
	}

	/**
	 * The messages of a delivery that are not to be passed over. Payloads are copied, so
	 * that an application that keeps a message keeps no network buffer with it.
	 * @param delivery the delivery, which stays the caller's
	 * @throws io.weir.wire.ProtocolException if the bytes are not what they should be
	 */
	static <T> List<ReceivedMessage<T>> messages(Frame.Deliver delivery, String topic, Schema<T> schema) {
		var origin = new ReceivedMessage.Origin<>(topic, schema, delivery.publishTime(), delivery.producerName(),
				delivery.redeliveryCount());
		ByteBuf batch = MessageBatch.decompressed(delivery.encoding(), delivery.batch());
		try {
			return messages(delivery, MessageBatch.read(batch, delivery.count()), origin);
		}
		finally {
			batch.release();
		}
	}

	private static <T> List<ReceivedMessage<T>> messages(Frame.Deliver delivery, List<MessageRecord> records,
			ReceivedMessage.Origin<T> origin) {
		List<ReceivedMessage<T>> messages = new ArrayList<>(records.size());
		for (int index = 0; index < records.size(); index++) {
			if (!delivery.acknowledged().get(index)) {
				MessageRecord record = records.get(index);
				MessageId id = delivery.position().message(delivery.firstIndex() + index);
				messages.add(new ReceivedMessage<>(id, origin, delivery.firstSequence() + MessageIds.index(id),
						record.key(), record.eventTime(), record.headers(), ByteBufUtil.getBytes(record.payload()),
						MessageBatch.sizeOf(record)));
			}
		}
		return messages;
	}

}
