package io.weir.spring.autoconfigure.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;

import io.weir.broker.Broker;
import io.weir.broker.BrokerLimits;
import io.weir.broker.store.Durability;
import io.weir.spring.autoconfigure.common.PropertySink;
import io.weir.time.DurationRange;
import io.weir.wire.BrokerLimit;

/**
 * What can be configured of a broker, be it an application of its own or embedded.
 *
 * @param port UDP port to listen on, 0 for any free one. The broker application listens
 * on 7750, an embedded broker on any free port.
 * @param bindAddress Address to listen on.
 * @param dataDirectory Directory to keep messages in. The broker application uses
 * ./weir-data; an embedded broker without a directory keeps them in memory.
 * @param salvage Whether to give up what is damaged in the data directory, for good,
 * rather than to refuse it. For one start, when there is no copy to restore from: reads
 * all that is stored and says in the log what was given up.
 * @param durability What a receipt means: that a message is in the broker's memory, with
 * the operating system, or on the disk. Without a data directory only memory is possible,
 * and the default; otherwise fsync.
 * @param maxMessageSize Most bytes that a message, or a batch of messages, may have.
 * @param storageMinFree What must stay free on the volume of the data directory for
 * messages to be taken, 0 for no such limit. By default 256MB or a twentieth of the
 * volume, whichever is less.
 * @param ssl the broker's certificate
 * @param security who clients are
 * @param limits how much clients may take of the broker
 * @param topicDefaults What becomes of the messages of topics, by pattern of their names,
 * the more important pattern first: of those that match, the first that sets something
 * counts.
 */
@ConfigurationProperties("weir.broker")
public record WeirBrokerProperties(@Nullable Integer port, @DefaultValue("127.0.0.1") String bindAddress,
		@Nullable Path dataDirectory, boolean salvage, @Nullable Durability durability,
		@DefaultValue("64MB") DataSize maxMessageSize, @Nullable DataSize storageMinFree, @DefaultValue Ssl ssl,
		@DefaultValue Security security, @DefaultValue Limits limits,
		@DefaultValue List<WeirTopicDefaults> topicDefaults) implements Validator {

	@Override
	public boolean supports(Class<?> type) {
		return type == WeirBrokerProperties.class;
	}

	@Override
	public void validate(Object target, Errors errors) {
		WeirBrokerProperties properties = (WeirBrokerProperties) target;
		BrokerConfigurer.configure(Broker.builder(), properties, PropertySink.checking(errors));
		String authentication = properties.security().authentication();
		if (authentication != null && !Security.NONE.equals(authentication)) {
			errors.rejectValue("security.authentication", "weir",
					"must be none, which takes everybody, or left out, for an Authenticator bean or for loopback only");
		}
	}

	/**
	 * The broker's certificate.
	 *
	 * @param bundle Name of the SSL bundle with the broker's certificate and key,
	 * reloaded live: clients that connect later see the new certificate. Without one, the
	 * broker makes a self-signed certificate, for development.
	 */
	public record Ssl(@Nullable String bundle) {
	}

	/**
	 * Who clients are.
	 *
	 * @param authentication How to find out who clients are: none takes everybody, also
	 * beyond loopback. Left out, an Authenticator bean is asked; without one the broker
	 * takes everybody and listens on loopback only.
	 */
	public record Security(@Nullable String authentication) {

		/** Everybody is taken. */
		static final String NONE = "none";

	}

	/**
	 * How much clients may take of the broker; see docs/limits.md. What is not set has a
	 * default, some of which depend on the memory of the JVM.
	 *
	 * @param connections Most clients that are connected.
	 * @param connectionsPerAddress Most clients that are connected from one address.
	 * @param openingConnections Most connections between their first packet and CONNECT.
	 * @param connectTimeout Longest time from a connection's first packet to CONNECT.
	 * @param frameTimeout In which time a 64th of an incomplete frame must come.
	 * @param sessionTimeout How long a session is kept of which nothing is heard.
	 * @param streams Most streams that a client may have open.
	 * @param streamsBeforeConnect Most streams that a client may have open before
	 * CONNECT.
	 * @param incomingMemory Memory for what has come from all clients and was not
	 * answered.
	 * @param incomingMemoryPerConnection Memory for incomplete frames of one connection,
	 * beside the longest frame.
	 * @param incomingMemoryBeforeConnect Memory for incomplete frames of a connection
	 * before CONNECT.
	 * @param requestMemoryPerConnection Memory for requests of one connection that are
	 * not answered.
	 * @param outgoingMemory Memory for what waits to be sent to all clients.
	 * @param outgoingMemoryPerConnection Memory for what waits to be sent on one
	 * connection.
	 * @param outgoingMemoryPerStream Memory for what waits to be sent on one stream.
	 * @param topics Most topics.
	 * @param newTopicsPerAddress Most topics that clients of one address may make in an
	 * hour.
	 * @param topicIdleTime After what time a topic leaves the memory in which nothing
	 * happens.
	 * @param subscriptionsPerTopic Most subscriptions of a topic.
	 * @param producersPerTopic Most producers that all clients may have open of one
	 * topic.
	 * @param consumersPerTopic Most consumers and readers that all clients may have open
	 * of one topic.
	 * @param producersPerConnection Most producers that a client may have open on one
	 * connection.
	 * @param consumersPerConnection Most consumers and readers that a client may have
	 * open on one connection.
	 * @param consumers Most consumers and readers that all clients together may have
	 * open.
	 * @param pendingEntries Most entries that all subscriptions together may have read
	 * and not acknowledged.
	 * @param producerNames Most names of producers that all topics together remember.
	 * @param producerNamesPerTopic Most names of producers that a topic remembers.
	 * @param producerNameExpiry How long a producer's name is remembered that nobody
	 * uses.
	 * @param generatedNameExpiry How long a name that the broker made is remembered after
	 * its client went without closing the producer.
	 * @param messageDelay How far ahead a message may be that is to be delivered later.
	 */
	public record Limits(@Nullable Integer connections, @Nullable Integer connectionsPerAddress,
			@Nullable Integer openingConnections, @Nullable Duration connectTimeout, @Nullable Duration frameTimeout,
			@Nullable Duration sessionTimeout, @Nullable Integer streams, @Nullable Integer streamsBeforeConnect,
			@Nullable DataSize incomingMemory, @Nullable DataSize incomingMemoryPerConnection,
			@Nullable DataSize incomingMemoryBeforeConnect, @Nullable DataSize requestMemoryPerConnection,
			@Nullable DataSize outgoingMemory, @Nullable DataSize outgoingMemoryPerConnection,
			@Nullable DataSize outgoingMemoryPerStream, @Nullable Integer topics, @Nullable Integer newTopicsPerAddress,
			@Nullable Duration topicIdleTime, @Nullable Integer subscriptionsPerTopic,
			@Nullable Integer producersPerTopic, @Nullable Integer consumersPerTopic,
			@Nullable Integer producersPerConnection, @Nullable Integer consumersPerConnection,
			@Nullable Integer consumers, @Nullable Integer pendingEntries, @Nullable Integer producerNames,
			@Nullable Integer producerNamesPerTopic, @Nullable Duration producerNameExpiry,
			@Nullable Duration generatedNameExpiry, @Nullable Duration messageDelay) {

		/** What was set, in the units of the limits. */
		private Map<BrokerLimit, Long> values() {
			Map<BrokerLimit, Long> values = new EnumMap<>(BrokerLimit.class);
			put(values, BrokerLimit.CONNECTIONS, this.connections);
			put(values, BrokerLimit.CONNECTIONS_PER_ADDRESS, this.connectionsPerAddress);
			put(values, BrokerLimit.OPENING_CONNECTIONS, this.openingConnections);
			put(values, BrokerLimit.CONNECT_TIMEOUT, this.connectTimeout);
			put(values, BrokerLimit.FRAME_TIMEOUT, this.frameTimeout);
			put(values, BrokerLimit.SESSION_TIMEOUT, this.sessionTimeout);
			put(values, BrokerLimit.STREAMS, this.streams);
			put(values, BrokerLimit.STREAMS_BEFORE_CONNECT, this.streamsBeforeConnect);
			put(values, BrokerLimit.INCOMING_MEMORY, this.incomingMemory);
			put(values, BrokerLimit.INCOMING_MEMORY_PER_CONNECTION, this.incomingMemoryPerConnection);
			put(values, BrokerLimit.INCOMING_MEMORY_BEFORE_CONNECT, this.incomingMemoryBeforeConnect);
			put(values, BrokerLimit.REQUEST_MEMORY_PER_CONNECTION, this.requestMemoryPerConnection);
			put(values, BrokerLimit.OUTGOING_MEMORY, this.outgoingMemory);
			put(values, BrokerLimit.OUTGOING_MEMORY_PER_CONNECTION, this.outgoingMemoryPerConnection);
			put(values, BrokerLimit.OUTGOING_MEMORY_PER_STREAM, this.outgoingMemoryPerStream);
			put(values, BrokerLimit.TOPICS, this.topics);
			put(values, BrokerLimit.NEW_TOPICS_PER_ADDRESS, this.newTopicsPerAddress);
			put(values, BrokerLimit.TOPIC_IDLE_TIME, this.topicIdleTime);
			put(values, BrokerLimit.SUBSCRIPTIONS_PER_TOPIC, this.subscriptionsPerTopic);
			put(values, BrokerLimit.PRODUCERS_PER_TOPIC, this.producersPerTopic);
			put(values, BrokerLimit.CONSUMERS_PER_TOPIC, this.consumersPerTopic);
			put(values, BrokerLimit.PRODUCERS_PER_CONNECTION, this.producersPerConnection);
			put(values, BrokerLimit.CONSUMERS_PER_CONNECTION, this.consumersPerConnection);
			put(values, BrokerLimit.CONSUMERS, this.consumers);
			put(values, BrokerLimit.PENDING_ENTRIES, this.pendingEntries);
			put(values, BrokerLimit.PRODUCER_NAMES, this.producerNames);
			put(values, BrokerLimit.PRODUCER_NAMES_PER_TOPIC, this.producerNamesPerTopic);
			put(values, BrokerLimit.PRODUCER_NAME_EXPIRY, this.producerNameExpiry);
			put(values, BrokerLimit.GENERATED_NAME_EXPIRY, this.generatedNameExpiry);
			put(values, BrokerLimit.MESSAGE_DELAY, this.messageDelay);
			return values;
		}

		private static void put(Map<BrokerLimit, Long> values, BrokerLimit limit, @Nullable Object value) {
			if (value instanceof DataSize size) {
				values.put(limit, size.toBytes());
			}
			else if (value instanceof Duration duration) {
				values.put(limit, (duration.compareTo(DurationRange.LONGEST) > 0) ? Long.MAX_VALUE
						: DurationRange.waitMillis(duration));
			}
			else if (value instanceof Integer number) {
				values.put(limit, number.longValue());
			}
		}

		BrokerLimits toBrokerLimits(PropertySink sink) {
			BrokerLimits[] limits = { BrokerLimits.defaults() };
			values().forEach((limit, value) -> sink.set(limit.key(), value,
					(number) -> limits[0] = limits[0].with(limit, number)));
			return limits[0];
		}

	}

}
