package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.function.Function;

import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.wire.ProtocolException;

/**
 * What a consumer was told.
 *
 * @param topic the topic
 * @param subscription the subscription
 * @param type how the subscription shares out messages
 * @param initialPosition where it begins if it is new
 * @param name what the consumer calls itself
 * @param receiverQueueSize how many messages the broker may send ahead
 * @param acknowledgementDelay how long acknowledgements may be gathered
 * @param failures makes what futures fail with
 */
public record ConsumerSettings(String topic, String subscription, SubscriptionType type,
		InitialPosition initialPosition, String name, int receiverQueueSize, Duration acknowledgementDelay,
		Function<ProtocolException, RuntimeException> failures) {
}
