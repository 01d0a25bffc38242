package io.weir.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

import io.weir.client.internal.callback.BlockingCalls;
import io.weir.client.internal.callback.CallbackWait;
import io.weir.wire.ErrorCode;

/** Waits for what the client does elsewhere. */
final class Await {

	private Await() {
	}

	/**
	 * Begins something and waits for its result.
	 * @param action begins it
	 * @param what what is waited for, human-readable
	 * @param instead what does not block
	 * @throws IllegalStateException if this thread must not block; nothing has begun then
	 * @throws WeirException why it failed, with the caller's stack trace
	 */
	static <V> V on(Supplier<CompletableFuture<V>> action, String what, String instead) {
		BlockingCalls.check(what, instead);
		return on(action.get(), what);
	}

	/**
	 * Waits for a result, on a thread that may block.
	 * @param what what is waited for, human-readable
	 * @throws WeirException why it failed, with the caller's stack trace
	 */
	static <V> V on(CompletableFuture<V> future, String what) {
		CallbackWait wait = CallbackWait.forClient();
		try {
			return future.get();
		}
		catch (InterruptedException ex) {
			throw interrupted(what, ex);
		}
		catch (ExecutionException ex) {
			WeirException cause = WeirException.from(ex);
			throw new WeirException(cause.code(), cause.reason(), cause);
		}
		finally {
			CallbackWait.over(wait);
		}
	}

	static WeirException interrupted(String what, InterruptedException cause) {
		Thread.currentThread().interrupt();
		return new WeirException(ErrorCode.INTERRUPTED, "Interrupted while waiting for " + what, cause);
	}

}
