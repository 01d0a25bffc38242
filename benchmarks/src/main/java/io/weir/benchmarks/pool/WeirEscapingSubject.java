package io.weir.benchmarks.pool;

import java.util.Arrays;

import io.weir.pool.Lease;
import io.weir.pool.Pool;

/**
 * As {@link WeirSubject}, with leases that escape, as those do that are kept in a field.
 */
final class WeirEscapingSubject implements Subject {

	private final Pool<Resource> pool;

	private static final int PLACES = 64;

	/** So many references that two threads' places are in no common cache line. */
	private static final int APART = 64;

	/** A place for each thread, so that they do not wait for each other here. */
	private final Object[] held = new Object[PLACES * APART];

	WeirEscapingSubject(int size) {
		this.pool = WeirLifecycle.pool(size, false, true);
	}

	@Override
	public void use(int work) {
		Lease<Resource> lease = this.pool.borrow();
		this.held[((int) Thread.currentThread().getId() & (PLACES - 1)) * APART] = lease;
		lease.resource().work(work);
		lease.close();
	}

	@Override
	public void keep() {
		this.pool.borrow();
	}

	@Override
	public void close() {
		this.pool.close();
	}

	/** Nobody asks for it; but somebody might, so that each lease has to be stored. */
	@Override
	public String toString() {
		return "Holds " + Arrays.toString(this.held);
	}

}
