package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.TopicLog;
import io.weir.wire.Position;

/**
 * Stands between an engine and its store, and has the process killed ({@code kill -9})
 * when a step of compaction is taken for the so manieth time.
 */
final class DeadlyCompaction {

	private final CompactionStep last;

	private final AtomicInteger left;

	private final Consumer<Set<Position>> removed;

	/**
	 * Creates it.
	 * @param last the step at which the process dies
	 * @param times when it is taken for the so manieth time
	 * @param removed hears what the store has taken out
	 */
	DeadlyCompaction(CompactionStep last, int times, Consumer<Set<Position>> removed) {
		this.last = last;
		this.removed = removed;
		this.left = new AtomicInteger(times);
	}

	/** What an engine is given instead of a store. */
	StorageEngine before(StorageEngine store) {
		return proxy(StorageEngine.class, (method, arguments) -> {
			Object result = invoke(method, store, arguments);
			return method.getName().equals("open") ? stage(result).thenApply((opened) -> watched((OpenedLog) opened))
					: result;
		});
	}

	private OpenedLog watched(OpenedLog opened) {
		TopicLog log = proxy(TopicLog.class, (method, arguments) -> switch (method.getName()) {
			case "read" -> stage(invoke(method, opened.log(), arguments))
				.whenComplete((done, failure) -> step(CompactionStep.SEARCHED));
			case "remove" -> remove(method, opened.log(), arguments);
			default -> invoke(method, opened.log(), arguments);
		});
		return new OpenedLog(log, opened.producers(), opened.cursors());
	}

	@SuppressWarnings("unchecked") // as the method says
	private Object remove(Method method, TopicLog log, Object[] arguments) throws Throwable {
		step(CompactionStep.ASKED);
		CompletionStage<Object> removed = stage(invoke(method, log, arguments));
		step(CompactionStep.REMOVING);
		return removed.whenComplete((done, failure) -> {
			if (failure == null) {
				this.removed.accept((Set<Position>) arguments[0]);
			}
			step(CompactionStep.REMOVED);
		});
	}

	private void step(CompactionStep step) {
		if (step == this.last && this.left.decrementAndGet() == 0) {
			die();
		}
	}

	/** Whoever takes the step goes no further. */
	private static void die() {
		try {
			new ProcessBuilder("kill", "-KILL", Long.toString(ProcessHandle.current().pid())).start().waitFor();
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static <T> T proxy(Class<T> type, Watcher watcher) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> watcher.on(method, (arguments != null) ? arguments : new Object[0])));
	}

	private static @Nullable Object invoke(Method method, Object target, Object[] arguments) throws Throwable {
		try {
			return method.invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	@SuppressWarnings("unchecked") // whatever it completes with, nobody looks at it here
	private static CompletionStage<Object> stage(@Nullable Object stage) {
		return (CompletionStage<Object>) stage;
	}

	@FunctionalInterface
	private interface Watcher {

		@Nullable Object on(Method method, Object[] arguments) throws Throwable;

	}

}
