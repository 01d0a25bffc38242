package io.weir.spring.listener;

import java.util.concurrent.atomic.LongAdder;

/** Counts for people to look at. */
final class ListenerCounts {

	final LongAdder received = new LongAdder();

	final LongAdder failed = new LongAdder();

}
