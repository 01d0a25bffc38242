package io.weir.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * More resources than are searched one by one.
 */
class LargePoolTest extends PoolFixture {

	private static final int SIZE = 3 * IdleHints.WORTHWHILE + 1;

	private static final int ROUNDS = 10_000;

	private final Race race = new Race();

	@BeforeEach
	void build() {
		build(builder().minSize(SIZE).maxSize(SIZE).maxIdleTime(Duration.ZERO).validationInterval(Duration.ZERO));
		pass(Duration.ofSeconds(1));
	}

	@AfterEach
	void stop() {
		this.race.close();
	}

	@Test
	void everyResourceIsFoundAndNoneTwice() {
		assertThat(borrowAll()).extracting((lease) -> lease.resource().id).doesNotHaveDuplicates().hasSize(SIZE);
	}

	@Test
	void eachIsFoundAgainAsTheOnlyOne() {
		List<Lease<Resource>> leases = borrowAll();
		for (Lease<Resource> lease : leases) {
			Resource resource = lease.resource();
			lease.close();
			assertThat(this.pool.borrow().resource()).isSameAs(resource);
			assertThat(this.pool.tryBorrow()).isNull();
		}
	}

	@Test
	void whatReplacesADestroyedResourceIsFound() {
		List<Lease<Resource>> leases = borrowAll();
		for (int i = 0; i < SIZE; i += 7) {
			leases.get(i).invalidate();
			this.time.run();
			assertThat(this.pool.borrow().resource().id).as("new").isGreaterThanOrEqualTo(SIZE);
			assertThat(this.pool.tryBorrow()).isNull();
		}
	}

	@Test
	void whatIsReturnedWhileSomebodySearchesIsFoundAfterwards() throws Exception {
		List<Lease<Resource>> leases = borrowAll();
		Lease<Resource> last = leases.get(SIZE / 2);
		for (int i = 0; i < ROUNDS; i++) {
			AtomicReference<@Nullable Lease<Resource>> found = new AtomicReference<>();
			this.race.between(last::close, () -> found.set(this.pool.tryBorrow()));
			Lease<Resource> next = (found.get() != null) ? found.get() : this.pool.tryBorrow();
			assertThat(next).as("the idle resource, in round %d", i).isNotNull();
			last = next;
		}
	}

	private List<Lease<Resource>> borrowAll() {
		List<Lease<Resource>> leases = new ArrayList<>();
		for (int i = 0; i < SIZE; i++) {
			leases.add(this.pool.borrow(Duration.ZERO));
		}
		return leases;
	}

}
