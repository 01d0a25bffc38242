package io.weir.spring.listener;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.KotlinDetector;
import org.springframework.messaging.handler.annotation.support.DefaultMessageHandlerMethodFactory;
import org.springframework.util.Assert;

import io.weir.spring.WeirSchemas;

/** Turns annotated methods into listeners. */
final class ListenerMethods {

	private final DefaultMessageHandlerMethodFactory single;

	private final DefaultMessageHandlerMethodFactory batch;

	ListenerMethods(WeirSchemas schemas, BeanFactory beanFactory) {
		PayloadConverter converter = new PayloadConverter(schemas);
		this.single = factory(new ListenerArgumentResolver(schemas, false), converter, beanFactory);
		this.batch = factory(new ListenerArgumentResolver(schemas, true), converter, beanFactory);
	}

	private static DefaultMessageHandlerMethodFactory factory(ListenerArgumentResolver resolver,
			PayloadConverter converter, BeanFactory beanFactory) {
		DefaultMessageHandlerMethodFactory factory = new DefaultMessageHandlerMethodFactory();
		factory.setBeanFactory(beanFactory);
		factory.setMessageConverter(converter);
		factory.setCustomArgumentResolvers(List.of(resolver));
		factory.afterPropertiesSet();
		return factory;
	}

	WeirMessageListener listener(Object bean, Method method, boolean batch) {
		Assert.state(!KotlinDetector.isSuspendingFunction(method), () -> "Listener method " + method
				+ " is a suspend function, which is not supported; " + "return a CompletionStage instead");
		Assert.state(!batch || Arrays.stream(method.getParameterTypes()).anyMatch((type) -> type == List.class),
				() -> "Listener method " + method + " takes batches and so needs a parameter of type List");
		return new MethodListener((batch ? this.batch : this.single).createInvocableHandlerMethod(bean, method));
	}

}
