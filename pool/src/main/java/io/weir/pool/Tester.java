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

	/** Is told of each slot that has become idle. */
	private final Consumer<Slot<T>> becameIdle;

	Tester(Callbacks<T> callbacks, Timekeeper time, Counters counters, GuardedListener listener,
			Undertaker<T> undertaker, Consumer<Slot<T>> becameIdle) {
		this.callbacks = callbacks;
		this.time = time;
		this.counters = counters;
		this.listener = listener;
		this.undertaker = undertaker;
		this.becameIdle = becameIdle;
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
	 * @param verdict is told the result, before anybody can borrow the slot, and when one
	 * that failed does not count any more
	 */
	void run(Slot<T> slot, ValidationPhase phase, Consumer<Boolean> verdict) {
		slot.testedSince = this.time.nanoTime();
		this.callbacks.validate(slot.resource, (valid) -> {
			this.counters.validated(phase, valid);
			this.listener.tell((listener) -> listener.validated(phase, valid));
			slot.lastTestedAt = this.time.nanoTime();
			slot.proven |= valid;
			if (!valid) {
				reject(slot);
			}
			verdict.accept(valid);
			if (valid) {
				accept(slot);
			}
		});
	}

	private void accept(Slot<T> slot) {
		if (slot.endTest()) {
			this.becameIdle.accept(slot);
		}
		else if (slot.retireTested()) {
			this.undertaker.bury(slot, slot.doomReason);
		}
	}

	private void reject(Slot<T> slot) {
		if (slot.retireTested()) {
			this.undertaker.bury(slot, DestroyReason.INVALID);
		}
	}

}
