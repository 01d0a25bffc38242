package io.weir.spring.listener;

import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/** What became of messages, human-readable to look at. */
final class ListenerCounts {

	final LongAdder received = new LongAdder();

	final LongAdder failed = new LongAdder();

	/** Nobody has decided about them yet. */
	final LongAdder underWay = new LongAdder();

	/** Nobody had decided about them when their consumer ended. */
	final LongAdder givenBack = new LongAdder();

	volatile @Nullable Throwable lastFailure;

	/** Of names of types that nobody takes. */
	final ToldOnce unknownTypes = new ToldOnce();

	final FailureLog failures = new FailureLog();

}
