package io.weir.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.message.InitialPosition;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;

/**
 * Configures and creates a {@link Consumer}. Setters throw
 * {@link IllegalArgumentException} naming what is allowed.
 *
 * @param <T> the type of the values
 */
public interface ConsumerBuilder<T> {

	/**
	 * A builder without a client, for whoever has settings to check before there is one,
	 * or a customizer to test: it takes and refuses what others do, but cannot create a
	 * consumer.
	 * @return a builder whose subscribe methods throw {@link IllegalStateException}
	 */
	static ConsumerBuilder<byte[]> unattached() {
		return new DefaultConsumerBuilder<>(null, Schema.bytes());
	}

	/**
	 * Sets the topic. Required.
	 * @param topic a name as {@link io.weir.message.Topic} allows
	 * @return this
	 */
	ConsumerBuilder<T> topic(String topic);

	/**
	 * Sets which topics to consume, instead of one: all whose names match, as far as the
	 * client may consume them. Topics that come later are found within ten seconds and
	 * read from their beginning; those that are gone are consumed no longer, and those
	 * that the broker refuses are asked for again each time, with a warning. Such a
	 * consumer acknowledges and gives back messages, not ids, and can be moved to a time
	 * only. Its topics share out what may be queued. Each of their partitions has a
	 * stream of its own, as long as the pool has enough; else some share one.
	 * @param pattern names of topics, in which {@code *} stands for any characters, none
	 * included: {@code orders.*}; without one, as {@link #topic}
	 * @return this
	 * @throws IllegalArgumentException if no topic could match the pattern
	 */
	ConsumerBuilder<T> topics(String pattern);

	/**
	 * Sets the subscription. Required. A subscription belongs to one topic, outlives its
	 * consumers and remembers what was acknowledged.
	 * @param subscription 1 to 255 characters, as for a topic's name
	 * @return this
	 */
	ConsumerBuilder<T> subscription(String subscription);

	/**
	 * Sets how messages are shared out.
	 * @param type {@link SubscriptionType#EXCLUSIVE} by default
	 * @return this
	 */
	ConsumerBuilder<T> subscriptionType(SubscriptionType type);

	/**
	 * Sets where a new subscription begins.
	 * @param initialPosition {@link InitialPosition#LATEST} by default
	 * @return this
	 */
	ConsumerBuilder<T> initialPosition(InitialPosition initialPosition);

	/**
	 * Sets the name that endpoints of the broker show.
	 * @param name the name; by default one made from the client's name
	 * @return this
	 */
	ConsumerBuilder<T> name(String name);

	/**
	 * Sets how many messages the broker may send ahead. The partitions of a topic share
	 * them out, at least one for each.
	 * @param size from 1; 1000 by default
	 * @return this
	 */
	ConsumerBuilder<T> receiverQueueSize(int size);

	/**
	 * Sets how many bytes of messages the broker should send ahead: when so many are
	 * queued it is asked for no more. How many messages that are is reckoned from the
	 * size of those that came lately, beginning with the largest that the broker takes.
	 * If messages suddenly become much larger, those that were asked for already still
	 * come, so that for a short time {@link #receiverQueueSize(int)} alone is the bound.
	 * A message larger than this comes alone.
	 * @param bytes from 1; 64 MiB by default
	 * @return this
	 */
	ConsumerBuilder<T> receiverQueueBytes(long bytes);

	/**
	 * Sets how long the application may take to acknowledge a message. After that it is
	 * given back to be delivered again, as if by
	 * {@link Consumer#negativeAcknowledge(Message)} without a delay. It is counted by the
	 * client, from when the application has taken the message out of the queue, of which
	 * the broker does not know; looked after every twentieth of the time, or every
	 * second. An acknowledgement timeout that an administrator sets for the subscription
	 * is counted by the broker, from the delivery, beside this one.
	 * @param timeout up to 365 days; zero turns it off, which is the default
	 * @return this
	 */
	ConsumerBuilder<T> ackTimeout(Duration timeout);

	/**
	 * Sets how long a message that was given back by
	 * {@link Consumer#negativeAcknowledge(Message)} waits before it is delivered again.
	 * @param backoff {@link RedeliveryBackoff#none()} by default
	 * @return this
	 */
	ConsumerBuilder<T> negativeAckRedeliveryBackoff(RedeliveryBackoff backoff);

	/**
	 * Sets what becomes of messages that were delivered too often. By default they are
	 * delivered for ever.
	 * @param policy the policy; its topic must not be the consumer's own; {@code null}
	 * takes back what was set
	 * @return this
	 */
	ConsumerBuilder<T> deadLetterPolicy(@Nullable DeadLetterPolicy policy);

	/**
	 * Sets how long after one search for topics that match the pattern the next begins.
	 * @param interval from a millisecond to 365 days; 10 seconds by default
	 * @return this
	 */
	ConsumerBuilder<T> topicSearchInterval(Duration interval);

	/**
	 * Sets how long acknowledgements may be gathered before they are sent.
	 * @param delay up to 365 days; zero sends each at once, 10 milliseconds is the
	 * default
	 * @return this
	 */
	ConsumerBuilder<T> acknowledgementDelay(Duration delay);

	/**
	 * Has a listener called with each message, in place of the consumer's {@code receive}
	 * methods, which then throw {@link IllegalStateException}. It is called for one
	 * message after the other on a thread of its own,
	 * {@code weir-client-<client>-consumer-<subscription>}, perhaps before
	 * {@link #subscribe()} returns, and must acknowledge what it is done with. While the
	 * consumer is paused it is still given what was received already.
	 * @param listener the listener; none by default
	 * @return this
	 */
	ConsumerBuilder<T> messageListener(MessageListener<T> listener);

	/**
	 * Creates the consumer and waits for the broker to accept it.
	 * @return the consumer, which the caller must close
	 * @throws WeirException what the broker said, such as {@code SUBSCRIPTION_BUSY};
	 * {@code TIMEOUT} after 30 seconds, or why there is no connection if that does not go
	 * away by itself; {@code INVALID_CONFIGURATION}, {@code CLOSED} or
	 * {@code INTERRUPTED}
	 */
	Consumer<T> subscribe();

	/**
	 * As {@link #subscribe()}, without blocking.
	 * @return the consumer, later
	 */
	CompletableFuture<Consumer<T>> subscribeAsync();

	/**
	 * Creates a consumer that may be used at once and subscribes in the background, so
	 * that nobody has to wait for a broker that is late. Until the broker has accepted it
	 * there are no messages; {@link Consumer#isConnected()} says whether it has. It goes
	 * on trying as long as it is open, also while another consumer has an exclusive
	 * subscription. If the broker refuses it for good, whoever waits for a message is
	 * told why, and the next call has the broker asked again; a consumer with a
	 * {@link #messageListener} is not asked for again. <pre>{@code
	 * Consumer<String> audit = client.consumer(Schema.string())
	 *     .topic("greetings").subscription("audit").subscribeInBackground();
	 * }</pre>
	 * @return the consumer, which the caller must close
	 * @throws WeirException {@code INVALID_CONFIGURATION} or {@code CLOSED}
	 */
	Consumer<T> subscribeInBackground();

}
