package io.weir.spring.listener;

import java.util.concurrent.atomic.LongAdder;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * How many messages of one consumer a listener was given that nobody has decided about.
 * The broker has them back when the consumer has ended. Safe to use from any thread.
 */
final class Undecided {

	private final LongAdder underWay;

	private final LongAdder givenBack;

	@GuardedBy("this")
	private long count;

	@GuardedBy("this")
	private boolean ended;

	Undecided(TopicCounts counts) {
		this.underWay = counts.underWay;
		this.givenBack = counts.givenBack;
	}

	synchronized void add(int messages) {
		change(messages);
	}

	synchronized void remove(int messages) {
		change(-messages);
	}

	/** What is said after this changes nothing for the broker. */
	synchronized void end() {
		this.givenBack.add(this.count);
		change(-this.count);
		this.ended = true;
	}

	@GuardedBy("this")
	private void change(long messages) {
		if (!this.ended) {
			this.count += messages;
			this.underWay.add(messages);
		}
	}

}
