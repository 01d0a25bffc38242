package io.weir.spring;

import io.weir.client.ReaderBuilder;

/** Changes the readers of a listener that reads its topics without a subscription. */
@FunctionalInterface
public interface ReaderCustomizer {

	/**
	 * Changes a reader.
	 * @param topic the topic that it reads
	 * @param builder what to change
	 */
	void customize(String topic, ReaderBuilder<?> builder);

}
