package io.weir.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;

import io.weir.message.SubscriptionType;
import io.weir.spring.AckMode;

/**
 * What an application can configure of the client, its producers, consumers and
 * listeners.
 *
 * @param client how to connect
 * @param clients Clients of further brokers, by name. Each is a bean that is injected
 * where its name is the qualifier.
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
public record WeirProperties(@NestedConfigurationProperty @DefaultValue ClientProperties client,
		@DefaultValue Map<String, ClientProperties> clients,
		@NestedConfigurationProperty @DefaultValue ProducerDefaults producer,
		@DefaultValue Map<String, NamedProducer> producers, @DefaultValue Map<String, Class<?>> messageTypes,
		@DefaultValue Template template, @NestedConfigurationProperty @DefaultValue ConsumerDefaults consumer,
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
	 * Defaults for listener methods.
	 *
	 * @param subscriptionType How messages are shared out among the consumers of a
	 * listener's subscription, those of other instances of the application included.
	 * @param concurrency Number of consumers for each topic of a listener; an exclusive
	 * subscription has one, whatever is set here.
	 * @param keyConcurrency Number of messages of different keys that each consumer of a
	 * listener works on at once, those of one key in order; listeners of batches work on
	 * one, whatever is set here.
	 * @param nonRetryable Exceptions, subclasses included, with which a message becomes a
	 * dead letter at once, beside those that no further try would mend.
	 * @param retryable Exceptions, subclasses included, with which a message is tried
	 * again all the same.
	 * @param ackMode When messages are acknowledged.
	 * @param autoStartup Whether listeners start with the application.
	 * @param shutdownTimeout Time that a listener may take to finish what it was given
	 * when it is stopped; spring.lifecycle.timeout-per-shutdown-phase bounds it as well.
	 */
	public record Listener(@DefaultValue("shared") SubscriptionType subscriptionType,
			@DefaultValue("1") int concurrency, @DefaultValue("1") int keyConcurrency,
			@DefaultValue List<Class<?>> nonRetryable, @DefaultValue List<Class<?>> retryable,
			@DefaultValue("record") AckMode ackMode, @DefaultValue("true") boolean autoStartup,
			@DefaultValue("30s") Duration shutdownTimeout) {
	}

	/**
	 * Observations.
	 *
	 * @param enabled Whether to record an observation for every message sent and every
	 * message that a listener is given.
	 * @param backlogInterval Time between two questions to the broker how many messages
	 * the listeners have before them, for their meters. 0 asks none, and leaves these
	 * meters out.
	 */
	public record Observation(@DefaultValue("true") boolean enabled, @DefaultValue("10s") Duration backlogInterval) {
	}

}
