package io.weir.client.internal.callback;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * A future for the application. Its outcome is that of a future of the client, which may
 * be completed on an event loop: whoever waits for the outcome is woken from there. The
 * dependents are told by {@link #tell()}, on another thread. So a callback that blocks
 * delays those behind it, but not what it waits for.
 *
 * @param <V> the type of the result
 */
public final class CallbackFuture<V> extends CompletableFuture<V> {

	private final CompletableFuture<V> source;

	/**
	 * Creates the future. Whoever completes the source must see to it that
	 * {@link #tell()} is called.
	 * @param source has the outcome, and may be cancelled
	 */
	public CallbackFuture(CompletableFuture<V> source) {
		this.source = source;
	}

	/**
	 * Makes a future of the client one for the application.
	 * @param source has the outcome, and may be cancelled
	 * @param callbacks where dependents run
	 * @param <V> the type of the result
	 * @return the future
	 */
	public static <V> CompletableFuture<V> of(CompletableFuture<V> source, Executor callbacks) {
		if (source.isDone()) {
			return source;
		}
		CallbackFuture<V> future = new CallbackFuture<>(source);
		source.whenComplete((value, failure) -> callbacks.execute(future::tell));
		return future;
	}

	/**
	 * Runs the dependents, once. The source must be done. What they throw stays with
	 * them.
	 */
	public void tell() {
		if (this.source.isCancelled()) {
			super.cancel(false);
			return;
		}
		V value;
		try {
			value = this.source.join();
		}
		catch (CompletionException ex) {
			super.completeExceptionally((ex.getCause() != null) ? ex.getCause() : ex);
			return;
		}
		super.complete(value);
	}

	/** The application completes it, and tells its dependents itself. */
	private boolean told(boolean first) {
		if (first) {
			tell();
		}
		return first;
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		return told(this.source.cancel(mayInterruptIfRunning));
	}

	@Override
	public boolean complete(V value) {
		return told(this.source.complete(value));
	}

	@Override
	public boolean completeExceptionally(Throwable failure) {
		return told(this.source.completeExceptionally(failure));
	}

	@Override
	public boolean isDone() {
		return this.source.isDone();
	}

	@Override
	public boolean isCancelled() {
		return this.source.isCancelled();
	}

	@Override
	public boolean isCompletedExceptionally() {
		return this.source.isCompletedExceptionally();
	}

	@Override
	public V get() throws InterruptedException, ExecutionException {
		checkThread();
		CallbackWait wait = CallbackWait.forClient();
		try {
			return this.source.get();
		}
		finally {
			CallbackWait.over(wait);
		}
	}

	@Override
	public V get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
		checkThread();
		CallbackWait wait = CallbackWait.forClient();
		try {
			return this.source.get(timeout, unit);
		}
		finally {
			CallbackWait.over(wait);
		}
	}

	@Override
	public V join() {
		checkThread();
		CallbackWait wait = CallbackWait.forClient();
		try {
			return this.source.join();
		}
		finally {
			CallbackWait.over(wait);
		}
	}

	private void checkThread() {
		if (!isDone()) {
			BlockingCalls.check("a future of the client", "a dependent stage, such as thenCompose");
		}
	}

	@Override
	public V getNow(V valueIfAbsent) {
		return this.source.getNow(valueIfAbsent);
	}

	/**
	 * Overrides what came with Java 19, which would ask this future and not the source.
	 * @return the result
	 * @throws IllegalStateException if there is none
	 */
	public V resultNow() {
		if (!isDone() || isCompletedExceptionally()) {
			throw new IllegalStateException("Without a result: " + this);
		}
		return this.source.join();
	}

	@Override
	public String toString() {
		return this.source.toString();
	}

}
