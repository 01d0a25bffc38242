package io.weir.broker;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.MetadataStore;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.TopicLog;

/**
 * A store that carries out so many steps of a deletion, and then nothing more, as if its
 * broker had died; or fails some of them.
 */
final class DyingStore {

	private final StorageEngine store;

	private final AtomicInteger stepsLeft = new AtomicInteger(Integer.MAX_VALUE);

	private final AtomicInteger failures = new AtomicInteger();

	/** What the next note waits for. */
	private final AtomicReference<@Nullable CompletableFuture<Void>> gate = new AtomicReference<>();

	DyingStore(StorageEngine store) {
		this.store = store;
	}

	/** Dies after so many steps. */
	void dieAfter(int steps) {
		this.stepsLeft.set(steps);
	}

	boolean isDead() {
		return this.stepsLeft.get() < 0;
	}

	/** The next logs are not deleted. */
	void failNext(int deletions) {
		this.failures.set(deletions);
	}

	/** Holds the next note up until what is returned completes. */
	CompletableFuture<Void> holdNextNote() {
		CompletableFuture<Void> held = new CompletableFuture<>();
		this.gate.set(held);
		return held;
	}

	/** How many failures there are still to be. */
	int failures() {
		return this.failures.get();
	}

	StorageEngine engine() {
		MetadataStore metadata = proxy(MetadataStore.class, this.store.metadata());
		return (StorageEngine) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { StorageEngine.class }, (proxy, method, arguments) -> switch (method.getName()) {
					case "metadata" -> metadata;
					case "open" -> ((CompletionStage<?>) call(this.store, method, arguments)).thenApply(this::opened);
					default -> call(this.store, method, arguments);
				});
	}

	private OpenedLog opened(Object opened) {
		OpenedLog log = (OpenedLog) opened;
		return new OpenedLog(proxy(TopicLog.class, log.log()), log.producers(), log.cursors());
	}

	private <T> T proxy(Class<T> type, T target) {
		return type.cast(Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> {
					boolean deletes = target instanceof TopicLog && method.getName().equals("delete");
					if (deletes && this.failures.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
						return CompletableFuture
							.failedFuture(new StorageException(StorageException.Kind.UNAVAILABLE, "Not now", null));
					}
					boolean step = deletes || method.getName().equals("put");
					if (step && this.stepsLeft.getAndDecrement() <= 0) {
						return new CompletableFuture<>();
					}
					CompletableFuture<Void> held = step ? this.gate.getAndSet(null) : null;
					return (held == null) ? call(target, method, arguments)
							: held.thenCompose((done) -> (CompletionStage<?>) uncheckedCall(target, method, arguments));
				}));
	}

	private static Object uncheckedCall(Object target, Method method, Object[] arguments) {
		try {
			return call(target, method, arguments);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
		try {
			return method.invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

}
