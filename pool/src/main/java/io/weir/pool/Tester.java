package io.weir.pool;

import java.util.function.Consumer;

/**
 * Runs the deep tests. Everything here happens on the maintenance thread.
 */
final class Tester<T> {

	private final Callbacks<T> callbacks;

	private final Timekeeper time;

	private final Counters counters;

	private final GuardedListener listener;

	private final Undertaker<T> undertaker;

	/** Runs when a slot has become idle. */
	private final Runnable serve;

	Tester(Callbacks<T> callbacks, Timekeeper time, Counters counters, GuardedListener listener,
			Undertaker<T> undertaker, Runnable serve) {
		this.callbacks = callbacks;
		this.time = time;
		this.counters = counters;
		this.listener = listener;
		this.undertaker = undertaker;
		this.serve = serve;
	}

	/** Tests a slot at rest, if nobody has taken it meanwhile. */
	void test(Slot<T> slot, long seen, ValidationPhase phase) {
		if (slot.beginTest(seen)) {
			run(slot, phase, (valid) -> {
			});
		}
	}

	/**
	 * Tests a slot that is reserved for that, then makes it idle or buries it.
	 * @param verdict is told the result, before anybody can borrow the slot
	 */
	void run(Slot<T> slot, ValidationPhase phase, Consumer<Boolean> verdict) {
		this.callbacks.validate(slot.resource, (valid) -> {
			this.counters.validated(phase, valid);
			this.listener.tell((listener) -> listener.validated(phase, valid));
			verdict.accept(valid);
			slot.lastTestedAt = this.time.nanoTime();
			if (!valid) {
				reject(slot);
			}
			else if (slot.endTest()) {
				this.serve.run();
			}
			else if (slot.retireTested()) {
				this.undertaker.bury(slot, slot.doomReason);
			}
		});
	}

	private void reject(Slot<T> slot) {
		if (slot.retireTested()) {
			this.undertaker.bury(slot, DestroyReason.INVALID);
		}
	}

}
