package io.weir.pool;

import org.jspecify.annotations.Nullable;

/**
 * A resource and its state. Fields other than the state word belong to one party each.
 */
final class Slot<T> extends SlotWord {

	final T resource;

	/** Its place in the table; set before the slot is published there. */
	int number;

	private final long createdAt;

	/** How long the resource may live, or 0 for ever. */
	private final long lifetime;

	/** Whether its hint may say that it is not idle, as {@link IdleHints} explains. */
	volatile boolean hidden = true;

	// Written by whoever condemns the slot, before the state word; read after it.

	volatile DestroyReason reasonToDestroy = DestroyReason.INVALIDATED;

	// Written by the borrower, between claim and release; only for a listener.

	long lentAt;

	// Written by the borrower, read by the sweeper; of one loan in many.

	volatile @Nullable BorrowTrace trace;

	// Written by a borrower, read by the sweeper: the last loan that is meant to last.

	volatile long held;

	// Maintenance thread only.

	/** When the present or last test began. */
	long testedSince;

	long lastTestedAt;

	/** Whether it has passed its first test. */
	boolean proven;

	/** The loan or rest that the sweeper saw last, and since when it has seen it. */
	long seenPeriod = -1;

	long seenSince;

	boolean leakReported;

	Slot(T resource, long createdAt, long lifetime) {
		this(SlotWord.TESTING, resource, createdAt, lifetime);
	}

	private Slot(int status, T resource, long createdAt, long lifetime) {
		super(status);
		this.resource = resource;
		this.createdAt = createdAt;
		this.lifetime = lifetime;
	}

	/** A slot that nobody can borrow, to stand where there is none. */
	@SuppressWarnings("NullAway") // nobody gets at its resource
	static <T> Slot<T> taken() {
		return new Slot<>(SlotWord.RETIRED, null, 0, 0);
	}

	/** Whether the resource was too old already the given time ago. */
	boolean isExpired(long now, long ago) {
		return this.lifetime != 0 && now - this.createdAt - ago >= this.lifetime;
	}

	boolean condemn(DestroyReason reason) {
		this.reasonToDestroy = reason;
		return condemn();
	}

}
