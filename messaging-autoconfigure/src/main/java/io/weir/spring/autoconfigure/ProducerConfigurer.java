package io.weir.spring.autoconfigure;

import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.util.unit.DataSize;

import io.weir.client.ProducerBuilder;

/** Tells producers what their properties say. */
final class ProducerConfigurer {

	private ProducerConfigurer() {
	}

	/** What holds for every producer. */
	static void configure(ProducerBuilder<?> builder, WeirProperties.Producer properties) {
		WeirProperties.Batch batch = properties.batch();
		builder.ordering(properties.ordering())
			.lanes(properties.lanes())
			.sendTimeout(properties.sendTimeout())
			.maxPending(properties.maxPending())
			.maxPendingBytes(properties.maxPendingBytes().toBytes())
			.whenFull(properties.whenFull())
			.compression(properties.compression())
			.streamGrowthThreshold(properties.streamGrowthThreshold())
			.batchMaxMessages(batch.maxMessages())
			.batchMaxBytes(Math.toIntExact(batch.maxBytes().toBytes()))
			.batchLinger(batch.linger());
	}

	/** What a producer of {@code weir.producers} says itself. */
	static void configure(ProducerBuilder<?> builder, WeirProperties.NamedProducer properties) {
		PropertyMapper map = PropertyMapper.get();
		map.from(properties::name).to(builder::name);
		map.from(properties::accessMode).to(builder::accessMode);
		map.from(properties::ordering).to(builder::ordering);
		map.from(properties::lanes).to(builder::lanes);
		map.from(properties::sendTimeout).to(builder::sendTimeout);
		map.from(properties::maxPending).to(builder::maxPending);
		map.from(properties::maxPendingBytes).as(DataSize::toBytes).to(builder::maxPendingBytes);
		map.from(properties::whenFull).to(builder::whenFull);
		map.from(properties::compression).to(builder::compression);
		map.from(properties::streamGrowthThreshold).to(builder::streamGrowthThreshold);
		WeirProperties.NamedBatch batch = properties.batch();
		if (batch != null) {
			map.from(batch::maxMessages).to(builder::batchMaxMessages);
			map.from(batch::maxBytes).asInt(DataSize::toBytes).to(builder::batchMaxBytes);
			map.from(batch::linger).to(builder::batchLinger);
		}
	}

}
