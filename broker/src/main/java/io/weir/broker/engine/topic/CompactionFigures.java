package io.weir.broker.engine.topic;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Compacting;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.context.TopicContext;

/** What came of the compaction of a topic since it was opened. */
final class CompactionFigures {

	private long passes;

	private long messages;

	private long bytes;

	private int keys;

	private long leftOut;

	private @Nullable Long passedAt;

	private @Nullable String failure;

	void removed(long messages, long bytes) {
		this.messages += messages;
		this.bytes += bytes;
	}

	/** The log was gone through: says so. */
	Compacting.Finished passed(CompactionPass pass, TopicContext context) {
		this.passes++;
		this.keys = pass.search().keys();
		this.leftOut = pass.search().leftOut();
		this.passedAt = context.time().now();
		this.failure = null;
		return new Compacting.Finished(pass.messagesRemoved(), pass.bytesRemoved(), this.keys, this.leftOut,
				context.time().steady() - pass.began());
	}

	void failed(StorageFailure failure) {
		this.failure = failure.reason();
	}

	TopicSnapshot.Compaction snapshot(boolean running) {
		return new TopicSnapshot.Compaction(running, this.passes, this.passedAt, this.messages, this.bytes, this.keys,
				this.leftOut, this.failure);
	}

}
