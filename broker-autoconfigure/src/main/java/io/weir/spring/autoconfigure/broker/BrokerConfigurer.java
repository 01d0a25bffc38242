package io.weir.spring.autoconfigure.broker;

import io.weir.broker.BrokerBuilder;
import io.weir.spring.autoconfigure.common.PropertySink;

/** Tells a broker what its properties say by themselves. */
final class BrokerConfigurer {

	private BrokerConfigurer() {
	}

	static void configure(BrokerBuilder builder, WeirBrokerProperties properties, PropertySink sink) {
		sink.set("port", properties.port(), builder::port);
		sink.set("bind-address", properties.bindAddress(), builder::bindAddress);
		sink.set("data-directory", properties.dataDirectory(), builder::dataDirectory);
		sink.set("salvage", properties.salvage(), builder::salvage);
		sink.set("durability", properties.durability(), builder::durability);
		sink.setBytes("max-message-size", properties.maxMessageSize(), builder::maxMessageSize);
		sink.set("storage-min-free", properties.storageMinFree(), (size) -> builder.storageMinFree(size.toBytes()));
		builder.limits(properties.limits().toBrokerLimits(sink.at("limits")));
		sink.set("topic-defaults", WeirTopicDefaults.toDefaults(properties.topicDefaults(), sink),
				builder::topicDefaults);
	}

}
