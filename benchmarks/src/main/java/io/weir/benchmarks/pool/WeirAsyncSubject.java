package io.weir.benchmarks.pool;

import java.util.concurrent.CompletableFuture;

import io.weir.pool.Pool;

/**
 * Our pool for asynchronous borrowers. Waits only when it was not served at once, so that
 * the queue stays as short as with blocking borrowers.
 */
final class WeirAsyncSubject implements Subject {

	private final Pool<Resource> pool;

	WeirAsyncSubject(int size) {
		this.pool = WeirLifecycle.pool(size, false, true);
	}

	@Override
	public void use(int work) {
		CompletableFuture<Void> done = this.pool.borrowAsync().thenAccept((lease) -> {
			lease.resource().work(work);
			lease.close();
		}).toCompletableFuture();
		if (!done.isDone()) {
			done.join();
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
