package io.weir.spring.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;

/**
 * A consumer to create as a bean. What is absent is taken from the defaults.
 *
 * @param client Name of the client to read by. Without one, the default client.
 * @param topic Topic to read. Required.
 * @param subscription Subscription that remembers what was acknowledged. Required.
 * @param type Type of the values. Required. String and byte[] are read as they are, every
 * other type as JSON.
 * @param subscriptionType How messages are shared out among the consumers of the
 * subscription.
 * @param initialPosition Where a new subscription begins.
 * @param receiverQueueSize Number of messages that the broker may send ahead.
 * @param receiverQueueBytes Size of the messages that the broker should send ahead at
 * most.
 * @param ackTimeout Time after which a message that was not acknowledged is given back to
 * be delivered again. 0 turns it off.
 * @param acknowledgementDelay Time for which acknowledgements may be gathered before they
 * are sent together. 0 sends each at once.
 * @param deadLetter what becomes of messages that always fail
 * @param retry when a message that failed is delivered again
 */
public record NamedConsumer(@Nullable String client, @Nullable String topic, @Nullable String subscription,
		@Nullable Class<?> type, @DefaultValue("exclusive") SubscriptionType subscriptionType,
		@DefaultValue("latest") InitialPosition initialPosition, @Nullable Integer receiverQueueSize,
		@Nullable DataSize receiverQueueBytes, @Nullable Duration ackTimeout, @Nullable Duration acknowledgementDelay,
		@Nullable NamedDeadLetter deadLetter, @Nullable NamedRetry retry) implements ConsumerProperties {

}
