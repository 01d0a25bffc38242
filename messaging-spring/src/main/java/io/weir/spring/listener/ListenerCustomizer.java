package io.weir.spring.listener;

/**
 * Changes listeners before they are made. Beans of this type are applied in order, after
 * the annotation and after what is set below {@code weir.listeners}; a
 * {@link io.weir.spring.ConsumerCustomizer} knows the topic only. <pre>{@code
 * ListenerCustomizer patient = (listener) -> {
 *     if (listener.id().startsWith("batch-")) {
 *         listener.shutdownTimeout(Duration.ofMinutes(2));
 *     }
 * };
 * }</pre>
 */
@FunctionalInterface
public interface ListenerCustomizer {

	/**
	 * Changes a listener. Called once for each, on the thread that starts the
	 * application; what it throws fails the start and names the listener.
	 * @param listener says which it is, and what to change
	 */
	void customize(WeirListenerEndpointBuilder listener);

}
