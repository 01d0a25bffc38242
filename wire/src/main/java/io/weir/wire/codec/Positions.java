package io.weir.wire.codec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.netty.buffer.ByteBuf;

import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.wire.Limits;
import io.weir.wire.Position;

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
		write(out, Position.of(id));
		Varint.write(out, "message index", 0, MAX_INDEX, MessageIds.index(id));
	}

	/** A place to go on from, perhaps the one after the last message of a full batch. */
	static void writePlace(ByteBuf out, MessageId place) {
		write(out, Position.of(place));
		Varint.write(out, "index of the place", 0, Limits.MAX_BATCH_MESSAGES, MessageIds.index(place));
	}

	static MessageId readPlace(ByteBuf in) {
		return readId(in, "index of the place", Limits.MAX_BATCH_MESSAGES);
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
		return readId(in, "message index", MAX_INDEX);
	}

	private static MessageId readId(ByteBuf in, String index, int maxIndex) {
		long segment = Varint.read(in, "segment");
		long entry = Varint.read(in, "entry");
		return MessageIds.of(0, segment, entry, Varint.readInt(in, index, 0, maxIndex));
	}

}
