package io.weir.client.internal.consumer;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

import io.weir.message.DeadLetterOrigin;
import io.weir.message.Headers;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.message.Schema;
import io.weir.message.Topic;
import io.weir.wire.Frame;
import io.weir.wire.MessageRecord;
import io.weir.wire.codec.MessageBatch;

/**
 * Makes messages of what the broker delivers. Only touched on the consumer's executor.
 *
 * @param <T> the type of the values
 */
final class DeliveryDecoder<T> {

	private final ConsumerSettings settings;

	private final Topic partition;

	private final Schema<T> schema;

	private final DamagedBatches damage;

	DeliveryDecoder(ConsumerSettings settings, Schema<T> schema, DamagedBatches damage) {
		this.settings = settings;
		this.partition = new Topic(settings.topic());
		this.schema = schema;
		this.damage = damage;
	}

	/**
	 * The messages of a delivery that are not to be passed over. Payloads are copied, so
	 * that an application that keeps a message keeps no network buffer with it.
	 * @param delivery the delivery, which stays the caller's
	 * @return the messages; if they are damaged for good, dead letters in their place
	 * @throws DamagedBatchException if they are to be asked for again
	 * @throws io.weir.wire.ProtocolException if the bytes are not what they should be
	 */
	List<ReceivedMessage<T>> messages(Frame.Deliver delivery) {
		boolean intact = this.damage.isIntact(delivery);
		if (!intact && this.settings.deadLettering() == null) {
			throw this.damage.failure(delivery);
		}
		var origin = new ReceivedMessage.Origin<>(this.partition.whole().name(), this.schema, delivery.publishTime(),
				delivery.producerName(), delivery.redeliveryCount(), !intact);
		return intact ? messages(delivery, origin) : deadLetters(delivery, origin);
	}

	private List<ReceivedMessage<T>> messages(Frame.Deliver delivery, ReceivedMessage.Origin<T> origin) {
		ByteBuf batch = MessageBatch.decompressed(delivery.encoding(), delivery.batch());
		try {
			return messages(delivery, MessageBatch.read(batch, delivery.count()), origin);
		}
		finally {
			batch.release();
		}
	}

	private List<ReceivedMessage<T>> messages(Frame.Deliver delivery, List<MessageRecord> records,
			ReceivedMessage.Origin<T> origin) {
		List<ReceivedMessage<T>> messages = new ArrayList<>(records.size());
		for (int index = 0; index < records.size(); index++) {
			if (!delivery.acknowledged().get(index)) {
				MessageRecord record = records.get(index);
				MessageId id = id(delivery, index);
				messages.add(new ReceivedMessage<>(id, origin, delivery.firstSequence() + MessageIds.index(id),
						record.key(), record.eventTime(), record.headers(), ByteBufUtil.getBytes(record.payload()),
						MessageBatch.sizeOf(record)));
			}
		}
		return messages;
	}

	/** One for each message; the first has the bytes of all, as they came. */
	private List<ReceivedMessage<T>> deadLetters(Frame.Deliver delivery, ReceivedMessage.Origin<T> origin) {
		Headers headers = Headers.empty().with(DeadLetterOrigin.DAMAGED_HEADER, describe(delivery));
		List<ReceivedMessage<T>> messages = new ArrayList<>(delivery.count());
		for (int index = 0; index < delivery.count(); index++) {
			if (!delivery.acknowledged().get(index)) {
				MessageId id = id(delivery, index);
				byte[] bytes = messages.isEmpty() ? ByteBufUtil.getBytes(delivery.batch()) : new byte[0];
				messages.add(new ReceivedMessage<>(id, origin, delivery.firstSequence() + MessageIds.index(id), null,
						null, headers, bytes, bytes.length));
			}
		}
		return messages;
	}

	private MessageId id(Frame.Deliver delivery, int index) {
		return delivery.position().message(this.partition.partition(), delivery.firstIndex() + index);
	}

	private String describe(Frame.Deliver delivery) {
		return delivery.count() + " messages from " + id(delivery, 0) + ", compression "
				+ delivery.encoding().compression() + ", CRC32C "
				+ HexFormat.of().toHexDigits(delivery.encoding().checksum());
	}

}
