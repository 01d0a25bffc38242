package io.weir.spring.listener;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** The beans that listeners name: error handlers, container factories, filters. */
final class NamedBeans {

	private final ConfigurableListableBeanFactory beanFactory;

	private final Set<String> named = new HashSet<>();

	NamedBeans(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * By name only: a bean that was meant for one listener must not serve the others.
	 * @param attribute who names it
	 * @throws IllegalArgumentException if there is no such bean, naming those that there
	 * are
	 */
	<T> T get(String attribute, String name, Class<T> type) {
		this.named.add(name);
		try {
			return this.beanFactory.getBean(name, type);
		}
		catch (NoSuchBeanDefinitionException | BeanNotOfRequiredTypeException ex) {
			throw ListenerAnnotationReader.wrong(attribute, name,
					"the name of a " + type.getSimpleName() + " bean, of which there are "
							+ Arrays.toString(this.beanFactory.getBeanNamesForType(type, true, false)),
					ex);
		}
	}

	/**
	 * The beans of a type that no listener has named and that are not the one for all.
	 */
	List<String> unused(Class<?> type, String defaultName) {
		return Arrays.stream(this.beanFactory.getBeanNamesForType(type, true, false))
			.filter((name) -> !name.equals(defaultName) && !this.named.contains(name))
			.toList();
	}

}
