package io.weir.benchmarks.pool;

import java.util.Objects;
import java.util.concurrent.TimeUnit;

import stormpot.Allocator;
import stormpot.Expiration;
import stormpot.Pool;
import stormpot.PoolBuilder;
import stormpot.Poolable;
import stormpot.Slot;
import stormpot.Timeout;

final class StormpotSubject implements Subject {

	private static final Timeout TIMEOUT = new Timeout(30, TimeUnit.SECONDS);

	private final Pool<PoolableResource> pool;

	StormpotSubject(int size, boolean checked) {
		PoolBuilder<PoolableResource> builder = Pool.fromThreaded(new ResourceAllocator()).setSize(size);
		if (!checked) {
			builder.setExpiration(Expiration.never());
		}
		this.pool = builder.build();
	}

	@Override
	public void use(int work) throws Exception {
		PoolableResource resource = Objects.requireNonNull(this.pool.claim(TIMEOUT), "timed out");
		resource.work(work);
		resource.release();
	}

	@Override
	public void keep() throws Exception {
		this.pool.claim(TIMEOUT);
	}

	@Override
	public void close() {
		this.pool.shutdown();
	}

	private static final class PoolableResource extends Resource implements Poolable {

		private final Slot slot;

		PoolableResource(Slot slot) {
			this.slot = slot;
		}

		@Override
		public void release() {
			this.slot.release(this);
		}

	}

	private static final class ResourceAllocator implements Allocator<PoolableResource> {

		@Override
		public PoolableResource allocate(Slot slot) {
			return new PoolableResource(slot);
		}

		@Override
		public void deallocate(PoolableResource resource) {
			resource.close();
		}

	}

}
