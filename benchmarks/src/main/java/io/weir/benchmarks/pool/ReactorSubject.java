package io.weir.benchmarks.pool;

import java.util.concurrent.CompletableFuture;

import reactor.core.publisher.Mono;
import reactor.pool.InstrumentedPool;
import reactor.pool.PoolBuilder;

final class ReactorSubject implements Subject {

	private final InstrumentedPool<Resource> pool;

	private final boolean block;

	ReactorSubject(int size, boolean block) {
		this.block = block;
		this.pool = PoolBuilder.from(Mono.fromSupplier(Resource::new))
			.sizeBetween(size, size)
			.evictionPredicate((resource, metadata) -> !resource.isOpen())
			.buildPool();
		this.pool.warmup().block();
	}

	@Override
	public void use(int work) {
		Mono<Void> use = this.pool.acquire().flatMap((ref) -> {
			ref.poolable().work(work);
			return ref.release();
		});
		if (this.block) {
			use.block();
			return;
		}
		CompletableFuture<Void> done = use.toFuture();
		if (!done.isDone()) {
			done.join();
		}
	}

	@Override
	public void keep() {
		this.pool.acquire().block();
	}

	@Override
	public void close() {
		this.pool.dispose();
	}

}
