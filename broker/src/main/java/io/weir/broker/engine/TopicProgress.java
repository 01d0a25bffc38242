package io.weir.broker.engine;

import io.weir.message.Topic;
import io.weir.wire.Position;

/** How far a topic's log goes, and what went in and out of it. */
final class TopicProgress {

	private final Topic name;

	private final EngineFigures all;

	private Position lastStored;

	private long nextOrdinal;

	private long messagesIn;

	private long bytesIn;

	private long messagesOut;

	private long bytesOut;

	TopicProgress(Topic name, Position lastStored, long nextOrdinal, EngineFigures all) {
		this.all = all;
		this.name = name;
		this.lastStored = lastStored;
		this.nextOrdinal = nextOrdinal;
	}

	Topic name() {
		return this.name;
	}

	/** The last entry that can be read. */
	Position lastStored() {
		return this.lastStored;
	}

	/** How many messages the log has up to there, since its beginning. */
	long nextOrdinal() {
		return this.nextOrdinal;
	}

	void stored(Position position, int messages, int bytes) {
		this.lastStored = position;
		this.nextOrdinal += messages;
		this.messagesIn += messages;
		this.bytesIn += bytes;
		this.all.stored(messages, bytes);
	}

	void delivered(int messages, int bytes) {
		this.messagesOut += messages;
		this.bytesOut += bytes;
		this.all.delivered(messages, bytes);
	}

	TopicSnapshot.Traffic snapshot() {
		return new TopicSnapshot.Traffic(this.messagesIn, this.bytesIn, this.messagesOut, this.bytesOut);
	}

}
