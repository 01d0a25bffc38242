package io.weir.pool;

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.time.DurationRange;

/**
 * Looks at every slot once a tick, on the maintenance thread: expires, tests, and finds
 * leaks. The pool has been filled up just before, so that what replaces the old ones is
 * on its way.
 *
 * <p>
 * It alone knows how long a slot has been lent or at rest: it remembers the state word
 * that it saw and when it first saw it. So neither borrowing nor returning reads a clock.
 * It learns of a change up to one tick late and looks again one tick later; ages are
 * rounded up by that much where being late would lend an untested resource.
 */
final class Sweeper<T> {

	private static final Logger logger = LoggerFactory.getLogger(Sweeper.class);

	private final PoolContext<T> pool;

	private final Disposer<T> disposer;

	private final Tester<T> tester;

	private final Creator<T> creator;

	private final long tick;

	private final long maxIdle;

	private final long validationInterval;

	private final long leakThreshold;

	/** Proven resources there to stay, more than the minimum, in the present sweep. */
	private int surplus;

	/** Whether a resource is on its way, so that no other goes before it is there. */
	private boolean replacing;

	/** Idle tests that may still be started in the present sweep. */
	private int testsAllowed;

	Sweeper(PoolContext<T> pool, Disposer<T> disposer, Tester<T> tester, Creator<T> creator) {
		this.pool = pool;
		this.disposer = disposer;
		this.tester = tester;
		this.creator = creator;
		PoolConfig config = pool.config();
		this.tick = config.tickNanos();
		this.maxIdle = DurationRange.waitNanos(config.maxIdleTime());
		this.validationInterval = DurationRange.waitNanos(config.validationInterval());
		this.leakThreshold = DurationRange.waitNanos(config.leakDetectionThreshold());
	}

	void sweep() {
		long now = this.pool.time().nanoTime();
		// What fails its first test replaces nothing.
		this.surplus = this.pool.table().count((slot) -> slot.proven && slot.isLasting() && !slot.isExpired(now, 0))
				- this.pool.limits().min();
		this.replacing = this.creator.inFlight() > 0 || this.disposer.inFlight() > 0
				|| this.pool.table().count((slot) -> !slot.proven && slot.isLasting()) > 0;
		this.testsAllowed = Math.max(1, this.pool.table().size() / 4) - this.pool.table().count(SlotWord.TESTING);
		for (Slot<T> slot : this.pool.table().slots()) {
			look(slot, now);
		}
	}

	private void look(Slot<T> slot, long now) {
		long word = slot.word();
		boolean lent = SlotWord.isLent(word);
		long period = SlotWord.loans(word) * 2 + (lent ? 1 : 0);
		if (slot.seenPeriod != period) {
			slot.seenPeriod = period;
			slot.seenSince = now;
			slot.leakReported = false;
		}
		if (lent) {
			lookAtLent(slot, word, now);
		}
		else if (SlotWord.status(word) == SlotWord.IDLE || SlotWord.status(word) == SlotWord.STALE) {
			lookAtIdle(slot, word, now);
		}
	}

	private void lookAtLent(Slot<T> slot, long word, long now) {
		if (slot.isExpired(now, 0) && slot.status() == SlotWord.LENT && slot.condemn(DestroyReason.LIFETIME)) {
			this.disposer.dispose(slot, DestroyReason.LIFETIME);
		}
		long lent = now - slot.seenSince;
		if (this.leakThreshold > 0 && lent >= this.leakThreshold && !slot.leakReported && !isHeld(slot, word)) {
			slot.leakReported = true;
			this.pool.counters().leaks.increment();
			new LeaseLeakEvent(this.pool.name(), lent).commit();
			this.pool.listener().tell((listener) -> listener.leaked(lent));
			logger.warn(
					"Pool '{}': a resource has been lent for {} ms, which is longer than the leak detection threshold: {}",
					this.pool.name(), TimeUnit.NANOSECONDS.toMillis(lent), slot.resource, trace(slot, word));
		}
	}

	private static boolean isHeld(Slot<?> slot, long word) {
		return SlotWord.loans(slot.held) == SlotWord.loans(word);
	}

	private static @Nullable BorrowTrace trace(Slot<?> slot, long word) {
		BorrowTrace trace = slot.trace;
		return (trace != null && trace.isOf(word)) ? trace : null;
	}

	private void lookAtIdle(Slot<T> slot, long word, long now) {
		long resting = now - slot.seenSince;
		long unproven = Math.min(resting, now - slot.lastTestedAt) + 2 * this.tick;
		if (slot.isExpired(now, 0)) {
			expire(slot, now);
		}
		else if (this.maxIdle > 0 && resting >= this.maxIdle && this.surplus > 0) {
			if (slot.retireIdle()) {
				this.surplus--;
				this.disposer.dispose(slot, DestroyReason.IDLE);
			}
		}
		else if (this.validationInterval > 0 && unproven >= this.validationInterval && this.testsAllowed > 0) {
			this.testsAllowed--;
			this.tester.test(slot, word, ValidationPhase.IDLE);
		}
		else if (this.maxIdle > 0 && unproven >= this.maxIdle) {
			slot.markStale(word);
		}
	}

	/**
	 * Keeps the slot until its replacement is there. If there is no room for one then one
	 * after the other goes first.
	 */
	private void expire(Slot<T> slot, long now) {
		boolean replaced = this.surplus >= 0;
		boolean noRoom = !this.replacing && this.creator.existing() >= this.pool.limits().max();
		boolean overdue = slot.isExpired(now, DurationRange.waitNanos(this.pool.config().lifecycleTimeout()));
		if ((replaced || noRoom || overdue) && slot.retireIdle()) {
			this.replacing |= noRoom;
			this.disposer.dispose(slot, DestroyReason.LIFETIME);
		}
	}

}
