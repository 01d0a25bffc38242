package io.weir.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.pool.ScriptedLifecycle.Resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many threads, of both kinds if there are two, do everything at once, in rounds; after
 * each round the pool must be as if nothing had happened. The regular sweep is far away,
 * so that a lost wake-up shows as a round that does not end.
 */
class PoolStressTest {

	private static final int MIN_SIZE = 1;

	private static final int MAX_SIZE = 4;

	private static final int THREADS = 8;

	private static final int SHARE = 1000;

	private final ScriptedLifecycle lifecycle = new ScriptedLifecycle();

	private final AtomicInteger lentTwice = new AtomicInteger();

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private final ExecutorService platform = Executors.newCachedThreadPool();

	private final ExecutorService virtual = virtualIfThereAreAny();

	private final ExecutorService eventLoop = Executors.newSingleThreadExecutor();

	private static ExecutorService virtualIfThereAreAny() {
		try {
			return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
		}
		catch (ReflectiveOperationException ex) {
			return Executors.newCachedThreadPool(); // before JDK 21
		}
	}

	@AfterEach
	void stop() {
		this.platform.shutdownNow();
		this.virtual.shutdownNow();
		this.eventLoop.shutdownNow();
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4 })
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

	/** Everybody goes on until the last has had its share: who starves holds up all. */
	private void runRound(Pool<Resource> pool, SplittableRandom random) throws Exception {
		List<Future<Void>> threads = new ArrayList<>();
		CountDownLatch shares = new CountDownLatch(THREADS);
		for (int i = 0; i < THREADS; i++) {
			SplittableRandom own = random.split();
			ExecutorService executor = (i % 2 == 0) ? this.platform : this.virtual;
			threads.add(executor.submit((Callable<Void>) () -> {
				for (int step = 1; shares.getCount() > 0; step++) {
					step(pool, own);
					if (step == SHARE) {
						shares.countDown();
					}
				}
				return null;
			}));
		}
		for (Future<Void> thread : threads) {
			thread.get(60, TimeUnit.SECONDS);
		}
		pool.resize(MIN_SIZE, MAX_SIZE);
	}

	private void step(Pool<Resource> pool, SplittableRandom random) {
		switch (random.nextInt(16)) {
			case 0 -> cancelled(pool);
			case 1, 2, 3 -> end(asynchronous(pool), random);
			case 4 -> {
				SplittableRandom own = random.split();
				pool.borrowAsync(this.eventLoop).thenAccept((lease) -> end(lease, own)).exceptionally((failure) -> {
					this.failures.add(failure);
					return null;
				});
			}
			case 5 -> {
				Lease<Resource> lease = pool.tryBorrow();
				if (lease != null) {
					end(lease, random);
				}
			}
			case 6 -> interrupted(pool, random);
			case 7 -> disturb(pool, random);
			default -> end(pool.borrow(), random);
		}
	}

	private void disturb(Pool<Resource> pool, SplittableRandom random) {
		switch (random.nextInt(100)) {
			case 0, 1 -> pool.invalidateAll();
			case 2, 3 -> pool.evict();
			case 4, 5 -> pool.resize(MIN_SIZE, MIN_SIZE + random.nextInt(MAX_SIZE));
			default -> {
			}
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
				throw new AssertionError("neither cancelled nor served: " + ex, ex);
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
		assertThat(this.failures).isEmpty();
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
