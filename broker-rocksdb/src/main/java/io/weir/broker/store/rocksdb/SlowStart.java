package io.weir.broker.store.rocksdb;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.store.StorageException;
import io.weir.concurrent.DaemonThreads;

/**
 * Does something that may take long, or hang, in native code that nobody can interrupt:
 * says from time to time what is going on, and gives up when nothing has moved for too
 * long.
 */
final class SlowStart {

	private static final Logger logger = LoggerFactory.getLogger(SlowStart.class);

	private final Duration interval;

	private final int patience;

	/**
	 * Creates a watch.
	 * @param interval how often it looks, and says something
	 * @param patience how many times in a row it may find that nothing has moved
	 */
	SlowStart(Duration interval, int patience) {
		this.interval = interval;
		this.patience = patience;
	}

	/**
	 * Runs an action on a thread of its own.
	 * @param what is said of it, such as "Opening /data"
	 * @param progress something that changes as long as the action gets on
	 * @return what the action returns
	 * @throws CompletionException if the action throws something
	 * @throws StorageException if it does not get on; its thread is left alone
	 */
	<T> T run(String what, Supplier<?> progress, Callable<T> action) {
		CompletableFuture<T> done = new CompletableFuture<>();
		DaemonThreads.newThread("weir-store-opening", () -> complete(done, action)).start();
		Uninterruptibly.run(() -> await(what, progress, done));
		return done.join();
	}

	private static <T> void complete(CompletableFuture<T> done, Callable<T> action) {
		try {
			done.complete(action.call());
		}
		catch (Throwable ex) {
			done.completeExceptionally(ex);
		}
	}

	private void await(String what, Supplier<?> progress, CompletableFuture<?> done) throws InterruptedException {
		Object seen = progress.get();
		int still = 0;
		for (long looks = 1; !isDone(done); looks++) {
			Object now = progress.get();
			still = now.equals(seen) ? still + 1 : 0;
			seen = now;
			long seconds = this.interval.multipliedBy(looks).toSeconds();
			if (still >= this.patience) {
				throw new StorageException(what + " was given up after " + seconds
						+ " seconds, because nothing moves any more. Restore the directory from a copy; or "
						+ LogFiles.SALVAGE + ". This process keeps the directory locked until it ends", null);
			}
			logger.warn("{} has taken {} seconds; {}", what, seconds, (still == 0) ? "it gets on"
					: "nothing has moved for " + this.interval.multipliedBy(still).toSeconds());
		}
	}

	/** Waits for a while. */
	private boolean isDone(CompletableFuture<?> done) throws InterruptedException {
		try {
			done.get(this.interval.toMillis(), TimeUnit.MILLISECONDS);
			return true;
		}
		catch (ExecutionException ex) {
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
	}

}
