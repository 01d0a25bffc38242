package io.weir.pool;

import java.util.function.Consumer;

/**
 * Runs the deep tests. Everything here happens on the maintenance thread.
 */
final class Tester<T> {

	private final PoolContext<T> pool;

	private final Disposer<T> disposer;

	/** Is told of each slot that has become idle. */
	private final Consumer<Slot<T>> becameIdle;

	Tester(PoolContext<T> pool, Disposer<T> disposer, Consumer<Slot<T>> becameIdle) {
		this.pool = pool;
		this.disposer = disposer;
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
	 * Tests a slot that is reserved for that, then makes it idle or disposes of it.
	 * @param verdict is told the result, before anybody can borrow the slot, and when one
	 * that failed does not count any more
	 */
	void run(Slot<T> slot, ValidationPhase phase, Consumer<Boolean> verdict) {
		slot.testedSince = this.pool.time().nanoTime();
		this.pool.callbacks().validate(slot.resource, (valid) -> {
			this.pool.counters().validated(phase, valid);
			this.pool.listener().tell((listener) -> listener.validated(phase, valid));
			slot.lastTestedAt = this.pool.time().nanoTime();
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
			this.disposer.dispose(slot, slot.reasonToDestroy);
		}
	}

	private void reject(Slot<T> slot) {
		if (slot.retireTested()) {
			this.disposer.dispose(slot, DestroyReason.INVALID);
		}
	}

}
