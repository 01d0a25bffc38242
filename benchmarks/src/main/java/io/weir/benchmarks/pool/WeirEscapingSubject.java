package io.weir.benchmarks.pool;

import io.weir.pool.Lease;
import io.weir.pool.Pool;

/**
 * As {@link WeirSubject}, with leases that escape, as those do that are kept in a field.
 */
final class WeirEscapingSubject implements Subject {

	private final Pool<Resource> pool;

	/** One place for all threads: nobody reads it. */
	private volatile Object held = this;

	WeirEscapingSubject(int size) {
		this.pool = WeirLifecycle.pool(size, false);
	}

	@Override
	public void use(int work) {
		Lease<Resource> lease = this.pool.borrow();
		this.held = lease;
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

	@Override
	public String toString() {
		return "Holds " + this.held;
	}

}
