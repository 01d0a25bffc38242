package io.weir.spring.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

import io.weir.client.ConsumerBuilder;
import io.weir.client.DeadLetterPolicy;
import io.weir.client.RedeliveryBackoff;

/** Tells consumers what their properties say. */
final class ConsumerConfigurer {

	private ConsumerConfigurer() {
	}

	/**
	 * A dead-letter topic for all consumers is not that of its own consumers.
	 */
	static void configure(ConsumerBuilder<?> builder, String topic, WeirProperties.Consumer properties) {
		WeirProperties.Backoff backoff = properties.retry().backoff();
		builder.receiverQueueSize(properties.receiverQueueSize())
			.receiverQueueBytes(properties.receiverQueueBytes().toBytes())
			.ackTimeout(properties.ackTimeout())
			.acknowledgementDelay(properties.acknowledgementDelay())
			.negativeAckRedeliveryBackoff(
					RedeliveryBackoff.exponential(backoff.initial(), backoff.multiplier(), backoff.max()));
		String deadLetters = properties.deadLetter().topic();
		if (StringUtils.hasText(deadLetters) && !deadLetters.equals(topic)) {
			builder.deadLetterPolicy(new DeadLetterPolicy(properties.deadLetter().maxRedeliveries(), deadLetters));
		}
	}

	/** What an entry says, and the defaults where it says nothing. */
	static WeirProperties.Consumer merge(WeirProperties.NamedConsumer entry, WeirProperties.Consumer defaults) {
		return new WeirProperties.Consumer(or(entry.receiverQueueSize(), defaults.receiverQueueSize()),
				or(entry.receiverQueueBytes(), defaults.receiverQueueBytes()),
				or(entry.ackTimeout(), defaults.ackTimeout()),
				or(entry.acknowledgementDelay(), defaults.acknowledgementDelay()),
				merge(entry.deadLetter(), defaults.deadLetter()), merge(entry.retry(), defaults.retry()));
	}

	private static WeirProperties.DeadLetter merge(WeirProperties.@Nullable NamedDeadLetter entry,
			WeirProperties.DeadLetter defaults) {
		return (entry == null) ? defaults
				: new WeirProperties.DeadLetter(or(entry.maxRedeliveries(), defaults.maxRedeliveries()),
						(entry.topic() != null) ? entry.topic() : defaults.topic());
	}

	private static WeirProperties.Retry merge(WeirProperties.@Nullable NamedRetry entry,
			WeirProperties.Retry defaults) {
		WeirProperties.NamedBackoff backoff = (entry != null) ? entry.backoff() : null;
		return (backoff == null) ? defaults
				: new WeirProperties.Retry(
						new WeirProperties.Backoff(or(backoff.initial(), defaults.backoff().initial()),
								or(backoff.multiplier(), defaults.backoff().multiplier()),
								or(backoff.max(), defaults.backoff().max())));
	}

	private static <T> T or(@Nullable T value, T otherwise) {
		return (value != null) ? value : otherwise;
	}

}
