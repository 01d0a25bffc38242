package io.weir.spring;

import java.lang.reflect.AnnotatedElement;

import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.annotation.ReflectiveProcessor;
import org.springframework.core.ResolvableType;

/** Announces the payload types that {@link WeirMessage} marks. */
final class PayloadReflectiveProcessor implements ReflectiveProcessor {

	@Override
	public void registerReflectionHints(ReflectionHints hints, AnnotatedElement element) {
		if (element instanceof Class<?> type && !type.isAnnotation()) {
			new PayloadHints(hints).register(ResolvableType.forClass(type));
		}
	}

}
