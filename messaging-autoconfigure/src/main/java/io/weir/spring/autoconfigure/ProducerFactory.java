package io.weir.spring.autoconfigure;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.util.unit.DataSize;

import io.weir.client.Producer;
import io.weir.client.ProducerBuilder;
import io.weir.client.WeirClient;
import io.weir.message.Schema;
import io.weir.spring.ProducerCustomizer;
import io.weir.spring.observation.ObservedProducer;
import io.weir.spring.observation.WeirObservations;

/**
 * Makes producers that the broker gets to know when they are first used. It begins to
 * close all of them when its application context is closed; the client waits for them.
 */
final class ProducerFactory {

	private final Queue<Producer<?>> made = new ConcurrentLinkedQueue<>();

	private final WeirClient client;

	private final WeirProperties.Producer defaults;

	private final List<ProducerCustomizer> customizers;

	private final WeirObservations observations;

	ProducerFactory(WeirClient client, WeirProperties.Producer defaults, List<ProducerCustomizer> customizers,
			WeirObservations observations) {
		this.client = client;
		this.defaults = defaults;
		this.customizers = customizers;
		this.observations = observations;
	}

	/** A producer with the defaults. */
	<T> Producer<T> create(String topic, Schema<T> schema) {
		return create(defaults(topic, schema), topic);
	}

	/** A producer of {@code weir.producers}. */
	<T> Producer<T> create(String topic, Schema<T> schema, WeirProperties.NamedProducer properties) {
		ProducerBuilder<T> builder = defaults(topic, schema);
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
		return create(builder, topic);
	}

	private <T> ProducerBuilder<T> defaults(String topic, Schema<T> schema) {
		WeirProperties.Batch batch = this.defaults.batch();
		return this.client.producer(schema)
			.topic(topic)
			.ordering(this.defaults.ordering())
			.lanes(this.defaults.lanes())
			.sendTimeout(this.defaults.sendTimeout())
			.maxPending(this.defaults.maxPending())
			.maxPendingBytes(this.defaults.maxPendingBytes().toBytes())
			.whenFull(this.defaults.whenFull())
			.compression(this.defaults.compression())
			.streamGrowthThreshold(this.defaults.streamGrowthThreshold())
			.batchMaxMessages(batch.maxMessages())
			.batchMaxBytes(Math.toIntExact(batch.maxBytes().toBytes()))
			.batchLinger(batch.linger());
	}

	private <T> Producer<T> create(ProducerBuilder<T> builder, String topic) {
		this.customizers.forEach((customizer) -> customizer.customize(topic, builder));
		Producer<T> producer = new ObservedProducer<>(builder.createLazily(), this.observations);
		this.made.add(producer);
		return producer;
	}

	void beginToClose() {
		this.made.forEach(Producer::closeAsync);
	}

}
