package io.weir.wire.codec;

import java.util.BitSet;
import java.util.List;
import java.util.UUID;

import io.netty.buffer.ByteBuf;

import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.wire.BatchEncoding;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame.Acknowledge;
import io.weir.wire.Frame.AcknowledgeUpTo;
import io.weir.wire.Frame.AskBacklog;
import io.weir.wire.Frame.AwaitEnd;
import io.weir.wire.Frame.CloseConsumer;
import io.weir.wire.Frame.ConsumerClosed;
import io.weir.wire.Frame.Deliver;
import io.weir.wire.Frame.Flow;
import io.weir.wire.Frame.MessagesTrimmed;
import io.weir.wire.Frame.NegativeAcknowledge;
import io.weir.wire.Frame.SeekId;
import io.weir.wire.Frame.SeekTime;
import io.weir.wire.Frame.Subscribe;
import io.weir.wire.Frame.Unsubscribe;
import io.weir.wire.Limits;
import io.weir.wire.Position;

/** The bodies of the frames between a consumer and the broker. */
final class ConsumerCodec {

	private static final Choice<SubscriptionType> SUBSCRIPTION_TYPE = new Choice<>("subscription type",
			List.of(SubscriptionType.EXCLUSIVE, SubscriptionType.FAILOVER, SubscriptionType.SHARED,
					SubscriptionType.KEY_SHARED));

	private static final Choice<InitialPosition> INITIAL_POSITION = new Choice<>("initial position",
			List.of(InitialPosition.LATEST, InitialPosition.EARLIEST));

	private ConsumerCodec() {
	}

	static void writeSubscribe(ByteBuf out, Subscribe frame) {
		Varint.write(out, "consumer id", frame.consumerId());
		Text.NAME.write(out, "topic", frame.topic());
		Text.NAME.write(out, "subscription", frame.subscription());
		SUBSCRIPTION_TYPE.write(out, frame.type());
		INITIAL_POSITION.write(out, frame.initialPosition());
		Text.NAME.write(out, "consumer name", frame.consumerName());
		Flag.write(out, frame.durable());
		writeInstance(out, frame.instance());
		SubscribeOptions.write(out, frame);
	}

	static Subscribe readSubscribe(ByteBuf body) {
		long consumerId = Varint.read(body, "consumer id");
		String topic = Text.NAME.read(body, "topic");
		String subscription = Text.NAME.read(body, "subscription");
		SubscriptionType type = SUBSCRIPTION_TYPE.read(body);
		InitialPosition initialPosition = INITIAL_POSITION.read(body);
		String consumerName = Text.NAME.read(body, "consumer name");
		boolean durable = Flag.read(body, "durable");
		ConsumerInstance instance = readInstance(body);
		SubscribeOptions options = SubscribeOptions.read(body);
		return new Subscribe(consumerId, topic, subscription, type, initialPosition, consumerName, durable, instance,
				options.redelivery(), options.compacted());
	}

	private static void writeInstance(ByteBuf out, ConsumerInstance instance) {
		out.writeLong(instance.id().getMostSignificantBits());
		out.writeLong(instance.id().getLeastSignificantBits());
		Varint.write(out, "consumer epoch", instance.epoch());
	}

	private static ConsumerInstance readInstance(ByteBuf body) {
		long high = EightBytes.read(body, "consumer instance");
		UUID id = new UUID(high, EightBytes.read(body, "consumer instance"));
		return new ConsumerInstance(id, Varint.read(body, "consumer epoch"));
	}

	static void writeFlow(ByteBuf out, Flow frame) {
		Varint.write(out, "consumer id", frame.consumerId());
		Varint.write(out, "number of permits", 1, Integer.MAX_VALUE, frame.permits());
	}

	static Flow readFlow(ByteBuf body) {
		long consumerId = Varint.read(body, "consumer id");
		return new Flow(consumerId, Varint.readInt(body, "number of permits", 1, Integer.MAX_VALUE));
	}

	/** Writes all but the batch, which the {@link FrameEncoder} appends. */
	static void writeDeliver(ByteBuf out, Deliver frame) {
		Varint.write(out, "consumer id", frame.consumerId());
		Positions.write(out, frame.position());
		Varint.write(out, "redelivery count", frame.redeliveryCount());
		out.writeLong(frame.publishTime());
		Text.NAME.write(out, "producer name", frame.producerName());
		SequenceIds.writeFirst(out, frame.firstSequence());
		Varint.write(out, "first index", 0, Limits.MAX_BATCH_MESSAGES - 1, frame.firstIndex());
		Varint.write(out, "number of messages", 1, Limits.MAX_BATCH_MESSAGES - frame.firstIndex(), frame.count());
		writeIndexes(out, frame.count(), frame.acknowledged());
		Encodings.write(out, frame.encoding());
		Options.writeNone(out);
	}

	static Deliver readDeliver(ByteBuf body) {
		long consumerId = Varint.read(body, "consumer id");
		Position position = Positions.read(body);
		int redeliveryCount = Varint.readInt(body, "redelivery count", 0, Integer.MAX_VALUE);
		long publishTime = EightBytes.read(body, "publish time");
		String producerName = Text.NAME.read(body, "producer name");
		long firstSequence = SequenceIds.readFirst(body);
		int firstIndex = Varint.readInt(body, "first index", 0, Limits.MAX_BATCH_MESSAGES - 1);
		int count = Varint.readInt(body, "number of messages", 1, Limits.MAX_BATCH_MESSAGES - firstIndex);
		BitSet acknowledged = readIndexes(body, count);
		BatchEncoding encoding = Encodings.read(body);
		Options.readBlock(body, FrameType.DELIVER);
		return new Deliver(consumerId, position, redeliveryCount, publishTime, producerName, firstSequence, firstIndex,
				count, acknowledged, encoding, body.readRetainedSlice(body.readableBytes()));
	}

	static void writeAcknowledge(ByteBuf out, Acknowledge frame) {
		Varint.write(out, "consumer id", frame.consumerId());
		Positions.writeIds(out, frame.ids());
	}

	static Acknowledge readAcknowledge(ByteBuf body) {
		long consumerId = Varint.read(body, "consumer id");
		return new Acknowledge(consumerId, Positions.readIds(body));
	}

	static void writeNegativeAcknowledge(ByteBuf out, NegativeAcknowledge frame) {
		Varint.write(out, "consumer id", frame.consumerId());
		Varint.write(out, "delay", frame.delay() + 1);
		Flag.write(out, frame.forGood());
		Text.writeReason(out, frame.report().error());
		Positions.writeIds(out, frame.ids());
		FailureReportCodec.writeCause(out, frame.report());
	}

	static NegativeAcknowledge readNegativeAcknowledge(ByteBuf body) {
		long consumerId = Varint.read(body, "consumer id");
		long delay = Varint.read(body, "delay") - 1;
		boolean forGood = Flag.read(body, "for good");
		String error = Text.LONG.read(body, "error");
		List<MessageId> ids = Positions.readIds(body);
		return new NegativeAcknowledge(consumerId, delay, forGood, FailureReportCodec.read(body, error), ids);
	}

	static void writeAcknowledgeUpTo(ByteBuf out, AcknowledgeUpTo frame) {
		Varint.write(out, "consumer id", frame.consumerId());
		Positions.writeId(out, frame.id());
	}

	static AcknowledgeUpTo readAcknowledgeUpTo(ByteBuf body) {
		long consumerId = Varint.read(body, "consumer id");
		return new AcknowledgeUpTo(consumerId, Positions.readId(body));
	}

	static void writeSeekId(ByteBuf out, SeekId frame) {
		Varint.write(out, "consumer id", frame.consumerId());
		Positions.writePlace(out, frame.id());
	}

	static SeekId readSeekId(ByteBuf body) {
		long consumerId = Varint.read(body, "consumer id");
		return new SeekId(consumerId, Positions.readPlace(body));
	}

	static void writeSeekTime(ByteBuf out, SeekTime frame) {
		Varint.write(out, "consumer id", frame.consumerId());
		out.writeLong(frame.publishTime());
	}

	static SeekTime readSeekTime(ByteBuf body) {
		long consumerId = Varint.read(body, "consumer id");
		return new SeekTime(consumerId, EightBytes.read(body, "publish time"));
	}

	static void writeAwaitEnd(ByteBuf out, AwaitEnd frame) {
		Varint.write(out, "consumer id", frame.consumerId());
	}

	static AwaitEnd readAwaitEnd(ByteBuf body) {
		return new AwaitEnd(Varint.read(body, "consumer id"));
	}

	static void writeAskBacklog(ByteBuf out, AskBacklog frame) {
		Varint.write(out, "consumer id", frame.consumerId());
	}

	static AskBacklog readAskBacklog(ByteBuf body) {
		return new AskBacklog(Varint.read(body, "consumer id"));
	}

	static void writeUnsubscribe(ByteBuf out, Unsubscribe frame) {
		Varint.write(out, "consumer id", frame.consumerId());
	}

	static Unsubscribe readUnsubscribe(ByteBuf body) {
		return new Unsubscribe(Varint.read(body, "consumer id"));
	}

	static void writeClose(ByteBuf out, CloseConsumer frame) {
		Varint.write(out, "consumer id", frame.consumerId());
	}

	static CloseConsumer readClose(ByteBuf body) {
		return new CloseConsumer(Varint.read(body, "consumer id"));
	}

	static void writeClosed(ByteBuf out, ConsumerClosed frame) {
		Varint.write(out, "consumer id", frame.consumerId());
		Varint.write(out, "error code", frame.code().number());
		Text.writeReason(out, frame.reason());
	}

	static ConsumerClosed readClosed(ByteBuf body) {
		long consumerId = Varint.read(body, "consumer id");
		ErrorCode code = ErrorCode.of(Varint.read(body, "error code"));
		return new ConsumerClosed(consumerId, code, Text.LONG.read(body, "reason"));
	}

	static void writeTrimmed(ByteBuf out, MessagesTrimmed frame) {
		Varint.write(out, "consumer id", frame.consumerId());
		Varint.write(out, "number of messages", frame.messages());
		Positions.write(out, frame.firstKept());
	}

	static MessagesTrimmed readTrimmed(ByteBuf body) {
		long consumerId = Varint.read(body, "consumer id");
		long messages = Varint.read(body, "number of messages");
		return new MessagesTrimmed(consumerId, messages, Positions.read(body));
	}

	/** A bit for each index, the lowest bit of the first byte for index 0. */
	private static void writeIndexes(ByteBuf out, int count, BitSet indexes) {
		if (indexes.length() > count) {
			throw Malformed.outside("acknowledged index", 0, count - 1, indexes.length() - 1);
		}
		byte[] bits = indexes.toByteArray();
		Varint.write(out, "acknowledged indexes", bits.length);
		out.writeBytes(bits);
	}

	private static BitSet readIndexes(ByteBuf body, int count) {
		int length = Varint.readInt(body, "length of the acknowledged indexes", 0, (count + 7) / 8);
		if (length > body.readableBytes()) {
			throw Malformed.truncated("acknowledged indexes");
		}
		byte[] bits = new byte[length];
		body.readBytes(bits);
		BitSet indexes = BitSet.valueOf(bits);
		if (indexes.length() > count) {
			throw Malformed.outside("acknowledged index", 0, count - 1, indexes.length() - 1);
		}
		return indexes;
	}

}
