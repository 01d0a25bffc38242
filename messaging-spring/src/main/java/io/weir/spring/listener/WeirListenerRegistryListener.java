package io.weir.spring.listener;

/**
 * Told which containers a registry has, on the thread that adds or removes one.
 *
 * @see WeirListenerRegistry#addListener(WeirListenerRegistryListener)
 */
public interface WeirListenerRegistryListener {

	/**
	 * There is a container; it may not have started. May be told twice of one.
	 * @param container the container
	 */
	void registered(WeirListenerContainer container);

	/**
	 * A container has stopped and is gone.
	 * @param container the container
	 */
	void unregistered(WeirListenerContainer container);

}
