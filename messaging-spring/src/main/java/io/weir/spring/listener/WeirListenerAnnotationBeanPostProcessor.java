package io.weir.spring.listener;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanExpressionException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.expression.ExpressionException;
import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;

import io.weir.spring.Acknowledgement;
import io.weir.spring.WeirHandler;
import io.weir.spring.WeirListener;
import io.weir.spring.WeirListeners;
import io.weir.spring.WeirReader;
import io.weir.spring.WeirReaders;
import io.weir.spring.WeirSchemas;

/**
 * Finds methods and classes with {@link WeirListener} or {@link WeirReader} and registers
 * a container for each, once all singletons are there.
 */
public final class WeirListenerAnnotationBeanPostProcessor
		implements BeanPostProcessor, SmartInitializingSingleton, BeanFactoryAware {

	private static final Logger logger = LoggerFactory.getLogger(WeirListenerAnnotationBeanPostProcessor.class);

	private final List<Found> found = new ArrayList<>();

	@GuardedBy("found")
	private boolean ready;

	private final Set<Class<?>> without = ConcurrentHashMap.newKeySet();

	private @Nullable ConfigurableListableBeanFactory beanFactory;

	@Override
	public void setBeanFactory(BeanFactory beanFactory) throws BeansException {
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		Class<?> type = AopUtils.getTargetClass(bean);
		if (this.without.contains(type)
				|| !AnnotationUtils.isCandidateClass(type, List.of(WeirListener.class, WeirReader.class))) {
			return bean;
		}
		Map<Method, Set<Annotation>> methods = MethodIntrospector.selectMethods(type,
				(MethodIntrospector.MetadataLookup<Set<Annotation>>) this::annotations);
		methods.forEach((method, annotations) -> annotations
			.forEach((annotation) -> add(new Found(bean, beanName, method, List.of(), annotation))));
		List<Method> handlers = handlers(type);
		Set<Annotation> ofClass = annotations(type);
		if (!handlers.isEmpty() && ofClass == null) {
			throw new InvalidListenerException(beanName, handlers.get(0), new IllegalStateException(
					"it has @WeirHandler, which is for methods of a class with @WeirListener or @WeirReader; its class has none"));
		}
		if (ofClass != null) {
			ofClass.forEach((annotation) -> add(new Found(bean, beanName, null, handlers, annotation)));
		}
		if (methods.isEmpty() && ofClass == null) {
			this.without.add(type);
		}
		return bean;
	}

	private static List<Method> handlers(Class<?> type) {
		return List.copyOf(
				MethodIntrospector.selectMethods(type, (ReflectionUtils.MethodFilter) (method) -> AnnotatedElementUtils
					.hasAnnotation(method, WeirHandler.class)));
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

	private @Nullable Set<Annotation> annotations(AnnotatedElement element) {
		Set<Annotation> annotations = new LinkedHashSet<>(AnnotatedElementUtils.findMergedRepeatableAnnotations(element,
				WeirListener.class, WeirListeners.class));
		annotations.addAll(
				AnnotatedElementUtils.findMergedRepeatableAnnotations(element, WeirReader.class, WeirReaders.class));
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
			tellOfUnused(register(listeners));
		}
	}

	private NamedBeans register(List<Found> listeners) {
		ConfigurableListableBeanFactory factory = this.beanFactory;
		Assert.state(factory != null, "No bean factory");
		NamedBeans beans = new NamedBeans(factory);
		ListenerMethods methods = new ListenerMethods(factory.getBean(WeirSchemas.class), factory);
		List<ListenerCustomizer> customizers = factory.getBeanProvider(ListenerCustomizer.class)
			.orderedStream()
			.toList();
		WeirListenerRegistry registry = factory.getBean(WeirListenerRegistry.class);
		for (Found listener : listeners) {
			ListenerExpressions expressions = new ListenerExpressions(factory, listener.bean());
			register(listener, beanType(listener, factory), expressions, beans, methods, customizers, registry,
					new ListenerTemplate(factory));
		}
		return beans;
	}

	private static void register(Found found, ResolvableType beanType, ListenerExpressions expressions,
			NamedBeans beans, ListenerMethods methods, List<ListenerCustomizer> customizers,
			WeirListenerRegistry registry, ListenerTemplate template) {
		EndpointReader reader = (found.annotation() instanceof WeirReader annotation)
				? new ReaderAnnotationReader(annotation, expressions, beans)
				: new ListenerAnnotationReader((WeirListener) found.annotation(), expressions, beans);
		try {
			if (reader.isReader()) {
				found.methods().forEach(WeirListenerAnnotationBeanPostProcessor::requireNoAcknowledgement);
			}
			WeirMessageListener listener = (found.method() != null)
					? methods.listener(found.bean(), beanType, found.method(), expressions, reader.isBatch(), template)
					: handlers(found, beanType, expressions, reader, methods, template);
			WeirListenerEndpointBuilder builder = reader.read(found.defaultId(), listener);
			customizers.forEach((customizer) -> customize(builder, customizer));
			WeirListenerEndpoint endpoint = builder.build();
			template.client(endpoint.client());
			if (endpoint.errorHandler() != null) {
				beans.uses(endpoint.errorHandler());
			}
			registry.register(reader.containerFactory().createContainer(endpoint));
		}
		catch (IllegalArgumentException | IllegalStateException | ExpressionException | BeanExpressionException ex) {
			throw new InvalidListenerException(found.beanName(), found.element(), ex);
		}
	}

	private static void requireNoAcknowledgement(Method method) {
		Assert.state(!Arrays.asList(method.getParameterTypes()).contains(Acknowledgement.class),
				() -> "method " + method.getName() + " has a parameter of type Acknowledgement, and a reader has "
						+ "nothing to acknowledge; @WeirListener has");
	}

	private static void customize(WeirListenerEndpointBuilder builder, ListenerCustomizer customizer) {
		try {
			customizer.customize(builder);
		}
		catch (RuntimeException ex) {
			throw new IllegalStateException("Listener '" + builder.id() + "' cannot be customized: " + ex.getMessage(),
					ex);
		}
	}

	private static WeirMessageListener handlers(Found found, ResolvableType beanType, ListenerExpressions expressions,
			EndpointReader reader, ListenerMethods methods, ListenerTemplate template) {
		Assert.state(!reader.isBatch(),
				"a batch may have messages of several types, and cannot be for one @WeirHandler;"
						+ " put the annotation with batch on a method");
		List<HandlersListener.Handler> handlers = new ArrayList<>();
		for (Method method : found.handlers()) {
			WeirHandler handler = AnnotatedElementUtils.findMergedAnnotation(method, WeirHandler.class);
			try {
				handlers.add(new HandlersListener.Handler(
						methods.listener(found.bean(), beanType, method, expressions, false, template),
						handler != null && handler.isDefault()));
			}
			catch (IllegalStateException ex) {
				throw new IllegalStateException("method " + method.getName() + ": " + ex.getMessage(), ex);
			}
		}
		return new HandlersListener(handlers);
	}

	/**
	 * The bean's definition may know more than its class: a return type with arguments.
	 */
	private static ResolvableType beanType(Found found, ConfigurableListableBeanFactory factory) {
		Class<?> type = AopUtils.getTargetClass(found.bean());
		if (factory.containsBeanDefinition(found.beanName())) {
			ResolvableType defined = factory.getMergedBeanDefinition(found.beanName()).getResolvableType();
			if (defined.toClass() == type) {
				return defined;
			}
		}
		return ResolvableType.forClass(type);
	}

	/** Or somebody believes that such a bean is for all listeners. */
	private static void tellOfUnused(NamedBeans beans) {
		List<String> factories = beans.unused(WeirListenerContainerFactory.class,
				WeirListenerContainerFactory.DEFAULT_BEAN_NAME);
		List<String> handlers = beans.unused(WeirErrorHandler.class, WeirErrorHandler.DEFAULT_BEAN_NAME);
		List<String> filters = beans.unused(WeirMessageFilter.class, "");
		if (!filters.isEmpty()) {
			logger.warn("No listener names these filters: {}", filters);
		}
		if (!factories.isEmpty()) {
			logger.warn("No listener uses these container factories: {}. The one for all listeners is named '{}'",
					factories, WeirListenerContainerFactory.DEFAULT_BEAN_NAME);
		}
		if (!handlers.isEmpty()) {
			logger.warn("No listener names these error handlers: {}. The one for all listeners is named '{}'", handlers,
					WeirErrorHandler.DEFAULT_BEAN_NAME);
		}
	}

	/** An annotated method of a bean, or its class with the methods that are handlers. */
	private record Found(Object bean, String beanName, @Nullable Method method, List<Method> handlers,
			Annotation annotation) {

		String defaultId() {
			return (this.method != null) ? this.beanName + "." + this.method.getName() : this.beanName;
		}

		List<Method> methods() {
			return (this.method != null) ? List.of(this.method) : this.handlers;
		}

		AnnotatedElement element() {
			return (this.method != null) ? this.method : AopUtils.getTargetClass(this.bean);
		}

	}

}
