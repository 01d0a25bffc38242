package io.weir.wire.codec;

import java.util.List;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.message.AccessMode;
import io.weir.wire.BatchEncoding;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame.CancelDelayed;
import io.weir.wire.Frame.CloseProducer;
import io.weir.wire.Frame.OpenProducer;
import io.weir.wire.Frame.ProducerClosed;
import io.weir.wire.Frame.ProducerOpened;
import io.weir.wire.Frame.Publish;
import io.weir.wire.Frame.Receipt;
import io.weir.wire.Limits;
import io.weir.wire.Position;

/** The bodies of the frames between a producer and the broker. */
final class ProducerCodec {

	private static final Choice<AccessMode> ACCESS_MODE = new Choice<>("access mode",
			List.of(AccessMode.SHARED, AccessMode.EXCLUSIVE));

	private static final String OUTCOME = "outcome";

	// The outcomes of a batch.

	private static final int STORED = 0;

	/** Stored before. */
	private static final int DUPLICATE = 1;

	/** Stored before, and nobody knows where: no position follows. */
	private static final int FORGOTTEN = 2;

	private ProducerCodec() {
	}

	static void writeOpen(ByteBuf out, OpenProducer frame) {
		Varint.write(out, "producer id", frame.producerId());
		Text.NAME.write(out, "topic", frame.topic());
		Text.NAME.writeNullable(out, "producer name", frame.name());
		writeFromMinusOne(out, "epoch", frame.epoch());
		ACCESS_MODE.write(out, frame.accessMode());
	}

	static OpenProducer readOpen(ByteBuf body) {
		long producerId = Varint.read(body, "producer id");
		String topic = Text.NAME.read(body, "topic");
		@Nullable String name = Text.NAME.readNullable(body, "producer name");
		long epoch = readFromMinusOne(body, "epoch");
		return new OpenProducer(producerId, topic, name, epoch, ACCESS_MODE.read(body));
	}

	static void writeOpened(ByteBuf out, ProducerOpened frame) {
		Text.NAME.write(out, "producer name", frame.name());
		writeFromMinusOne(out, "epoch", frame.epoch());
		writeFromMinusOne(out, "last sequence id", frame.lastSequence());
	}

	static ProducerOpened readOpened(ByteBuf body) {
		String name = Text.NAME.read(body, "producer name");
		long epoch = readFromMinusOne(body, "epoch");
		return new ProducerOpened(name, epoch, readFromMinusOne(body, "last sequence id"));
	}

	/** Writes all but the batch, which the {@link FrameEncoder} appends. */
	static void writePublish(ByteBuf out, Publish frame) {
		Varint.write(out, "producer id", frame.producerId());
		SequenceIds.writeFirst(out, frame.firstSequence());
		Varint.write(out, "number of messages", 1, Limits.MAX_BATCH_MESSAGES, frame.count());
		Encodings.write(out, frame.encoding());
		Options.writeNone(out);
	}

	static Publish readPublish(ByteBuf body) {
		long producerId = Varint.read(body, "producer id");
		long firstSequence = SequenceIds.readFirst(body);
		int count = Varint.readInt(body, "number of messages", 1, Limits.MAX_BATCH_MESSAGES);
		BatchEncoding encoding = Encodings.read(body);
		Options.readBlock(body, FrameType.PUBLISH);
		return new Publish(producerId, firstSequence, count, encoding, body.readRetainedSlice(body.readableBytes()));
	}

	static void writeReceipt(ByteBuf out, Receipt frame) {
		Position position = frame.position();
		Varint.write(out, OUTCOME, (position == null) ? FORGOTTEN : frame.duplicate() ? DUPLICATE : STORED);
		if (position != null) {
			Positions.write(out, position);
		}
	}

	static Receipt readReceipt(ByteBuf body) {
		int outcome = Varint.readInt(body, OUTCOME, STORED, FORGOTTEN);
		return new Receipt((outcome != FORGOTTEN) ? Positions.read(body) : null, outcome != STORED);
	}

	static void writeClose(ByteBuf out, CloseProducer frame) {
		Varint.write(out, "producer id", frame.producerId());
	}

	static CloseProducer readClose(ByteBuf body) {
		return new CloseProducer(Varint.read(body, "producer id"));
	}

	static void writeCancel(ByteBuf out, CancelDelayed frame) {
		Varint.write(out, "producer id", frame.producerId());
		Positions.writeId(out, frame.id());
	}

	static CancelDelayed readCancel(ByteBuf body) {
		long producerId = Varint.read(body, "producer id");
		return new CancelDelayed(producerId, Positions.readId(body));
	}

	static void writeClosed(ByteBuf out, ProducerClosed frame) {
		Varint.write(out, "producer id", frame.producerId());
		Varint.write(out, "error code", frame.code().number());
		Text.writeReason(out, frame.reason());
	}

	static ProducerClosed readClosed(ByteBuf body) {
		long producerId = Varint.read(body, "producer id");
		ErrorCode code = ErrorCode.of(Varint.read(body, "error code"));
		return new ProducerClosed(producerId, code, Text.LONG.read(body, "reason"));
	}

	/** Numbers that begin with -1, "none", travel one higher. */
	private static void writeFromMinusOne(ByteBuf out, String what, long value) {
		if (value < -1 || value >= Varint.MAX) {
			throw Malformed.outside(what, -1, Varint.MAX - 1, value);
		}
		Varint.write(out, what, value + 1);
	}

	private static long readFromMinusOne(ByteBuf body, String what) {
		return Varint.read(body, what) - 1;
	}

}
