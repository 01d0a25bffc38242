package io.weir.spring.autoconfigure;

import java.lang.reflect.AnnotatedElement;
import java.util.List;
import java.util.stream.Stream;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ReflectionUtils;

import io.weir.client.Consumer;
import io.weir.spring.WeirListener;
import io.weir.spring.WeirListeners;
import io.weir.spring.WeirReader;
import io.weir.spring.WeirReaders;

/**
 * What {@code spring.main.lazy-initialization} must leave alone, since nobody asks for
 * it: beans with listeners, which would never be called; consumers, which would miss what
 * is published before their first use; and the properties, whose faults are to end the
 * start.
 */
final class EagerBeans implements LazyInitializationExcludeFilter {

	@Override
	public boolean isExcluded(String name, BeanDefinition definition, Class<?> type) {
		return type == WeirProperties.class || Consumer.class.isAssignableFrom(type) || listens(type);
	}

	private static boolean listens(Class<?> type) {
		return AnnotationUtils.isCandidateClass(type, List.of(WeirListener.class, WeirReader.class)) && (isListener(
				type)
				|| !MethodIntrospector.selectMethods(type, (ReflectionUtils.MethodFilter) EagerBeans::isListener)
					.isEmpty());
	}

	private static boolean isListener(AnnotatedElement element) {
		return Stream.of(WeirListener.class, WeirListeners.class, WeirReader.class, WeirReaders.class)
			.anyMatch((annotation) -> AnnotatedElementUtils.hasAnnotation(element, annotation));
	}

}
