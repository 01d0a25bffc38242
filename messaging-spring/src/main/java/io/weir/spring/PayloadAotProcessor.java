package io.weir.spring;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.util.ReflectionUtils;

import io.weir.client.Consumer;
import io.weir.client.Producer;
import io.weir.client.Reader;
import io.weir.client.Table;

/**
 * Announces the listener methods of beans, and the types of all payloads that beans say:
 * of parameters and returned values of listeners, and of producers, consumers, readers
 * and tables. It knows the bean's type, and with it what type variables stand for, as
 * annotations of methods do not.
 */
final class PayloadAotProcessor implements BeanRegistrationAotProcessor {

	private static final Set<Class<? extends Annotation>> LISTENING = Set.of(WeirListener.class, WeirListeners.class,
			WeirReader.class, WeirReaders.class, WeirHandler.class);

	private static final Set<Class<?>> OF_PAYLOADS = Set.of(Producer.class, Consumer.class, Reader.class, Table.class);

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
		ResolvableType type = bean.getBeanType();
		Set<Method> listeners = MethodIntrospector.selectMethods(bean.getBeanClass(),
				(ReflectionUtils.MethodFilter) PayloadAotProcessor::isListener);
		boolean ofPayloads = OF_PAYLOADS.stream().anyMatch((each) -> each.isAssignableFrom(type.toClass()));
		if (listeners.isEmpty() && !ofPayloads) {
			return null;
		}
		return (generation, code) -> {
			ReflectionHints hints = generation.getRuntimeHints().reflection();
			PayloadHints payloads = new PayloadHints(hints);
			if (ofPayloads) {
				OF_PAYLOADS.forEach((each) -> Stream.of(type.as(each).getGenerics()).forEach(payloads::register));
			}
			listeners.forEach((listener) -> register(listener, type, hints, payloads));
		};
	}

	private static boolean isListener(AnnotatedElement method) {
		return LISTENING.stream().anyMatch((annotation) -> AnnotatedElementUtils.hasAnnotation(method, annotation));
	}

	private static void register(Method listener, ResolvableType bean, ReflectionHints hints, PayloadHints payloads) {
		hints.registerMethod(listener, ExecutableMode.INVOKE);
		ResolvableType declaring = bean.as(listener.getDeclaringClass());
		Parameter[] parameters = listener.getParameters();
		Type[] types = listener.getGenericParameterTypes();
		for (int i = 0; i < parameters.length; i++) {
			if (!parameters[i].isAnnotationPresent(Header.class) && !parameters[i].isAnnotationPresent(Headers.class)) {
				payloads.register(ResolvableType.forType(types[i], declaring));
			}
		}
		payloads.register(ResolvableType.forType(listener.getGenericReturnType(), declaring));
	}

}
