package io.weir.spring.listener;

import java.lang.reflect.Method;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.core.KotlinDetector;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

/**
 * What a listener method returns: nothing, a value, or something that has or becomes one
 * or several. The messages are done with when that has ended and its values have been
 * taken.
 */
final class ReturnedValues {

	private static final boolean REACTOR = ClassUtils.isPresent("reactor.core.publisher.Flux",
			ReturnedValues.class.getClassLoader());

	private static final boolean COROUTINES = REACTOR
			&& ClassUtils.isPresent("kotlin.reflect.full.KCallables", ReturnedValues.class.getClassLoader())
			&& ClassUtils.isPresent("kotlinx.coroutines.reactor.MonoKt", ReturnedValues.class.getClassLoader());

	private final Class<?> declared;

	private ReturnedValues(Class<?> declared) {
		this.declared = declared;
	}

	/**
	 * Looks at what a method says that it returns.
	 * @throws IllegalStateException if that needs a library that is not there
	 */
	static ReturnedValues of(Method method) {
		Class<?> declared = method.getReturnType();
		Assert.state(COROUTINES || !KotlinDetector.isSuspendingFunction(method),
				"it is a suspend function, which needs kotlin-reflect and kotlinx-coroutines-reactor on the class path");
		Assert.state(REACTOR || !isPublisher(declared),
				() -> "it returns a " + declared.getName() + ", which needs reactor-core on the class path");
		return new ReturnedValues(declared);
	}

	private static boolean isPublisher(Class<?> type) {
		return Flow.Publisher.class.isAssignableFrom(type)
				|| ClassUtils.getAllInterfacesForClassAsSet(type)
					.stream()
					.anyMatch((each) -> each.getName().equals("org.reactivestreams.Publisher"))
				|| (ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null
						&& !CompletionStage.class.isAssignableFrom(type));
	}

	/**
	 * Waits for what was returned, and has each value taken.
	 * @param taker takes a value, in the thread that it came in; the next one is not
	 * asked for before this one was taken
	 * @return completes with the last value; {@code null} if nothing is left to be done
	 */
	@Nullable CompletionStage<?> take(@Nullable Object result, Function<Object, @Nullable CompletionStage<?>> taker)
			throws Exception {
		if (result instanceof CompletionStage<?> stage) {
			return stage.thenCompose((value) -> stage(takeOne(value, taker)));
		}
		ReactiveAdapter adapter = (REACTOR && result != null)
				? ReactiveAdapterRegistry.getSharedInstance().getAdapter(this.declared, result) : null;
		if (adapter != null) {
			return ReactiveValues.take(adapter.toPublisher(result), (value) -> stage(takeOne(value, taker)));
		}
		if (result instanceof Future<?> future) {
			return takeOne(await(future), taker);
		}
		return takeOne(result, taker);
	}

	private static @Nullable CompletionStage<?> takeOne(@Nullable Object value,
			Function<Object, @Nullable CompletionStage<?>> taker) {
		Object present = (value instanceof Optional<?> optional) ? optional.orElse(null) : value;
		return (present != null) ? taker.apply(present) : null;
	}

	private static CompletionStage<?> stage(@Nullable CompletionStage<?> stage) {
		return (stage != null) ? stage : CompletableFuture.completedFuture(null);
	}

	/** All that a plain future allows is to wait. */
	private static @Nullable Object await(Future<?> future) throws Exception {
		try {
			return future.get();
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof Error error) {
				throw error;
			}
			throw (ex.getCause() instanceof Exception cause) ? cause : ex;
		}
	}

}
