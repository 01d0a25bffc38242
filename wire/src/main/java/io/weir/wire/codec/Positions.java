package io.weir.wire.codec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.netty.buffer.ByteBuf;

import io.weir.message.MessageId;
import io.weir.message.Position;
import io.weir.wire.Limits;

/**
 * Positions and message ids. {@link Position#BEFORE_FIRST} is nobody's place and never
 * travels.
 */
final class Positions {

	private static final int MAX_INDEX = Limits.MAX_BATCH_MESSAGES - 1;

	/** Segment, entry and index. */
	private static final int MIN_ID_BYTES = 3;

	private Positions() {
	}

	static void write(ByteBuf out, Position position) {
		Varint.write(out, "segment", position.segment());
		Varint.write(out, "entry", position.entry());
	}

	static Position read(ByteBuf in) {
		long segment = Varint.read(in, "segment");
		return new Position(segment, Varint.read(in, "entry"));
	}

	static void writeIds(ByteBuf out, List<MessageId> ids) {
		Varint.write(out, "number of message ids", 1, Limits.MAX_ACK_IDS, ids.size());
		for (MessageId id : ids) {
			writeId(out, id);
		}
	}

	static void writeId(ByteBuf out, MessageId id) {
		write(out, id.position());
		Varint.write(out, "message index", 0, MAX_INDEX, id.index());
	}

	/** A place to go on from, perhaps the one after the last message of a full batch. */
	static void writePlace(ByteBuf out, MessageId place) {
		write(out, place.position());
		Varint.write(out, "index of the place", 0, Limits.MAX_BATCH_MESSAGES, place.index());
	}

	static MessageId readPlace(ByteBuf in) {
		Position position = read(in);
		return new MessageId(position, Varint.readInt(in, "index of the place", 0, Limits.MAX_BATCH_MESSAGES));
	}

	static List<MessageId> readIds(ByteBuf in) {
		int count = Varint.readInt(in, "number of message ids", 1, Limits.MAX_ACK_IDS);
		if (count > in.readableBytes() / MIN_ID_BYTES) {
			throw Malformed.truncated("message ids");
		}
		List<MessageId> ids = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			ids.add(readId(in));
		}
		return Collections.unmodifiableList(ids);
	}

	static MessageId readId(ByteBuf in) {
		Position position = read(in);
		return new MessageId(position, Varint.readInt(in, "message index", 0, MAX_INDEX));
	}

}
