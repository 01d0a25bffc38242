package io.weir.benchmarks.pool;

import io.weir.pool.Lease;
import io.weir.pool.Pool;

/**
 * Our pool with everything as shipped: cheap test on borrow and return, deep test of idle
 * resources, all times set. Unchecked, it tests nothing.
 */
final class WeirSubject implements Subject {

	private final Pool<Resource> pool;

	WeirSubject(int size, boolean strictFifo, boolean checked) {
		this.pool = WeirLifecycle.pool(size, strictFifo, checked);
	}

	@Override
	public void use(int work) {
		try (Lease<Resource> lease = this.pool.borrow()) {
			lease.resource().work(work);
		}
	}

	@Override
	public void keep() {
		this.pool.borrow();
	}

	@Override
	public void close() {
		this.pool.close();
	}

}
