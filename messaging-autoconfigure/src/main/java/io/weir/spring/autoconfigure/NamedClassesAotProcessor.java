package io.weir.spring.autoconfigure;

import java.util.List;
import java.util.Set;
import java.util.LinkedHashSet;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Announces, for a native image, the classes that properties name: types of messages, and
 * exceptions. Those of producers and consumers are known from their beans.
 */
final class NamedClassesAotProcessor implements BeanFactoryInitializationAotProcessor {

	@Override
	public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
			ConfigurableListableBeanFactory beanFactory) {
		if (beanFactory.getBeanNamesForType(WeirProperties.class, false, false).length == 0) {
			return null;
		}
		WeirProperties properties = Binder.get(beanFactory.getBean(Environment.class))
			.bindOrCreate("weir", WeirProperties.class);
		return (generation, code) -> {
			ReflectionHints hints = generation.getRuntimeHints().reflection();
			new BindingReflectionHintsRegistrar().registerReflectionHints(hints,
					properties.messageTypes().values().toArray(Class<?>[]::new));
			exceptions(properties).forEach(hints::registerType);
		};
	}

	private static Set<Class<?>> exceptions(WeirProperties properties) {
		Set<Class<?>> exceptions = new LinkedHashSet<>();
		exceptions.addAll(properties.listener().nonRetryable());
		exceptions.addAll(properties.listener().retryable());
		properties.listeners().values().forEach((listener) -> {
			addAll(exceptions, listener.nonRetryable());
			addAll(exceptions, listener.retryable());
		});
		return exceptions;
	}

	private static void addAll(Set<Class<?>> all, @Nullable List<Class<?>> some) {
		if (some != null) {
			all.addAll(some);
		}
	}

}
