package io.weir.spring.autoconfigure;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.spring.AckMode;

/**
 * Settings of one listener, which count more than those of its annotation. What is absent
 * is as the annotation says, or as for all listeners.
 *
 * @param client Name of the client whose broker the messages are on.
 * @param subscriptionType How messages are shared out among the consumers of the
 * subscription.
 * @param initialPosition Where a new subscription begins.
 * @param concurrency Number of consumers for each topic.
 * @param keyConcurrency Number of messages of different keys that each consumer works on
 * at once, those of one key in order.
 * @param ackMode When messages are acknowledged.
 * @param autoStartup Whether the listener starts with the application.
 * @param shutdownTimeout Time that the listener may take to finish what it was given when
 * it is stopped.
 * @param errorHandler Name of the WeirErrorHandler bean that decides about messages that
 * the listener failed on.
 * @param nonRetryable Exceptions, subclasses included, with which a message becomes a
 * dead letter at once.
 * @param retryable Exceptions, subclasses included, with which a message is tried again
 * all the same.
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
public record NamedListener(@Nullable String client, @Nullable SubscriptionType subscriptionType,
		@Nullable InitialPosition initialPosition, @Nullable Integer concurrency, @Nullable Integer keyConcurrency,
		@Nullable AckMode ackMode, @Nullable Boolean autoStartup, @Nullable Duration shutdownTimeout,
		@Nullable String errorHandler, @Nullable List<Class<?>> nonRetryable, @Nullable List<Class<?>> retryable,
		@Nullable Integer receiverQueueSize, @Nullable DataSize receiverQueueBytes, @Nullable Duration ackTimeout,
		@Nullable Duration acknowledgementDelay, @Nullable NamedDeadLetter deadLetter,
		@Nullable NamedRetry retry) implements ConsumerProperties {

}
