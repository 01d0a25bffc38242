package io.weir.broker.store.rocksdb;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.concurrent.DaemonThreads;

/** The threads that read from the disk. */
final class Readers implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Readers.class);

	private static final int THREADS = 2;

	private final ExecutorService executor = Executors.newFixedThreadPool(THREADS,
			DaemonThreads.numbered("weir-store-reader"));

	private final StoreEvents events;

	private final Supplier<StorageException> closedException;

	Readers(StoreEvents events, Supplier<StorageException> closedException) {
		this.events = events;
		this.closedException = closedException;
	}

	/** Reads on one of the threads; what the action throws fails the result. */
	<T> void submit(CompletableFuture<T> result, Supplier<T> action) {
		try {
			this.executor.execute(() -> complete(result, action));
		}
		catch (RejectedExecutionException ex) {
			result.completeExceptionally(this.closedException.get());
		}
	}

	private <T> void complete(CompletableFuture<T> result, Supplier<T> action) {
		try {
			result.complete(action.get());
		}
		catch (StorageException ex) {
			result.completeExceptionally(ex);
		}
		catch (Throwable ex) {
			logger.error("Reading failed", ex);
			if (ex instanceof Error error) {
				this.events.error(error);
			}
			result.completeExceptionally(new StorageException(Kind.UNAVAILABLE, "Reading failed: " + ex, ex));
		}
	}

	boolean isClosed() {
		return this.executor.isShutdown();
	}

	/** Completes what was submitted, then ends the threads. */
	@Override
	public void close() {
		this.executor.shutdown();
		Uninterruptibly.call(() -> this.executor.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS));
	}

}
