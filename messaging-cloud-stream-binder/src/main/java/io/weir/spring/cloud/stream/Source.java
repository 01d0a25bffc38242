package io.weir.spring.cloud.stream;

import java.util.List;

import org.springframework.cloud.stream.provisioning.ConsumerDestination;

/**
 * What an input is bound to.
 *
 * @param name the destination
 * @param topics the topics that this instance reads
 * @param subscription the group, or a name of its own if there is none
 * @param anonymous whether the subscription ends with the binding
 */
record Source(String name, List<String> topics, String subscription, boolean anonymous) implements ConsumerDestination {

	@Override
	public String getName() {
		return this.name;
	}

}
