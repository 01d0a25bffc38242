package io.weir.spring.listener;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;

import org.springframework.beans.factory.BeanCreationException;

/** A method, or a class, with a listener annotation that cannot be what it says. */
public final class InvalidListenerException extends BeanCreationException {

	private final String method;

	private final String reason;

	InvalidListenerException(String beanName, AnnotatedElement element, Exception cause) {
		super(beanName,
				"Listener " + ((element instanceof Method method) ? "method " + method.toGenericString() : element)
						+ ": " + cause.getMessage(),
				cause);
		this.method = (element instanceof Method method) ? method.getDeclaringClass().getName() + "." + method.getName()
				: ((Class<?>) element).getName();
		this.reason = String.valueOf(cause.getMessage());
	}

	/**
	 * Which method.
	 * @return class and name, or the class alone if it is that which has the annotation
	 */
	public String method() {
		return this.method;
	}

	/**
	 * Why it cannot be a listener.
	 * @return what is wrong, and what is allowed
	 */
	public String reason() {
		return this.reason;
	}

}
