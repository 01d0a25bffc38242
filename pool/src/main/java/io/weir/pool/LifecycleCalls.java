package io.weir.pool;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.time.DurationRange;

/**
 * Calls the user's lifecycle and turns whatever it does (throw, fail, return
 * {@code null}, never complete) into one result in bounded time, on the maintenance
 * thread.
 */
final class LifecycleCalls<T> {

	private static final Logger logger = LoggerFactory.getLogger(LifecycleCalls.class);

	private final String poolName;

	private final ResourceLifecycle<T> lifecycle;

	private final Timekeeper time;

	private final long timeoutNanos;

	LifecycleCalls(PoolConfig config, ResourceLifecycle<T> lifecycle, Timekeeper time) {
		this.poolName = config.name();
		this.lifecycle = lifecycle;
		this.time = time;
		this.timeoutNanos = DurationRange.waitNanos(config.lifecycleTimeout());
	}

	/** The cheap test, on the calling thread. */
	boolean isUsable(T resource) {
		try {
			return this.lifecycle.isUsable(resource);
		}
		catch (Throwable ex) { // a claimed slot must not be lost, whatever is thrown
			logger.warn("Pool '{}': isUsable failed", this.poolName, ex);
			return false;
		}
	}

	/**
	 * Creates a resource.
	 * @param then gets the resource or the failure
	 * @param late gets a resource that came after the timeout
	 */
	void create(BiConsumer<@Nullable T, @Nullable Throwable> then, Consumer<T> late) {
		this.<T>call("create", this.lifecycle::create, (resource, failure) -> {
			boolean missing = resource == null && failure == null;
			then.accept(resource, missing ? new NullPointerException("create completed with null") : failure);
		}, late);
	}

	/**
	 * Runs the deep test; anything but {@code true} in time is {@code false}. What passes
	 * it but not the cheap test would be created and thrown away for ever.
	 */
	void validate(T resource, Consumer<Boolean> then) {
		this.<Boolean>call("validate", () -> this.lifecycle.validate(resource), (valid, failure) -> {
			if (failure != null) {
				logger.debug("Pool '{}': a resource could not be tested", this.poolName, failure);
			}
			then.accept(Boolean.TRUE.equals(valid) && isUsable(resource));
		}, (valid) -> {
		});
	}

	/** Destroys a resource. */
	void destroy(T resource, DestroyReason reason, Runnable then) {
		this.<Void>call("destroy", () -> this.lifecycle.destroy(resource, reason), (nothing, failure) -> {
			if (failure != null) {
				logger.warn("Pool '{}': a resource could not be destroyed", this.poolName, failure);
			}
			then.run();
		}, (nothing) -> {
		});
	}

	private <V> void call(String what, Supplier<? extends @Nullable CompletionStage<V>> callback,
			BiConsumer<@Nullable V, @Nullable Throwable> then, Consumer<V> late) {
		CompletableFuture<@Nullable V> result = new CompletableFuture<>();
		Future<?> timeout = this.time.schedule(
				() -> result.completeExceptionally(new TimeoutException(what + " did not complete in time")),
				this.timeoutNanos);
		result.whenComplete((value, failure) -> {
			timeout.cancel(false);
			this.time.execute(() -> then.accept(value, failure));
		});
		try {
			CompletionStage<V> stage = callback.get();
			if (stage == null) {
				throw new NullPointerException(what + " returned null");
			}
			stage.whenComplete((value, failure) -> settle(result, value, failure, late));
		}
		catch (Throwable ex) {
			result.completeExceptionally(ex);
		}
	}

	private <V> void settle(CompletableFuture<@Nullable V> result, @Nullable V value, @Nullable Throwable failure,
			Consumer<V> late) {
		if (failure != null) {
			result.completeExceptionally(failure);
		}
		else if (!result.complete(value) && value != null) {
			this.time.execute(() -> late.accept(value));
		}
	}

}
