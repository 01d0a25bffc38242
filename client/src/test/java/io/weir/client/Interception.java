package io.weir.client;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

import org.jspecify.annotations.Nullable;

/** Sees, and may change, what is called on an interface and what comes of it. */
@FunctionalInterface
public interface Interception {

	/**
	 * A method is called.
	 * @param method its name
	 * @param arguments its arguments, perhaps none
	 * @param call the call as it would be
	 * @return what comes of it
	 */
	@Nullable Object on(String method, Object[] arguments, Call call) throws Throwable;

	/** Something that passes its calls on to something else, as intercepted. */
	static <T> T of(Class<T> type, T target, Interception interception) {
		InvocationHandler handler = (proxy, method, arguments) -> interception.on(method.getName(),
				(arguments != null) ? arguments : new Object[0], () -> {
					try {
						return method.invoke(target, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, handler));
	}

	/** A call as it would be without the interception. */
	@FunctionalInterface
	interface Call {

		/** Makes the call. */
		@Nullable Object proceed() throws Throwable;

	}

}
