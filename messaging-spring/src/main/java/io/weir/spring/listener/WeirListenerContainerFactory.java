package io.weir.spring.listener;

/** Makes the containers of listeners. */
@FunctionalInterface
public interface WeirListenerContainerFactory {

	/** The bean that makes the containers of listeners that name no other. */
	String DEFAULT_BEAN_NAME = "weirListenerContainerFactory";

	/**
	 * Makes a container.
	 * @param endpoint what the listener asks for
	 * @return the container, not started
	 * @throws IllegalArgumentException if the endpoint asks for what cannot be
	 */
	WeirListenerContainer createContainer(WeirListenerEndpoint endpoint);

}
