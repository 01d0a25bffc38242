package io.weir.spring.listener;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.Assert;

import io.weir.spring.WeirListener;
import io.weir.spring.WeirListeners;
import io.weir.spring.WeirSchemas;

/**
 * Finds methods with {@link WeirListener} and registers a container for each, once all
 * singletons are there.
 */
public final class WeirListenerAnnotationBeanPostProcessor
		implements BeanPostProcessor, SmartInitializingSingleton, BeanFactoryAware {

	private final List<Found> found = new ArrayList<>();

	/** Guarded by what was found. */
	private boolean ready;

	private final Set<Class<?>> without = ConcurrentHashMap.newKeySet();

	private @Nullable ConfigurableBeanFactory beanFactory;

	@Override
	public void setBeanFactory(BeanFactory beanFactory) throws BeansException {
		this.beanFactory = (ConfigurableBeanFactory) beanFactory;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		Class<?> type = AopUtils.getTargetClass(bean);
		if (this.without.contains(type) || !AnnotationUtils.isCandidateClass(type, WeirListener.class)) {
			return bean;
		}
		Map<Method, Set<WeirListener>> methods = MethodIntrospector.selectMethods(type,
				(MethodIntrospector.MetadataLookup<Set<WeirListener>>) this::annotations);
		if (methods.isEmpty()) {
			this.without.add(type);
		}
		methods.forEach((method, annotations) -> annotations
			.forEach((annotation) -> add(new Found(bean, beanName, method, annotation))));
		return bean;
	}

	/** A bean that is created late, a lazy one perhaps, finds everything there. */
	private void add(Found listener) {
		synchronized (this.found) {
			if (!this.ready) {
				this.found.add(listener);
				return;
			}
		}
		register(List.of(listener));
	}

	private @Nullable Set<WeirListener> annotations(Method method) {
		Set<WeirListener> annotations = AnnotatedElementUtils.findMergedRepeatableAnnotations(method,
				WeirListener.class, WeirListeners.class);
		return annotations.isEmpty() ? null : annotations;
	}

	@Override
	public void afterSingletonsInstantiated() {
		List<Found> listeners;
		synchronized (this.found) {
			listeners = List.copyOf(this.found);
			this.found.clear();
			this.ready = true;
		}
		if (!listeners.isEmpty()) {
			register(listeners);
		}
	}

	private void register(List<Found> listeners) {
		ConfigurableBeanFactory factory = this.beanFactory;
		Assert.state(factory != null, "No bean factory");
		ListenerAnnotationReader reader = new ListenerAnnotationReader(factory);
		ListenerMethods methods = new ListenerMethods(factory.getBean(WeirSchemas.class), factory);
		WeirListenerRegistry registry = factory.getBean(WeirListenerRegistry.class);
		for (Found listener : listeners) {
			register(listener, reader, methods, registry);
		}
	}

	private static void register(Found found, ListenerAnnotationReader reader, ListenerMethods methods,
			WeirListenerRegistry registry) {
		try {
			Method method = AopUtils.selectInvocableMethod(found.method(), found.bean().getClass());
			WeirMessageListener listener = methods.listener(found.bean(), method, reader.isBatch(found.annotation()));
			WeirListenerEndpoint endpoint = reader.read(found.annotation(), found.defaultId(), listener);
			registry.register(reader.containerFactory(found.annotation()).createContainer(endpoint));
		}
		catch (IllegalArgumentException | IllegalStateException ex) {
			throw new BeanCreationException(found.beanName(),
					"Listener method " + found.method().getName() + ": " + ex.getMessage(), ex);
		}
	}

	/** An annotated method of a bean. */
	private record Found(Object bean, String beanName, Method method, WeirListener annotation) {

		String defaultId() {
			return this.beanName + "." + this.method.getName();
		}

	}

}
