package io.weir.spring.autoconfigure;

import io.weir.client.ProducerBuilder;
import io.weir.spring.autoconfigure.common.PropertySink;

/** Tells producers what their properties say. */
final class ProducerConfigurer {

	private ProducerConfigurer() {
	}

	/** What holds for every producer, or what one says itself of that. */
	static void configure(ProducerBuilder<?> builder, ProducerProperties properties, PropertySink sink) {
		sink.set("ordering", properties.ordering(), builder::ordering);
		sink.set("lanes", properties.lanes(), builder::lanes);
		sink.set("send-timeout", properties.sendTimeout(), builder::sendTimeout);
		sink.set("max-pending", properties.maxPending(), builder::maxPending);
		sink.set("max-pending-bytes", properties.maxPendingBytes(), (size) -> builder.maxPendingBytes(size.toBytes()));
		sink.set("when-full", properties.whenFull(), builder::whenFull);
		sink.set("compression", properties.compression(), builder::compression);
		sink.set("stream-growth-threshold", properties.streamGrowthThreshold(), builder::streamGrowthThreshold);
		ProducerProperties.BatchProperties batch = properties.batch();
		if (batch != null) {
			sink.set("batch.max-messages", batch.maxMessages(), builder::batchMaxMessages);
			sink.setBytes("batch.max-bytes", batch.maxBytes(), builder::batchMaxBytes);
			sink.set("batch.linger", batch.linger(), builder::batchLinger);
		}
	}

	/** All that a producer of {@code weir.producers} says itself. */
	static void configureNamed(ProducerBuilder<?> builder, NamedProducer properties, PropertySink sink) {
		sink.set("topic", properties.topic(), builder::topic);
		sink.set("name", properties.name(), builder::name);
		sink.set("access-mode", properties.accessMode(), builder::accessMode);
		configure(builder, properties, sink);
	}

}
