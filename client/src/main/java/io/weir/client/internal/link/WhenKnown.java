package io.weir.client.internal.link;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

import io.weir.client.internal.connection.Failures;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Waits with what an application asks for until the broker has said what it concerns:
 * which partitions a topic has, or which topics there are.
 */
public final class WhenKnown {

	private WhenKnown() {
	}

	/**
	 * Does something, at once if it can be done.
	 * @param <V> the type of its outcome
	 * @param what what must be known, human-readable: which topics there are
	 * @param known completes when it is; not changed here
	 * @param patience how long to wait for that
	 * @param failures makes what the future fails with
	 * @param action what is to be done; may throw {@link ProtocolException}
	 * @return its outcome, or why it was never begun
	 */
	public static <V> CompletableFuture<V> run(String what, CompletableFuture<?> known, Duration patience,
			Function<ProtocolException, RuntimeException> failures, Supplier<CompletableFuture<V>> action) {
		CompletableFuture<?> waiting = known.isDone() ? known
				: known.copy().orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS);
		return waiting
			.handle((done, failure) -> (failure == null) ? begin(failures, action)
					: CompletableFuture.<V>failedFuture(failures.apply(cause(what, patience, failure))))
			.thenCompose(Function.identity());
	}

	private static <V> CompletableFuture<V> begin(Function<ProtocolException, RuntimeException> failures,
			Supplier<CompletableFuture<V>> action) {
		try {
			return action.get();
		}
		catch (ProtocolException ex) {
			return CompletableFuture.failedFuture(failures.apply(ex));
		}
	}

	private static ProtocolException cause(String what, Duration patience, Throwable failure) {
		return (failure instanceof TimeoutException) ? new ProtocolException(ErrorCode.TIMEOUT,
				"The broker has not said within " + patience.toMillis() + " ms " + what) : Failures.of(failure);
	}

}
