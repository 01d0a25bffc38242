package io.weir.pool;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.Test;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;

class AffinityTest extends PoolFixture {

	private final Set<Integer> near = ConcurrentHashMap.newKeySet();

	@Test
	void aNearResourceIsLentBeforeAnyOther() {
		build(builder().minSize(8).affinity((resource) -> this.near.contains(resource.id)));
		for (int id = 0; id < 8; id++) {
			this.near.add(id);
			try (Lease<Resource> lease = this.pool.borrow()) {
				assertThat(lease.resource().id).isEqualTo(id);
			}
			this.near.remove(id);
		}
	}

	@Test
	void oneWhoWaitedGetsWhatIsReturnedFirst() {
		build(builder().minSize(2).maxSize(2).affinity((resource) -> this.near.contains(resource.id)));
		Lease<Resource> one = this.pool.borrow();
		Lease<Resource> other = this.pool.borrow();
		this.near.add(other.resource().id);
		CompletableFuture<Lease<Resource>> waiter = borrowAsync();
		int far = one.resource().id;
		one.close();
		assertThat(waiter).isCompleted();
		assertThat(waiter.join().resource().id).isEqualTo(far);
	}

	@Test
	void anyResourceIsLentIfNoneIsNear() {
		build(builder().minSize(1).affinity((resource) -> false));
		this.pool.borrow().close();
		assertThat(this.pool.stats().borrows()).isEqualTo(1);
	}

}
