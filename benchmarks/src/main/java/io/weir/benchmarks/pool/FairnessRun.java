package io.weir.benchmarks.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Eight threads share two resources and hold each for about two microseconds.
 *
 * @param operations in all threads
 * @param longestWaitNanos for one operation, the hold included
 * @param smallestShare of one thread, where 1 is its due
 * @param largestShare of one thread
 */
record FairnessRun(long operations, long longestWaitNanos, double smallestShare, double largestShare) {

	private static final int RESOURCES = 2;

	private static final int THREADS = 8;

	/** About two microseconds of {@code Blackhole.consumeCPU}. */
	private static final int WORK = 800;

	static FairnessRun of(String pool, long seconds) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(THREADS);
		try (Subject subject = Subjects.create(pool, RESOURCES)) {
			run(executor, subject, 1);
			return summary(run(executor, subject, seconds));
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static List<Borrower> run(ExecutorService executor, Subject subject, long seconds) throws Exception {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
		List<Callable<Borrower>> tasks = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			tasks.add(() -> Borrower.until(end, subject));
		}
		List<Borrower> borrowers = new ArrayList<>();
		for (Future<Borrower> done : executor.invokeAll(tasks)) {
			borrowers.add(done.get());
		}
		return borrowers;
	}

	private static FairnessRun summary(List<Borrower> borrowers) {
		LongSummaryStatistics operations = borrowers.stream().mapToLong(Borrower::operations).summaryStatistics();
		long longest = borrowers.stream().mapToLong(Borrower::longestNanos).max().orElse(0);
		return new FairnessRun(operations.getSum(), longest, operations.getMin() / operations.getAverage(),
				operations.getMax() / operations.getAverage());
	}

	private record Borrower(long operations, long longestNanos) {

		static Borrower until(long end, Subject subject) throws Exception {
			long operations = 0;
			long longest = 0;
			long before = System.nanoTime();
			while (before - end < 0) {
				subject.use(WORK);
				long after = System.nanoTime();
				longest = Math.max(longest, after - before);
				operations++;
				before = after;
			}
			return new Borrower(operations, longest);
		}

	}

}
