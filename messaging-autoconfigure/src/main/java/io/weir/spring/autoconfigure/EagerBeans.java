package io.weir.spring.autoconfigure;

import java.lang.reflect.AnnotatedElement;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ReflectionUtils;

import io.weir.client.Consumer;
import io.weir.spring.WeirListener;
import io.weir.spring.WeirListeners;

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
		return AnnotationUtils.isCandidateClass(type, WeirListener.class) && (isListener(type)
				|| !MethodIntrospector.selectMethods(type, (ReflectionUtils.MethodFilter) EagerBeans::isListener)
					.isEmpty());
	}

	private static boolean isListener(AnnotatedElement element) {
		return AnnotatedElementUtils.hasAnnotation(element, WeirListener.class)
				|| AnnotatedElementUtils.hasAnnotation(element, WeirListeners.class);
	}

}
