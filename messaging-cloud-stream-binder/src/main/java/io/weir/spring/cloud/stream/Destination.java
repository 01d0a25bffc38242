package io.weir.spring.cloud.stream;

import org.springframework.cloud.stream.provisioning.ProducerDestination;

/**
 * What an output is bound to: a topic, or one for each partition of Spring Cloud
 * Stream's, which says itself which message belongs to which instance.
 *
 * @param name the topic, or how those of partitions begin
 */
record Destination(String name) implements ProducerDestination {

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public String getNameForPartition(int partition) {
		return ofPartition(this.name, partition);
	}

	static String ofPartition(String name, int partition) {
		return name + "-" + partition;
	}

}
