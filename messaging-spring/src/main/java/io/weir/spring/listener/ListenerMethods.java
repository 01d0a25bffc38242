package io.weir.spring.listener;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedMethod;
import org.springframework.util.Assert;

import io.weir.spring.MessageTypeFilter;
import io.weir.spring.MessageTypes;
import io.weir.spring.WeirOperations;
import io.weir.spring.WeirSchemas;

/** Turns annotated methods into listeners. */
final class ListenerMethods {

	private final ListenerArguments arguments;

	private final SendToReader sendTo;

	private final MessageTypes types;

	ListenerMethods(WeirSchemas schemas, ConfigurableBeanFactory beanFactory) {
		this.arguments = new ListenerArguments(schemas, beanFactory);
		this.sendTo = new SendToReader(beanFactory);
		this.types = beanFactory.getBeanProvider(MessageTypes.class).getIfAvailable(MessageTypes::new);
	}

	/**
	 * Makes a listener.
	 * @param bean the bean, which may be a proxy of either kind
	 * @param beanType the class behind it, with what is known of its type arguments
	 * @param method the method as that class, or one that it extends, declares it
	 * @param expressions those on the bean
	 * @param batch whether it takes batches
	 * @param template publishes what the method returns
	 * @throws IllegalStateException if the method cannot be a listener
	 */
	MethodListener listener(Object bean, ResolvableType beanType, Method method, ListenerExpressions expressions,
			boolean batch, Supplier<WeirOperations> template) {
		boolean suspending = KotlinDetector.isSuspendingFunction(method);
		ResolvableType declaring = beanType.as(method.getDeclaringClass());
		Type[] types = method.getGenericParameterTypes();
		List<ListenerArgument> values = new ArrayList<>();
		List<MessageTypeFilter> filters = new ArrayList<>();
		boolean acknowledges = false;
		boolean list = false;
		Class<?> payload = null;
		for (MethodParameter parameter : new AnnotatedMethod(method).getMethodParameters()) {
			if (suspending && parameter.getParameterIndex() == types.length - 1) {
				break; // The continuation, of which the function's author knows nothing.
			}
			parameter.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
			ResolvableType type = ResolvableType.forType(types[parameter.getParameterIndex()], declaring);
			values.add(this.arguments.of(parameter, type, batch));
			acknowledges |= this.arguments.acknowledges(parameter, type, batch);
			list |= ListenerArguments.isList(type);
			Class<?> named = this.arguments.payload(parameter,
					(batch && ListenerArguments.isList(type)) ? ListenerTypes.argument(type) : type);
			payload = (payload != null) ? payload : named;
			if (named != null) {
				filters.add(this.types.filter(named));
			}
		}
		Assert.state(!batch || list, "it takes batches and so needs a parameter of type List");
		return new MethodListener(bean, AopUtils.selectInvocableMethod(method, bean.getClass()), values, acknowledges,
				batch, (payload != null) ? this.types.nameOf(payload) : null, filters,
				this.sendTo.of(method, beanType.toClass(), expressions, template));
	}

}
