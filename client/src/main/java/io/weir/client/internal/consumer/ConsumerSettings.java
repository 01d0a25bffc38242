package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.IntFunction;

import org.jspecify.annotations.Nullable;

import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.time.BackoffRule;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;
import io.weir.wire.RedeliveryPolicy;

/**
 * What a consumer was told.
 *
 * @param topic the topic, or one of its partitions
 * @param subscription the subscription
 * @param type how the subscription shares out messages
 * @param initialPosition where it begins if it is new
 * @param name what the consumer calls itself
 * @param receiverQueueSize how many messages the broker may send ahead
 * @param receiverQueueBytes how many bytes it should send ahead at most
 * @param acknowledgementDelay how long acknowledgements may be gathered
 * @param ackTimeout how long the application may take to decide about a message, or zero
 * @param redeliveryBackoff how long a message that was given back waits, by how often it
 * was delivered before
 * @param backoffRule the same as a rule that the broker follows, in milliseconds; or
 * {@code null} if it is not one
 * @param deadLettering what becomes of messages that are delivered again and again, or
 * {@code null} if nothing does
 * @param readFrom where a reader begins, or {@code null} for a subscription that outlives
 * its consumers
 * @param compacted whether a reader need not be given messages that have later ones of
 * their keys
 * @param failures makes what futures fail with
 */
public record ConsumerSettings(String topic, String subscription, SubscriptionType type,
		InitialPosition initialPosition, String name, int receiverQueueSize, long receiverQueueBytes,
		Duration acknowledgementDelay, Duration ackTimeout, IntFunction<Duration> redeliveryBackoff,
		@Nullable BackoffRule backoffRule, @Nullable DeadLettering deadLettering, @Nullable SeekTarget readFrom,
		boolean compacted, Function<ProtocolException, RuntimeException> failures) {

	/** Of a consumer that is to have all that there is. */
	public ConsumerSettings(String topic, String subscription, SubscriptionType type, InitialPosition initialPosition,
			String name, int receiverQueueSize, long receiverQueueBytes, Duration acknowledgementDelay,
			Duration ackTimeout, IntFunction<Duration> redeliveryBackoff, @Nullable BackoffRule backoffRule,
			@Nullable DeadLettering deadLettering, @Nullable SeekTarget readFrom,
			Function<ProtocolException, RuntimeException> failures) {
		this(topic, subscription, type, initialPosition, name, receiverQueueSize, receiverQueueBytes,
				acknowledgementDelay, ackTimeout, redeliveryBackoff, backoffRule, deadLettering, readFrom, false,
				failures);
	}

	/** The same for one of the topic's partitions. */
	ConsumerSettings ofPartition(int number, InitialPosition initialPosition, @Nullable SeekTarget readFrom) {
		return of(new Topic(this.topic).partition(number).name(), initialPosition, readFrom);
	}

	/** The same for one of several topics. */
	ConsumerSettings ofTopic(String name, InitialPosition initialPosition) {
		return of(name, initialPosition, this.readFrom);
	}

	private ConsumerSettings of(String name, InitialPosition initialPosition, @Nullable SeekTarget readFrom) {
		return new ConsumerSettings(name, this.subscription, this.type, initialPosition, this.name,
				this.receiverQueueSize, this.receiverQueueBytes, this.acknowledgementDelay, this.ackTimeout,
				this.redeliveryBackoff, this.backoffRule, this.deadLettering, readFrom, this.compacted, this.failures);
	}

	/** Where a reader begins in one partition. */
	@Nullable SeekTarget readFrom(int partition) {
		return (this.readFrom != null) ? this.readFrom.in(partition) : null;
	}

	/** What the broker is told of redeliveries, or {@code null} if nothing was said. */
	@Nullable RedeliveryPolicy redeliveryPolicy() {
		BackoffRule backoff = (this.backoffRule != null) ? this.backoffRule : BackoffRule.NONE;
		if (this.deadLettering != null) {
			return new RedeliveryPolicy(0, backoff, this.deadLettering.maxRedeliveries(), this.deadLettering.topic());
		}
		return backoff.equals(BackoffRule.NONE) ? null : new RedeliveryPolicy(0, backoff, 0, null);
	}

	/**
	 * What the broker is told of a consumer that comes, or comes again.
	 * @param next where a reader goes on, or {@code null} if it is none
	 */
	Frame.Subscribe introduction(long id, @Nullable SeekTarget next, ConsumerInstance instance) {
		return new Frame.Subscribe(id, this.topic, this.subscription, this.type,
				SeekTarget.LATEST.equals(next) ? InitialPosition.LATEST : this.initialPosition, this.name, next == null,
				instance, redeliveryPolicy(), this.compacted);
	}

	/** Whether all before a message can be acknowledged with it. */
	boolean isCumulative() {
		return this.type == SubscriptionType.EXCLUSIVE || this.type == SubscriptionType.FAILOVER;
	}

	/**
	 * For messages.
	 * @return whose consumer it is
	 */
	public String subscriptionOfTopic() {
		return "subscription '" + this.subscription + "' of topic '" + this.topic + "'";
	}

	/**
	 * What becomes of messages that are delivered again and again.
	 *
	 * @param topic where they go then
	 * @param maxRedeliveries how often they are
	 */
	public record DeadLettering(String topic, int maxRedeliveries) {
	}

}
