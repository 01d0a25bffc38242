package io.weir.benchmarks.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.weir.pool.DestroyReason;
import io.weir.pool.Pool;
import io.weir.pool.PoolBuilder;
import io.weir.pool.ResourceLifecycle;

final class WeirLifecycle implements ResourceLifecycle<Resource> {

	private final boolean checked;

	private WeirLifecycle(boolean checked) {
		this.checked = checked;
	}

	/**
	 * A pool that is full, with all else as shipped.
	 * @param checked whether it tests anything at all
	 */
	static Pool<Resource> pool(int size, boolean strictFifo, boolean checked) {
		PoolBuilder<Resource> builder = Pool.builder(new WeirLifecycle(checked))
			.minSize(size)
			.maxSize(size)
			.strictFifo(strictFifo);
		if (!checked) {
			builder.validationInterval(Duration.ZERO).maxIdleTime(Duration.ZERO);
		}
		Pool<Resource> pool = builder.build();
		pool.ready().toCompletableFuture().join();
		return pool;
	}

	@Override
	public CompletionStage<Resource> create() {
		return CompletableFuture.completedFuture(new Resource());
	}

	@Override
	public boolean isUsable(Resource resource) {
		return !this.checked || resource.isOpen();
	}

	@Override
	public CompletionStage<Void> destroy(Resource resource, DestroyReason reason) {
		resource.close();
		return CompletableFuture.completedFuture(null);
	}

}
