package io.weir.spring.listener;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.BeanExpressionContext;
import org.springframework.beans.factory.config.BeanExpressionResolver;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.Scope;

/**
 * Resolves placeholders and SpEL expressions of annotations on a listener's bean, which
 * they call {@code __listener}.
 */
final class ListenerExpressions {

	private final ConfigurableBeanFactory beanFactory;

	private final BeanExpressionContext context;

	ListenerExpressions(ConfigurableBeanFactory beanFactory, Object listener) {
		this.beanFactory = beanFactory;
		this.context = new BeanExpressionContext(beanFactory, new ListenerScope(listener));
	}

	@Nullable Object resolve(String attribute) {
		String value = this.beanFactory.resolveEmbeddedValue(attribute);
		BeanExpressionResolver resolver = this.beanFactory.getBeanExpressionResolver();
		return (resolver != null) ? resolver.evaluate(value, this.context) : value;
	}

	/** Knows the one name, and keeps no beans. */
	private record ListenerScope(Object listener) implements Scope {

		@Override
		public @Nullable Object resolveContextualObject(String key) {
			return key.equals("__listener") ? this.listener : null;
		}

		@Override
		public Object get(String name, ObjectFactory<?> objectFactory) {
			return objectFactory.getObject();
		}

		@Override
		public @Nullable Object remove(String name) {
			return null;
		}

		@Override
		public void registerDestructionCallback(String name, Runnable callback) {
			throw new UnsupportedOperationException("There are no beans in this scope");
		}

	}

}
