package io.weir.spring.deferred;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.weir.client.WeirException;
import io.weir.wire.ErrorCode;

/**
 * Makes something when it is asked for, once at a time, and again at the next demand if
 * that failed. Safe to use from any thread.
 */
final class Deferred<R> {

	private final String what;

	private final Supplier<CompletableFuture<R>> maker;

	// guarded by this
	private @Nullable CompletableFuture<R> attempt;

	// guarded by this
	private boolean closed;

	Deferred(String what, Supplier<CompletableFuture<R>> maker) {
		this.what = what;
		this.maker = maker;
	}

	synchronized CompletableFuture<R> get() {
		if (this.closed) {
			return CompletableFuture.failedFuture(isClosed());
		}
		CompletableFuture<R> current = this.attempt;
		if (current == null || current.isCompletedExceptionally()) {
			current = this.maker.get();
			this.attempt = current;
		}
		return current;
	}

	/** What was made, or {@code null} if there is nothing now; asks for nothing. */
	synchronized @Nullable R ifReady() {
		CompletableFuture<R> current = this.attempt;
		return (current != null && current.isDone() && !current.isCompletedExceptionally()) ? current.join() : null;
	}

	/**
	 * Disposes of what was made. What is being made is given up, and whoever waits for it
	 * told.
	 */
	CompletableFuture<Void> close(Function<R, CompletableFuture<Void>> disposal) {
		CompletableFuture<R> current;
		synchronized (this) {
			this.closed = true;
			current = this.attempt;
		}
		if (current == null) {
			return CompletableFuture.completedFuture(null);
		}
		current.completeExceptionally(isClosed());
		return current.thenCompose(disposal).exceptionally((failure) -> null);
	}

	private WeirException isClosed() {
		return new WeirException(ErrorCode.CLOSED, this.what + " is closed");
	}

	static <R> R await(CompletableFuture<R> future) {
		try {
			return future.get();
		}
		catch (ExecutionException | InterruptedException ex) {
			throw failure(ex);
		}
	}

	/** What to throw instead of what waiting for a future threw. */
	static WeirException failure(Exception ex) {
		if (ex instanceof InterruptedException) {
			Thread.currentThread().interrupt();
			return new WeirException(ErrorCode.INTERRUPTED, "Interrupted while waiting for the broker", ex);
		}
		return WeirException.from(ex);
	}

}
