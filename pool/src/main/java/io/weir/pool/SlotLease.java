package io.weir.pool;

/**
 * A loan, identified by the state word that its claim wrote.
 */
final class SlotLease<T> implements Lease<T> {

	private final Lender<T> lender;

	private final Slot<T> slot;

	private final long loan;

	SlotLease(Lender<T> lender, Slot<T> slot, long loan) {
		this.lender = lender;
		this.slot = slot;
		this.loan = loan;
	}

	@Override
	public T resource() {
		if (!this.slot.isOn(this.loan)) {
			throw ended();
		}
		return this.slot.resource;
	}

	@Override
	public void hold() {
		this.slot.held = this.loan;
	}

	@Override
	public void invalidate() {
		this.lender.discard(this.slot, this.loan);
	}

	@Override
	public void close() {
		this.lender.takeBack(this.slot, this.loan);
	}

	private static IllegalStateException ended() {
		return new IllegalStateException("This lease has ended: it was closed or invalidated, or its pool was closed");
	}

	/** Returns a loan that reached no borrower. */
	void putBack() {
		this.lender.putBack(this.slot, this.loan);
	}

	@Override
	public String toString() {
		return "Lease[" + (this.slot.isOn(this.loan) ? this.slot.resource : "ended") + "]";
	}

}
