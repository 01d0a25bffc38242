package io.weir.broker.session;

import java.util.concurrent.atomic.AtomicLong;

import io.weir.wire.Budget;

/**
 * Bounds what is delivered to a session and waits for the network, whatever its consumers
 * have asked for. Safe to use from any thread.
 */
final class DeliveryRoom {

	private final Budget bound;

	private final AtomicLong used = new AtomicLong();

	/** Somebody looked for room and found none. */
	private volatile boolean missed;

	DeliveryRoom(Budget bound) {
		this.bound = bound;
	}

	/** Whether more may be delivered. If not, {@link #giveBack} will say when it may. */
	boolean isLeft() {
		if (hasRoom()) {
			return true;
		}
		if (!this.missed) {
			this.bound.countRefusal();
		}
		this.missed = true;
		// Whoever gave back meanwhile may not have seen that.
		return hasRoom();
	}

	private boolean hasRoom() {
		return this.used.get() < this.bound.limit();
	}

	/** A delivery is on its way. */
	void use(int bytes) {
		this.used.addAndGet(bytes);
	}

	/**
	 * The network took a delivery.
	 * @return whether those who found no room should look again
	 */
	boolean giveBack(int bytes) {
		if (this.used.addAndGet(-bytes) <= this.bound.limit() / 2 && this.missed) {
			this.missed = false;
			return true;
		}
		return false;
	}

}
