package io.weir.spring.autoconfigure;

import org.jspecify.annotations.Nullable;

import io.weir.client.ConsumerBuilder;
import io.weir.client.DeadLetterPolicy;
import io.weir.client.RedeliveryBackoff;
import io.weir.spring.autoconfigure.common.PropertySink;

/** Tells consumers what their properties say. */
final class ConsumerConfigurer {

	private ConsumerConfigurer() {
	}

	/**
	 * What holds for every consumer, or for one with what its entry says. A dead-letter
	 * topic for all consumers is not that of its own consumers.
	 * @param topic what is consumed, or {@code null} if that is not known yet
	 */
	static void configure(ConsumerBuilder<?> builder, @Nullable String topic, ConsumerDefaults properties,
			PropertySink sink) {
		sink.set("receiver-queue-size", properties.receiverQueueSize(), builder::receiverQueueSize);
		sink.set("receiver-queue-bytes", properties.receiverQueueBytes(),
				(size) -> builder.receiverQueueBytes(size.toBytes()));
		sink.set("ack-timeout", properties.ackTimeout(), builder::ackTimeout);
		sink.set("acknowledgement-delay", properties.acknowledgementDelay(), builder::acknowledgementDelay);
		ConsumerDefaults.Backoff backoff = properties.retry().backoff();
		RedeliveryBackoff redelivery = sink.at("retry.backoff")
			.make(() -> RedeliveryBackoff.exponential(backoff.initial(), backoff.multiplier(), backoff.max()),
					"initial");
		if (redelivery != null) {
			builder.negativeAckRedeliveryBackoff(redelivery);
		}
		configure(builder, topic, properties.deadLetter(), sink.at("dead-letter"));
	}

	private static void configure(ConsumerBuilder<?> builder, @Nullable String topic,
			ConsumerDefaults.DeadLetter properties, PropertySink sink) {
		boolean wanted = (properties.enabled() != null) ? properties.enabled()
				: properties.topic() != null || properties.maxRedeliveries() != null;
		int maxRedeliveries = or(properties.maxRedeliveries(), DeadLetterPolicy.DEFAULT_MAX_REDELIVERIES);
		// Checked also if there are none.
		DeadLetterPolicy unnamed = sink.make(() -> new DeadLetterPolicy(maxRedeliveries, null));
		if (unnamed == null) {
			return;
		}
		if (properties.topic() == null) {
			builder.deadLetterPolicy(wanted ? unnamed : null);
			return;
		}
		sink.set("topic", properties.topic(), (name) -> {
			DeadLetterPolicy policy = new DeadLetterPolicy(unnamed.maxRedeliveries(), name);
			builder.deadLetterPolicy((wanted && !name.equals(topic)) ? policy : null);
		});
	}

	/** What a consumer of {@code weir.consumers} says itself, beside the above. */
	static void configure(ConsumerBuilder<?> builder, NamedConsumer properties, PropertySink sink) {
		sink.set("topic", properties.topic(), builder::topic);
		sink.set("subscription", properties.subscription(), builder::subscription);
		sink.set("subscription-type", properties.subscriptionType(), builder::subscriptionType);
		sink.set("initial-position", properties.initialPosition(), builder::initialPosition);
	}

	/** What an entry says, and the defaults where it says nothing. */
	static ConsumerDefaults merge(ConsumerProperties entry, ConsumerDefaults defaults) {
		return new ConsumerDefaults(or(entry.receiverQueueSize(), defaults.receiverQueueSize()),
				or(entry.receiverQueueBytes(), defaults.receiverQueueBytes()),
				or(entry.ackTimeout(), defaults.ackTimeout()),
				or(entry.acknowledgementDelay(), defaults.acknowledgementDelay()),
				merge(entry.deadLetter(), defaults.deadLetter()), merge(entry.retry(), defaults.retry()));
	}

	private static ConsumerDefaults.DeadLetter merge(ConsumerProperties.@Nullable NamedDeadLetter entry,
			ConsumerDefaults.DeadLetter defaults) {
		return (entry == null) ? defaults
				: new ConsumerDefaults.DeadLetter(
						(entry.maxRedeliveries() != null) ? entry.maxRedeliveries() : defaults.maxRedeliveries(),
						(entry.topic() != null) ? entry.topic() : defaults.topic(), enabled(entry, defaults));
	}

	/** Who says something of dead letters wants them, though others may have none. */
	private static @Nullable Boolean enabled(ConsumerProperties.NamedDeadLetter entry,
			ConsumerDefaults.DeadLetter defaults) {
		if (entry.enabled() != null) {
			return entry.enabled();
		}
		return (entry.topic() != null || entry.maxRedeliveries() != null) ? Boolean.TRUE : defaults.enabled();
	}

	private static ConsumerDefaults.Retry merge(ConsumerProperties.@Nullable NamedRetry entry,
			ConsumerDefaults.Retry defaults) {
		ConsumerProperties.NamedBackoff backoff = (entry != null) ? entry.backoff() : null;
		return (backoff == null) ? defaults
				: new ConsumerDefaults.Retry(
						new ConsumerDefaults.Backoff(or(backoff.initial(), defaults.backoff().initial()),
								or(backoff.multiplier(), defaults.backoff().multiplier()),
								or(backoff.max(), defaults.backoff().max())));
	}

	private static <T> T or(@Nullable T value, T otherwise) {
		return (value != null) ? value : otherwise;
	}

}
