package io.weir.spring.listener;

import java.util.List;

/** The listeners of an application, as each of them sees the others. */
@FunctionalInterface
interface ListenerSiblings {

	/** Without others. */
	ListenerSiblings NONE = (topic, subscription) -> List.of();

	/**
	 * Those that may be called with what comes from a subscription.
	 * @return listeners that run, in the order in which they were registered
	 */
	List<ListenerTarget> of(String topic, String subscription);

}
