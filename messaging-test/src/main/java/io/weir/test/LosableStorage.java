package io.weir.test;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.util.ReferenceCountUtil;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.CursorStore;
import io.weir.broker.store.MetadataStore;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.OwnershipService;
import io.weir.broker.store.ScheduleStore;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageStatus;
import io.weir.broker.store.TopicLog;
import io.weir.broker.store.memory.MemoryStorageEngine;

/**
 * Storage in memory that can be lost and restored, with what it had. While it is lost
 * whatever would take it fails, as with a disk that does not answer; logs that were open
 * then stay lost, as the contract of {@link TopicLog#lost()} has it, and are to be opened
 * again. Safe to use from any thread.
 */
final class LosableStorage {

	/** What is lost with the engine or the log that it is of. */
	private static final Set<Class<?>> PARTS = Set.of(MetadataStore.class, OwnershipService.class, CursorStore.class,
			ScheduleStore.class);

	private final MemoryStorageEngine memory = new MemoryStorageEngine();

	private final Set<Log> logs = ConcurrentHashMap.newKeySet();

	private volatile @Nullable StorageException failure;

	private volatile Instant lostAt = Instant.EPOCH;

	/** What a broker is given. */
	StorageEngine engine() {
		return proxy(StorageEngine.class, this.memory, this::reasonNow);
	}

	void lose() {
		StorageException reason = new StorageException(StorageException.Kind.UNAVAILABLE,
				"The test has lost the storage", null);
		this.lostAt = Instant.now();
		this.failure = reason;
		this.logs.forEach((log) -> log.lose(reason));
		this.logs.clear();
	}

	void restore() {
		this.failure = null;
	}

	private @Nullable StorageException reasonNow() {
		return this.failure;
	}

	private StorageStatus status() {
		StorageException reason = this.failure;
		return (reason != null)
				? new StorageStatus(StorageStatus.State.UNAVAILABLE, reason.getMessage(), this.lostAt, -1)
				: this.memory.status();
	}

	private <T> T proxy(Class<T> type, T target, Loss loss) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> call(target, method, arguments, loss)));
	}

	private @Nullable Object call(Object target, Method method, Object @Nullable [] arguments, Loss loss)
			throws Throwable {
		StorageException reason = loss.reason();
		switch (method.getName()) {
			case "status" -> {
				return status();
			}
			case "refusal" -> {
				return reason;
			}
			case "lost" -> {
				return ((Log) loss).lost((TopicLog) target);
			}
			default -> {
				if (reason != null && CompletionStage.class.isAssignableFrom(method.getReturnType())) {
					return refused(reason, arguments);
				}
				return wrapped(method.getReturnType(), invoke(target, method, arguments), loss);
			}
		}
	}

	/** Who is given a buffer releases it. */
	private static CompletionStage<?> refused(StorageException reason, Object @Nullable [] arguments) {
		if (arguments != null) {
			for (Object argument : arguments) {
				ReferenceCountUtil.release(argument);
			}
		}
		return CompletableFuture.failedFuture(reason);
	}

	private static @Nullable Object invoke(Object target, Method method, Object @Nullable [] arguments)
			throws Throwable {
		try {
			return method.invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

	private @Nullable Object wrapped(Class<?> type, @Nullable Object result, Loss loss) {
		if (result instanceof CompletionStage<?> stage) {
			return stage.thenApply((value) -> (value instanceof OpenedLog opened) ? open(opened) : value);
		}
		return (result != null && PARTS.contains(type)) ? part(type, result, loss) : result;
	}

	private <T> T part(Class<T> type, Object part, Loss loss) {
		return proxy(type, type.cast(part), loss);
	}

	private OpenedLog open(OpenedLog opened) {
		Log log = new Log();
		this.logs.add(log);
		StorageException reason = this.failure;
		if (reason != null) {
			log.lose(reason);
		}
		return new OpenedLog(proxy(TopicLog.class, opened.log(), log), opened.producers(), opened.cursors());
	}

	/** Whether something is lost. */
	@FunctionalInterface
	private interface Loss {

		@Nullable StorageException reason();

	}

	/** A log from its opening until it is lost. */
	private static final class Log implements Loss {

		private final CompletableFuture<StorageException> lost = new CompletableFuture<>();

		void lose(StorageException reason) {
			this.lost.complete(reason);
		}

		CompletionStage<StorageException> lost(TopicLog log) {
			log.lost().thenAccept(this.lost::complete);
			return this.lost.minimalCompletionStage();
		}

		@Override
		public @Nullable StorageException reason() {
			return this.lost.getNow(null);
		}

	}

}
