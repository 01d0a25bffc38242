package io.weir.spring.listener;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/** Reads an annotation that makes a listener. */
interface EndpointReader {

	/** Whether the listener takes batches. */
	boolean isBatch();

	/** Whether it reads its topics without a subscription. */
	boolean isReader();

	/**
	 * Reads all of it.
	 * @param defaultId the listener's id if the annotation has none
	 * @throws IllegalArgumentException naming what is wrong and what is allowed
	 */
	WeirListenerEndpointBuilder read(String defaultId, WeirMessageListener listener);

	/** What makes the container. */
	WeirListenerContainerFactory containerFactory();

	/** Passes on what an attribute says, if it says anything. */
	default <T> void set(@Nullable T value, Consumer<T> setter) {
		if (value != null) {
			setter.accept(value);
		}
	}

}
