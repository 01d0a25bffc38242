package io.weir.broker.engine.runtime;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.buffer.ByteBuf;

import io.weir.broker.store.CursorStore;
import io.weir.broker.store.MetadataStore;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.ScheduleStore;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.TopicLog;

/**
 * What a process sees of a store that dies in the middle of its work: after so many
 * writes nothing is done any more, and nothing that was asked for completes. What was
 * written before is there for the next process.
 */
final class DyingStore {

	private static final Set<String> WRITES = Set.of("append", "storeEpochs", "forgetProducers", "create",
			"acknowledge", "put");

	private final StorageEngine store;

	private final AtomicInteger writesLeft;

	private final boolean lastOneIsDone;

	private volatile boolean dead;

	/**
	 * A process that dies.
	 * @param writes after so many
	 * @param lastOneIsDone whether one more is done, of which it does not hear
	 */
	DyingStore(StorageEngine store, int writes, boolean lastOneIsDone) {
		this.store = store;
		this.writesLeft = new AtomicInteger(writes);
		this.lastOneIsDone = lastOneIsDone;
	}

	boolean isDead() {
		return this.dead;
	}

	StorageEngine engine() {
		return seenAs(StorageEngine.class, this.store);
	}

	private <T> T seenAs(Class<T> type, Object real) {
		InvocationHandler handler = (proxy, method, arguments) -> call(real, method, arguments);
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, handler));
	}

	private Object call(Object real, Method method, Object[] arguments) throws Throwable {
		boolean asks = method.getReturnType() == CompletionStage.class;
		boolean died = this.dead;
		if (asks && WRITES.contains(method.getName()) && this.writesLeft.getAndDecrement() <= 0) {
			this.dead = true;
			died = died || !this.lastOneIsDone;
		}
		if (asks && died) {
			release(arguments);
			return new CompletableFuture<>();
		}
		try {
			return seen(method.getReturnType(), method.invoke(real, arguments));
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

	/** By what is promised, not by what it is: one object may be several things. */
	private Object seen(Class<?> type, Object result) {
		if (type == CompletionStage.class) {
			return whileAlive((CompletionStage<?>) result);
		}
		boolean part = type == MetadataStore.class || type == CursorStore.class || type == ScheduleStore.class;
		return part ? seenAs(type, result) : result;
	}

	private CompletionStage<?> whileAlive(CompletionStage<?> stage) {
		CompletableFuture<Object> seen = new CompletableFuture<>();
		stage.whenComplete((value, failure) -> {
			if (!this.dead && failure != null) {
				seen.completeExceptionally(failure);
			}
			else if (!this.dead) {
				seen.complete((value instanceof OpenedLog opened)
						? new OpenedLog(seenAs(TopicLog.class, opened.log()), opened.producers(), opened.cursors())
						: value);
			}
		});
		return seen;
	}

	private static void release(Object[] arguments) {
		for (Object argument : (arguments != null) ? arguments : new Object[0]) {
			if (argument instanceof ByteBuf buffer) {
				buffer.release();
			}
		}
	}

}
