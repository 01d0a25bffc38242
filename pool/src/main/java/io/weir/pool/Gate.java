package io.weir.pool;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * What may keep a borrower from taking an idle slot at once. That nothing does is one
 * read of a word that is hardly ever written.
 */
final class Gate {

	private static final int CLOSING = 1;

	private static final int IN_ORDER = 2;

	private static final AtomicIntegerFieldUpdater<Gate> REASONS = AtomicIntegerFieldUpdater.newUpdater(Gate.class,
			"reasons");

	private volatile int reasons;

	boolean isOpen() {
		return this.reasons == 0;
	}

	/** Whether new borrowers are refused. */
	boolean isClosing() {
		return has(CLOSING);
	}

	/** Whether waiters are served strictly in order, so that newcomers have to queue. */
	boolean isInOrder() {
		return has(IN_ORDER);
	}

	void close() {
		set(CLOSING, true);
	}

	void keepOrder() {
		set(IN_ORDER, true);
	}

	void giveUpOrder() {
		set(IN_ORDER, false);
	}

	private boolean has(int reason) {
		return (this.reasons & reason) != 0;
	}

	private void set(int reason, boolean present) {
		if (has(reason) == present) {
			return; // without disturbing those who read
		}
		REASONS.updateAndGet(this, (now) -> present ? now | reason : now & ~reason);
	}

}
