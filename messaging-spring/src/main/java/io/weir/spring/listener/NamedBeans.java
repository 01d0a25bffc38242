package io.weir.spring.listener;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** The beans that listeners name: error handlers, container factories, filters. */
final class NamedBeans {

	private final ConfigurableListableBeanFactory beanFactory;

	private final Set<@Nullable Object> used = Collections.newSetFromMap(new IdentityHashMap<>());

	NamedBeans(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/** By name only: a bean that was meant for one listener must not serve the others. */
	<T> T get(String name, Class<T> type) {
		T bean = this.beanFactory.getBean(name, type);
		uses(bean);
		return bean;
	}

	/** The names of all beans of a type, for people. */
	List<String> names(Class<?> type) {
		return Arrays.asList(this.beanFactory.getBeanNamesForType(type, true, false));
	}

	/** A listener uses this one, whoever has named it. */
	void uses(Object bean) {
		this.used.add(bean);
	}

	/** The beans of a type that no listener uses and that are not the one for all. */
	List<String> unused(Class<?> type, String defaultName) {
		return names(type).stream()
			.filter((name) -> !name.equals(defaultName))
			.filter((name) -> !this.used.contains(this.beanFactory.getSingleton(name)))
			.toList();
	}

}
