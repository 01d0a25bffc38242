package io.weir.benchmarks.pool;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.weir.pool.DestroyReason;
import io.weir.pool.Pool;
import io.weir.pool.ResourceLifecycle;

final class WeirLifecycle implements ResourceLifecycle<Resource> {

	/** A pool that is full, with all else as shipped. */
	static Pool<Resource> pool(int size, boolean strictFifo) {
		Pool<Resource> pool = Pool.builder(new WeirLifecycle())
			.minSize(size)
			.maxSize(size)
			.strictFifo(strictFifo)
			.build();
		pool.ready().toCompletableFuture().join();
		return pool;
	}

	@Override
	public CompletionStage<Resource> create() {
		return CompletableFuture.completedFuture(new Resource());
	}

	@Override
	public boolean isUsable(Resource resource) {
		return resource.isOpen();
	}

	@Override
	public CompletionStage<Void> destroy(Resource resource, DestroyReason reason) {
		resource.close();
		return CompletableFuture.completedFuture(null);
	}

}
