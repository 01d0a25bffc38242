package io.weir.spring.autoconfigure;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;

import io.weir.client.Ordering;
import io.weir.client.WhenFull;
import io.weir.message.AccessMode;
import io.weir.message.Compression;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.spring.AckMode;

/**
 * What an application can configure of the client, its producers, consumers and
 * listeners.
 *
 * @param client how to connect
 * @param producer defaults for every producer
 * @param producers Producers to create as beans, by bean name.
 * @param messageTypes Classes by the name under which other applications know the type.
 * @param template what WeirTemplate does
 * @param consumer defaults for every consumer
 * @param consumers Consumers to create as beans, by bean name.
 * @param listener defaults for listener methods
 * @param listeners Settings of single listeners, by their ids.
 * @param observation observations
 */
@ConfigurationProperties("weir")
public record WeirProperties(@DefaultValue Client client, @DefaultValue Producer producer,
		@DefaultValue Map<String, NamedProducer> producers, @DefaultValue Map<String, Class<?>> messageTypes,
		@DefaultValue Template template, @DefaultValue Consumer consumer,
		@DefaultValue Map<String, NamedConsumer> consumers, @DefaultValue Listener listener,
		@DefaultValue Map<String, NamedListener> listeners,
		@DefaultValue Observation observation) implements Validator {

	@Override
	public boolean supports(Class<?> type) {
		return type == WeirProperties.class;
	}

	@Override
	public void validate(Object target, Errors errors) {
		new PropertyRules(errors).check((WeirProperties) target);
	}

	/**
	 * How to connect.
	 *
	 * @param serviceUrl Address of the broker, weir://host[:port][,host[:port]...].
	 * @param connections Number of QUIC connections, each on its own event loop.
	 * @param ssl whom to trust
	 * @param auth who we are
	 * @param connectTimeout Time that one attempt to connect may take.
	 * @param startupFailurePolicy What to do when the broker cannot be reached at
	 * start-up.
	 * @param heartbeat how a dead connection is noticed
	 * @param callbackExecutor Name of the Executor bean that runs callbacks: dependents
	 * of the client's futures, and connection listeners. Without one, virtual threads or
	 * daemon threads of the client's own.
	 * @param pool the streams of each connection
	 */
	public record Client(@DefaultValue("weir://localhost:7750") String serviceUrl, @DefaultValue("1") int connections,
			@DefaultValue Ssl ssl, @DefaultValue Auth auth, @DefaultValue("5s") Duration connectTimeout,
			@DefaultValue("retry") StartupFailurePolicy startupFailurePolicy, @DefaultValue Heartbeat heartbeat,
			@Nullable String callbackExecutor, @DefaultValue Pool pool) {
	}

	/** What to do when the broker cannot be reached at start-up. */
	public enum StartupFailurePolicy {

		/** Start, and go on trying in the background. */
		RETRY,

		/** Do not start. */
		FAIL

	}

	/**
	 * Whom to trust.
	 *
	 * @param bundle Name of the SSL bundle with the certificates to trust, and to show,
	 * reloaded live. Without one, the JVM's trust store.
	 * @param fingerprint SHA-256 of the one certificate to accept, in hex. For
	 * development, with a self-signed certificate.
	 * @param insecure Whether to accept any certificate, with a warning at each start.
	 */
	public record Ssl(@Nullable String bundle, @Nullable String fingerprint, @DefaultValue("false") boolean insecure) {
	}

	/**
	 * Who we are.
	 *
	 * @param token Credential that the broker asks for.
	 */
	public record Auth(@Nullable String token) {
	}

	/**
	 * How a dead connection is noticed.
	 *
	 * @param interval Time between two pings on a stream of their own. A broker that does
	 * not answer for three intervals is taken as lost.
	 */
	public record Heartbeat(@DefaultValue("10s") Duration interval) {
	}

	/**
	 * The streams of each connection.
	 *
	 * @param minSize Number of streams to keep open.
	 * @param maxSize Number of streams that may be open.
	 * @param initialSize Number of streams to open at first.
	 * @param maxIdleTime Time after which an idle stream is tested before it is used
	 * again, or closed if there are more than the minimum.
	 * @param maxLifetime Time after which a stream is replaced. 0 for never.
	 * @param validationInterval Time between two tests of the idle streams. 0 turns them
	 * off.
	 * @param borrowTimeout Time to wait for a stream.
	 * @param leakDetectionThreshold Time after which a stream that was not given back is
	 * reported. 0 turns it off.
	 * @param strictFifo Whether whoever waits for a stream is served strictly in order.
	 */
	public record Pool(@DefaultValue("2") int minSize, @DefaultValue("100") int maxSize,
			@DefaultValue("2") int initialSize, @DefaultValue("30s") Duration maxIdleTime,
			@DefaultValue("30m") Duration maxLifetime, @DefaultValue("5s") Duration validationInterval,
			@DefaultValue("5s") Duration borrowTimeout, @DefaultValue("0") Duration leakDetectionThreshold,
			@DefaultValue("false") boolean strictFifo) {
	}

	/**
	 * Defaults for every producer.
	 *
	 * @param ordering Order in which messages are stored.
	 * @param lanes Number of lanes of a key-ordered producer, each with a stream of its
	 * own.
	 * @param sendTimeout Time that a message may wait for its receipt.
	 * @param maxPending Number of messages that may be queued or in flight, up to 8192.
	 * @param maxPendingBytes Size of the messages that may be queued or in flight.
	 * @param whenFull What a send that must not block does when the queue is full.
	 * @param compression How batches are compressed; needs the library for it, here, at
	 * the broker and at the consumers.
	 * @param batch how messages are put together
	 * @param streamGrowthThreshold Queue depth per open stream at which an unordered
	 * producer opens one more stream.
	 */
	public record Producer(@DefaultValue("ordered") Ordering ordering, @DefaultValue("4") Integer lanes,
			@DefaultValue("30s") Duration sendTimeout, @DefaultValue("1000") Integer maxPending,
			@DefaultValue("64MB") DataSize maxPendingBytes, @DefaultValue("fail") WhenFull whenFull,
			@DefaultValue("none") Compression compression, @DefaultValue Batch batch,
			@DefaultValue("100") Integer streamGrowthThreshold) implements ProducerProperties {
	}

	/**
	 * How messages are put together.
	 *
	 * @param maxMessages Number of messages in one batch. 1 turns batching off.
	 * @param maxBytes Size of one batch. A larger message goes alone.
	 * @param linger Time that a batch waits for more messages while others are in flight.
	 */
	public record Batch(@DefaultValue("1000") Integer maxMessages, @DefaultValue("128KB") DataSize maxBytes,
			@DefaultValue("1ms") Duration linger) implements ProducerProperties.BatchProperties {
	}

	/**
	 * A producer to create as a bean. What is absent is taken from the defaults.
	 *
	 * @param topic Topic to publish to. Required.
	 * @param type Type of the values. Required. String and byte[] are published as they
	 * are, every other type as JSON.
	 * @param name Name by which the broker knows the producer again, also in a later
	 * process. Without one, the broker gives it one for as long as it lives.
	 * @param accessMode Who else may publish to the topic under the same name: shared
	 * refuses a second producer, exclusive lets it fence the first.
	 * @param ordering Order in which messages are stored.
	 * @param lanes Number of lanes of a key-ordered producer, each with a stream of its
	 * own.
	 * @param sendTimeout Time that a message may wait for its receipt.
	 * @param maxPending Number of messages that may be queued or in flight, up to 8192.
	 * @param maxPendingBytes Size of the messages that may be queued or in flight.
	 * @param whenFull What a send that must not block does when the queue is full.
	 * @param compression How batches are compressed; needs the library for it, here, at
	 * the broker and at the consumers.
	 * @param batch how messages are put together
	 * @param streamGrowthThreshold Queue depth per open stream at which an unordered
	 * producer opens one more stream.
	 */
	public record NamedProducer(@Nullable String topic, @Nullable Class<?> type, @Nullable String name,
			@DefaultValue("shared") AccessMode accessMode, @Nullable Ordering ordering, @Nullable Integer lanes,
			@Nullable Duration sendTimeout, @Nullable Integer maxPending, @Nullable DataSize maxPendingBytes,
			@Nullable WhenFull whenFull, @Nullable Compression compression, @Nullable NamedBatch batch,
			@Nullable Integer streamGrowthThreshold) implements ProducerProperties {
	}

	/**
	 * How the messages of one producer are put together.
	 *
	 * @param maxMessages Number of messages in one batch. 1 turns batching off.
	 * @param maxBytes Size of one batch. A larger message goes alone.
	 * @param linger Time that a batch waits for more messages while others are in flight.
	 */
	public record NamedBatch(@Nullable Integer maxMessages, @Nullable DataSize maxBytes,
			@Nullable Duration linger) implements ProducerProperties.BatchProperties {
	}

	/**
	 * What WeirTemplate does.
	 *
	 * @param defaultTopic Topic for messages that neither sender nor type gives one.
	 * @param maxProducers Number of topics of which the template keeps a producer.
	 * @param producerIdleTime Time for which the template keeps an unused producer.
	 * @param replyTopic Topic for replies to requests of this instance of the
	 * application, and of no other. Without one, the template makes one up.
	 * @param replyTimeout Time to wait for the reply to a request.
	 */
	public record Template(@Nullable String defaultTopic, @DefaultValue("1000") int maxProducers,
			@DefaultValue("1m") Duration producerIdleTime, @Nullable String replyTopic,
			@DefaultValue("5s") Duration replyTimeout) {
	}

	/**
	 * Defaults for every consumer.
	 *
	 * @param receiverQueueSize Number of messages that the broker may send ahead.
	 * @param receiverQueueBytes Size of the messages that the broker should send ahead at
	 * most.
	 * @param ackTimeout Time after which a message that was not acknowledged is given
	 * back to be delivered again. 0 turns it off.
	 * @param acknowledgementDelay Time for which acknowledgements may be gathered before
	 * they are sent together. 0 sends each at once.
	 * @param deadLetter what becomes of messages that always fail
	 * @param retry when a message that failed is delivered again
	 */
	public record Consumer(@DefaultValue("1000") int receiverQueueSize,
			@DefaultValue("64MB") DataSize receiverQueueBytes, @DefaultValue("0") Duration ackTimeout,
			@DefaultValue("10ms") Duration acknowledgementDelay, @DefaultValue DeadLetter deadLetter,
			@DefaultValue Retry retry) {
	}

	/**
	 * What becomes of messages that always fail.
	 *
	 * @param maxRedeliveries Number of times that a message is delivered again before it
	 * is published to the dead-letter topic.
	 * @param topic Topic for messages that were delivered too often. Without one, and
	 * unless enabled, they are delivered for ever.
	 * @param enabled Whether messages that were delivered too often are published to a
	 * dead-letter topic. By default if one is named; without a name it is topic, dot,
	 * subscription, dot, dead.
	 */
	public record DeadLetter(@DefaultValue("10") int maxRedeliveries, @Nullable String topic,
			@Nullable Boolean enabled) {
	}

	/**
	 * When a message that failed is delivered again.
	 *
	 * @param backoff how the delay grows
	 */
	public record Retry(@DefaultValue Backoff backoff) {
	}

	/**
	 * How the delay grows.
	 *
	 * @param initial Time to wait after the first failure.
	 * @param multiplier Factor by which the time grows with each further failure.
	 * @param max Time to wait at most.
	 */
	public record Backoff(@DefaultValue("1s") Duration initial, @DefaultValue("2") double multiplier,
			@DefaultValue("1m") Duration max) {
	}

	/**
	 * A consumer to create as a bean. What is absent is taken from the defaults.
	 *
	 * @param topic Topic to read. Required.
	 * @param subscription Subscription that remembers what was acknowledged. Required.
	 * @param type Type of the values. Required. String and byte[] are read as they are,
	 * every other type as JSON.
	 * @param subscriptionType How messages are shared out among the consumers of the
	 * subscription.
	 * @param initialPosition Where a new subscription begins.
	 * @param receiverQueueSize Number of messages that the broker may send ahead.
	 * @param receiverQueueBytes Size of the messages that the broker should send ahead at
	 * most.
	 * @param ackTimeout Time after which a message that was not acknowledged is given
	 * back to be delivered again. 0 turns it off.
	 * @param acknowledgementDelay Time for which acknowledgements may be gathered before
	 * they are sent together. 0 sends each at once.
	 * @param deadLetter what becomes of messages that always fail
	 * @param retry when a message that failed is delivered again
	 */
	public record NamedConsumer(@Nullable String topic, @Nullable String subscription, @Nullable Class<?> type,
			@DefaultValue("exclusive") SubscriptionType subscriptionType,
			@DefaultValue("latest") InitialPosition initialPosition, @Nullable Integer receiverQueueSize,
			@Nullable DataSize receiverQueueBytes, @Nullable Duration ackTimeout,
			@Nullable Duration acknowledgementDelay, @Nullable NamedDeadLetter deadLetter,
			@Nullable NamedRetry retry) implements ConsumerProperties {
	}

	/**
	 * What becomes of messages that always fail, for one consumer.
	 *
	 * @param maxRedeliveries Number of times that a message is delivered again before it
	 * is published to the dead-letter topic.
	 * @param topic Topic for messages that were delivered too often.
	 * @param enabled Whether messages that were delivered too often are published to a
	 * dead-letter topic.
	 */
	public record NamedDeadLetter(@Nullable Integer maxRedeliveries, @Nullable String topic,
			@Nullable Boolean enabled) {
	}

	/**
	 * When a message that failed is delivered again, for one consumer.
	 *
	 * @param backoff how the delay grows
	 */
	public record NamedRetry(@Nullable NamedBackoff backoff) {
	}

	/**
	 * How the delay grows, for one consumer.
	 *
	 * @param initial Time to wait after the first failure.
	 * @param multiplier Factor by which the time grows with each further failure.
	 * @param max Time to wait at most.
	 */
	public record NamedBackoff(@Nullable Duration initial, @Nullable Double multiplier, @Nullable Duration max) {
	}

	/**
	 * Defaults for listener methods.
	 *
	 * @param subscriptionType How messages are shared out among the consumers of a
	 * listener's subscription, those of other instances of the application included.
	 * @param concurrency Number of consumers for each topic of a listener; an exclusive
	 * subscription has one, whatever is set here.
	 * @param ackMode When messages are acknowledged.
	 * @param autoStartup Whether listeners start with the application.
	 * @param shutdownTimeout Time that a listener may take to finish what it was given
	 * when it is stopped; spring.lifecycle.timeout-per-shutdown-phase bounds it as well.
	 */
	public record Listener(@DefaultValue("shared") SubscriptionType subscriptionType,
			@DefaultValue("1") int concurrency, @DefaultValue("record") AckMode ackMode,
			@DefaultValue("true") boolean autoStartup, @DefaultValue("30s") Duration shutdownTimeout) {
	}

	/**
	 * Settings of one listener, which count more than those of its annotation. What is
	 * absent is as the annotation says, or as for all listeners.
	 *
	 * @param subscriptionType How messages are shared out among the consumers of the
	 * subscription.
	 * @param initialPosition Where a new subscription begins.
	 * @param concurrency Number of consumers for each topic.
	 * @param ackMode When messages are acknowledged.
	 * @param autoStartup Whether the listener starts with the application.
	 * @param shutdownTimeout Time that the listener may take to finish what it was given
	 * when it is stopped.
	 * @param errorHandler Name of the WeirErrorHandler bean that decides about messages
	 * that the listener failed on.
	 * @param receiverQueueSize Number of messages that the broker may send ahead.
	 * @param receiverQueueBytes Size of the messages that the broker should send ahead at
	 * most.
	 * @param ackTimeout Time after which a message that was not acknowledged is given
	 * back to be delivered again. 0 turns it off.
	 * @param acknowledgementDelay Time for which acknowledgements may be gathered before
	 * they are sent together. 0 sends each at once.
	 * @param deadLetter what becomes of messages that always fail
	 * @param retry when a message that failed is delivered again
	 */
	public record NamedListener(@Nullable SubscriptionType subscriptionType, @Nullable InitialPosition initialPosition,
			@Nullable Integer concurrency, @Nullable AckMode ackMode, @Nullable Boolean autoStartup,
			@Nullable Duration shutdownTimeout, @Nullable String errorHandler, @Nullable Integer receiverQueueSize,
			@Nullable DataSize receiverQueueBytes, @Nullable Duration ackTimeout,
			@Nullable Duration acknowledgementDelay, @Nullable NamedDeadLetter deadLetter,
			@Nullable NamedRetry retry) implements ConsumerProperties {
	}

	/**
	 * Observations.
	 *
	 * @param enabled Whether to record an observation for every message sent and every
	 * message that a listener is given.
	 */
	public record Observation(@DefaultValue("true") boolean enabled) {
	}

}
