package io.weir.client.internal.consumer;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

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
	 * Whether the messages of a delivery can be read.
	 * @return whether they can; if not, they are dead letters
	 * @throws DamagedBatchException if they are to be asked for again
	 * @throws io.weir.wire.ProtocolException if nobody wants dead letters
	 */
	boolean isReadable(Frame.Deliver delivery) {
		boolean intact = this.damage.isIntact(delivery);
		if (!intact && this.settings.deadLettering() == null) {
			throw this.damage.failure(delivery);
		}
		return intact;
	}

	/** Which messages of a delivery are not to be passed over. */
	List<MessageId> ids(Frame.Deliver delivery) {
		return IntStream.range(0, delivery.count())
			.filter((index) -> !delivery.acknowledged().get(index))
			.mapToObj((index) -> id(delivery, index))
			.toList();
	}

	/**
	 * The messages of a readable delivery that are not to be passed over. Payloads are
	 * copied, so that an application that keeps a message keeps no network buffer with
	 * it.
	 * @param delivery the delivery, which stays the caller's
	 * @throws io.weir.wire.ProtocolException if the bytes are not what they should be
	 */
	List<ReceivedMessage<T>> messages(Frame.Deliver delivery) {
		ByteBuf batch = MessageBatch.decompressed(delivery.encoding(), delivery.batch());
		try {
			return messages(delivery, MessageBatch.read(batch, delivery.count()),
					new ReceivedMessage.Origin<>(this.partition.whole().name(), this.schema, delivery.publishTime(),
							delivery.producerName(), delivery.redeliveryCount()));
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

	private MessageId id(Frame.Deliver delivery, int index) {
		return delivery.position().message(this.partition.partition(), delivery.firstIndex() + index);
	}

}
