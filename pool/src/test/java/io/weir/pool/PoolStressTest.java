package io.weir.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many threads do everything at once, in rounds; after each round the pool must be as if
 * nothing had happened. The regular sweep is far away, so that a lost wake-up shows as a
 * round that does not end.
 */
class PoolStressTest {

	private static final int MIN_SIZE = 1;

	private static final int MAX_SIZE = 4;

	private static final int THREADS = 8;

	private static final int STEPS = 1000;

	private final ScriptedLifecycle lifecycle = new ScriptedLifecycle();

	private final AtomicInteger lentTwice = new AtomicInteger();

	private ExecutorService executor = Executors.newFixedThreadPool(THREADS);

	private final ExecutorService eventLoop = Executors.newSingleThreadExecutor();

	@AfterEach
	void stop() {
		this.executor.shutdownNow();
		this.eventLoop.shutdownNow();
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadsAreThreadsToo() throws Exception {
		this.executor.shutdown();
		this.executor = (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
		leasesAreConservedWhateverHappens(4);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void leasesAreConservedWhateverHappens(long seed) throws Exception {
		Duration ever = Duration.ofDays(1);
		Pool<Resource> pool = Pool.builder(this.lifecycle)
			.minSize(MIN_SIZE)
			.maxSize(MAX_SIZE)
			.maxIdleTime(ever)
			.validationInterval(ever)
			.borrowTimeout(Duration.ofSeconds(30))
			.build();
		SplittableRandom random = new SplittableRandom(seed);
		for (int round = 0; round < 5; round++) {
			runRound(pool, random);
			checkRest(pool);
		}
		pool.close();
		assertThat(this.lifecycle.alive).hasValue(0);
		assertThat(this.lifecycle.violations).isEmpty();
	}

	private void runRound(Pool<Resource> pool, SplittableRandom random) throws Exception {
		List<Future<Void>> threads = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			SplittableRandom own = random.split();
			threads.add(this.executor.submit((Callable<Void>) () -> {
				for (int step = 0; step < STEPS; step++) {
					step(pool, own);
				}
				return null;
			}));
		}
		for (Future<Void> thread : threads) {
			thread.get(60, TimeUnit.SECONDS);
		}
	}

	private void step(Pool<Resource> pool, SplittableRandom random) {
		switch (random.nextInt(16)) {
			case 0 -> cancelled(pool);
			case 1, 2, 3 -> end(asynchronous(pool), random);
			case 4 -> {
				SplittableRandom own = random.split();
				pool.borrowAsync(this.eventLoop).thenAccept((lease) -> end(lease, own));
			}
			case 5 -> {
				Lease<Resource> lease = pool.tryBorrow();
				if (lease != null) {
					end(lease, random);
				}
			}
			case 6 -> interrupted(pool, random);
			case 7 -> {
				if (random.nextInt(50) == 0) {
					pool.invalidateAll();
				}
				else if (random.nextInt(50) == 0) {
					pool.evict();
				}
			}
			default -> end(pool.borrow(), random);
		}
	}

	private Lease<Resource> asynchronous(Pool<Resource> pool) {
		return pool.borrowAsync().toCompletableFuture().join();
	}

	private void cancelled(Pool<Resource> pool) {
		CompletionStage<Lease<Resource>> stage = pool.borrowAsync();
		CompletableFuture<Lease<Resource>> future = stage.toCompletableFuture();
		if (!future.cancel(false)) {
			try {
				future.join().close();
			}
			catch (CompletionException ex) {
				throw new AssertionError("neither cancelled nor served", ex);
			}
		}
	}

	private void interrupted(Pool<Resource> pool, SplittableRandom random) {
		Thread.currentThread().interrupt();
		try {
			end(pool.borrow(), random);
		}
		catch (BorrowInterruptedException ex) {
			// as it should, unless a resource was free
		}
		finally {
			Thread.interrupted();
		}
	}

	private void end(Lease<Resource> lease, SplittableRandom random) {
		AtomicInteger users = lease.resource().users;
		if (users.incrementAndGet() != 1) {
			this.lentTwice.incrementAndGet();
		}
		if (random.nextInt(8) == 0) {
			Thread.yield();
		}
		users.decrementAndGet();
		if (random.nextInt(40) == 0) {
			lease.invalidate();
		}
		else {
			lease.close();
		}
		if (random.nextInt(4) == 0) {
			lease.close();
		}
	}

	private void checkRest(Pool<Resource> pool) {
		await().untilAsserted(() -> {
			PoolStats stats = pool.stats();
			assertThat(stats.active()).as("lent").isZero();
			assertThat(stats.pending()).as("waiting").isZero();
			assertThat(stats.creating()).as("being created").isZero();
			assertThat(stats.size()).as("minimum and maximum held").isBetween(MIN_SIZE, MAX_SIZE);
			assertThat(this.lifecycle.alive).as("alive").hasValue(stats.size());
		});
		assertThat(this.lentTwice).hasValue(0);
		assertThat(this.lifecycle.mostAlive.get()).isLessThanOrEqualTo(MAX_SIZE);
		List<Lease<Resource>> all = new ArrayList<>();
		for (int i = 0; i < MAX_SIZE; i++) {
			all.add(pool.borrow());
		}
		assertThat(pool.tryBorrow()).isNull();
		all.forEach(Lease::close);
	}

}
