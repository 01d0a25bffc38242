package io.weir.spring.listener;

import java.lang.reflect.Method;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.CoroutinesUtils;

/** What needs Reactor, and perhaps Kotlin, on the class path. */
final class ReactiveValues {

	private ReactiveValues() {
	}

	/** Subscribes, and has one value after the other taken. */
	static CompletionStage<?> take(Publisher<?> publisher, Function<Object, CompletionStage<?>> taker) {
		return Flux.from(publisher)
			.concatMap((value) -> Mono.fromCompletionStage(taker.apply(value)), 1)
			.then()
			.toFuture();
	}

	static Object invoke(Method method, Object bean, @Nullable Object[] arguments) {
		return CoroutinesUtils.invokeSuspendingFunction(method, bean, arguments);
	}

}
