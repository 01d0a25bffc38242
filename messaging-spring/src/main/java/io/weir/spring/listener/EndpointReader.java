package io.weir.spring.listener;

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

}
