package io.weir.spring.listener;

import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

import io.weir.message.Backlog;

/** What became of the messages of one topic of a listener, and what it is doing. */
final class TopicCounts {

	final LongAdder received = new LongAdder();

	/** Those received that had been delivered before. */
	final LongAdder redelivered = new LongAdder();

	final LongAdder processed = new LongAdder();

	final LongAdder failed = new LongAdder();

	final LongAdder deadLettered = new LongAdder();

	/** Nobody has decided about them yet. */
	final LongAdder underWay = new LongAdder();

	/** Nobody had decided about them when their consumer ended. */
	final LongAdder givenBack = new LongAdder();

	/** Threads that are in the listener. */
	final LongAdder activeThreads = new LongAdder();

	/** What the broker said last; {@code null} if it could not be asked. */
	volatile @Nullable Backlog backlog;

}
