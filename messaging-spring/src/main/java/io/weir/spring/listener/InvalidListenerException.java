package io.weir.spring.listener;

import java.lang.reflect.Method;

import org.springframework.beans.factory.BeanCreationException;

/** A method with a listener annotation that cannot be what it says. */
public final class InvalidListenerException extends BeanCreationException {

	private final String method;

	private final String reason;

	InvalidListenerException(String beanName, Method method, Exception cause) {
		super(beanName, "Listener method " + method.toGenericString() + ": " + cause.getMessage(), cause);
		this.method = method.getDeclaringClass().getName() + "." + method.getName();
		this.reason = String.valueOf(cause.getMessage());
	}

	/**
	 * Which method.
	 * @return class and name
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
