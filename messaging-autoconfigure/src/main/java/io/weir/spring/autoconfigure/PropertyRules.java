package io.weir.spring.autoconfigure;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.validation.Errors;

import io.weir.client.ConsumerBuilder;
import io.weir.client.Ordering;
import io.weir.client.ProducerBuilder;
import io.weir.client.WeirClient;
import io.weir.client.WeirClientBuilder;
import io.weir.message.AccessMode;
import io.weir.message.Topic;
import io.weir.setting.Require;
import io.weir.spring.autoconfigure.common.PropertySink;
import io.weir.time.DurationRange;

/**
 * Checks properties when they are bound. What a value may be is for the builders to say,
 * to which all are handed once for nothing but that. Said here is what no builder sees:
 * what is required, and what must not be set together.
 */
final class PropertyRules {

	private final Errors errors;

	private final PropertySink sink;

	PropertyRules(Errors errors) {
		this.errors = errors;
		this.sink = PropertySink.checking(errors);
	}

	void check(WeirProperties properties) {
		checkClient(properties.client(), "client");
		properties.clients().forEach((name, client) -> checkClient(client, entry("clients", name)));
		ProducerDefaults producer = properties.producer();
		ProducerConfigurer.configure(ProducerBuilder.unattached(), producer, this.sink.at("producer"));
		checkLanes("producer", producer.ordering(), producer.lanes(), null, properties);
		checkProducerNames(properties.producers());
		properties.producers().forEach((name, entry) -> {
			checkNamedProducer(entry, this.sink.at(entry("producers", name)));
			if (entry.ordering() != null || entry.lanes() != null) {
				checkLanes(entry("producers", name),
						(entry.ordering() != null) ? entry.ordering() : producer.ordering(),
						(entry.lanes() != null) ? entry.lanes() : producer.lanes(), entry.client(), properties);
			}
		});
		WeirProperties.Template template = properties.template();
		PropertySink ofTemplate = this.sink.at("template");
		ofTemplate.set("default-topic", template.defaultTopic(), Topic::named);
		ofTemplate.set("reply-topic", template.replyTopic(), Topic::named);
		ofTemplate.set("reply-timeout", template.replyTimeout(),
				(timeout) -> DurationRange.FROM_ONE_MILLISECOND.check("replyTimeout", timeout));
		ofTemplate.make(() -> ClientParts.producerCache(properties));
		this.sink.at("observation")
			.set("backlog-interval", properties.observation().backlogInterval(),
					(interval) -> DurationRange.FROM_ZERO.check("backlogInterval", interval));
		int errorsBefore = this.errors.getErrorCount();
		ConsumerConfigurer.configure(ConsumerBuilder.unattached(), null, properties.consumer(),
				this.sink.at("consumer"));
		boolean soundDefaults = this.errors.getErrorCount() == errorsBefore;
		properties.consumers().forEach((name, entry) -> {
			PropertySink ofEntry = this.sink.at(entry("consumers", name));
			checkNamedConsumer(entry, ofEntry);
			if (soundDefaults) {
				ConsumerConfigurer.configure(ConsumerBuilder.unattached(), null,
						ConsumerConfigurer.merge(entry, properties.consumer()), ofEntry);
			}
		});
		properties.listeners().forEach((id, entry) -> {
			PropertySink ofEntry = this.sink.at(entry("listeners", id));
			ofEntry.set("concurrency", entry.concurrency(), (value) -> Require.atLeast("concurrency", 1, value));
			ofEntry.set("key-concurrency", entry.keyConcurrency(),
					(value) -> Require.atLeast("keyConcurrency", 1, value));
			ofEntry.make(() -> ListenerFailures.of(entry.nonRetryable(), entry.retryable()));
			ofEntry.set("shutdown-timeout", entry.shutdownTimeout(),
					(value) -> DurationRange.FROM_ZERO.check("shutdownTimeout", value));
			if (soundDefaults) {
				ConsumerConfigurer.configure(ConsumerBuilder.unattached(), null,
						ConsumerConfigurer.merge(entry, properties.consumer()), ofEntry);
			}
		});
		this.sink.at("listener").make(() -> WeirListenerConfiguration.defaults(properties));
	}

	private void checkClient(ClientProperties client, String path) {
		WeirClientBuilder builder = WeirClient.builder();
		PropertySink ofClient = this.sink.at(path);
		ofClient.set("service-url", client.serviceUrl(), builder::serviceUrl);
		ofClient.set("auth.token", client.auth().token(), builder::token);
		ofClient.set("ssl.fingerprint", client.ssl().fingerprint(), builder::fingerprint);
		ClientFactory.configure(builder, client, ofClient);
		checkTrust(client.ssl(), ofClient.at("ssl"));
	}

	/** Which of them counts, connection details would decide without a word. */
	private static void checkTrust(ClientProperties.Ssl ssl, PropertySink sink) {
		if (ssl.insecure() && (ssl.fingerprint() != null || ssl.bundle() != null)) {
			sink.reject("insecure", "must not be set together with " + sink.key("bundle") + " or "
					+ sink.key("fingerprint") + ", which it would make meaningless");
		}
		else if (ssl.fingerprint() != null && ssl.bundle() != null) {
			sink.reject("fingerprint", "must not be set together with " + sink.key("bundle"));
		}
	}

	private static void checkNamedProducer(NamedProducer producer, PropertySink sink) {
		required("topic", producer.topic(), sink);
		required("type", producer.type(), sink);
		ProducerConfigurer.configureNamed(ProducerBuilder.unattached(), producer, sink);
		if (producer.name() == null && producer.accessMode() == AccessMode.EXCLUSIVE) {
			sink.reject("access-mode", "must not be EXCLUSIVE without " + sink.key("name")
					+ ": nobody else has the name that the broker gives");
		}
	}

	/** The broker takes producers of one name for the same one, and refuses or fences. */
	private void checkProducerNames(Map<String, NamedProducer> producers) {
		Map<List<@Nullable String>, String> taken = new HashMap<>();
		producers.forEach((entry, producer) -> {
			if (producer.topic() != null && producer.name() != null) {
				String other = taken.putIfAbsent(Arrays.asList(producer.client(), producer.topic(), producer.name()),
						entry);
				if (other != null) {
					this.sink.at(entry("producers", entry))
						.reject("name", "must not be the name of weir." + entry("producers", other)
								+ ", which publishes to the same topic");
				}
			}
		});
	}

	/**
	 * A lane is there to have a stream of its own. In a pool with fewer some would share
	 * one, so that whoever asks for more lanes would have none the better for it.
	 */
	private void checkLanes(String path, Ordering ordering, int lanes, @Nullable String client,
			WeirProperties properties) {
		// A client that is made in code has the settings of the default one.
		ClientProperties further = (client != null) ? properties.clients().get(client) : null;
		int streams = ((further != null) ? further : properties.client()).pool().maxSize();
		if (ordering == Ordering.KEY_ORDERED && lanes > streams) {
			String ofClient = (client != null && further != null) ? entry("clients", client) : "client";
			this.sink.at(path)
				.reject("lanes",
						"must not be more than weir." + ofClient + ".pool.max-size, " + streams + ", but is " + lanes);
		}
	}

	private static void checkNamedConsumer(NamedConsumer consumer, PropertySink sink) {
		required("topic", consumer.topic(), sink);
		required("subscription", consumer.subscription(), sink);
		required("type", consumer.type(), sink);
		ConsumerConfigurer.configure(ConsumerBuilder.unattached(), consumer, sink);
		ConsumerProperties.NamedDeadLetter deadLetter = consumer.deadLetter();
		if (deadLetter != null && deadLetter.topic() != null && deadLetter.topic().equals(consumer.topic())) {
			sink.reject("dead-letter.topic", "must not be the topic that is consumed");
		}
	}

	/** The entry's key, in the form in which people write it. */
	static String entry(String group, String name) {
		return ConfigurationPropertyName.isValid(name) ? group + "." + name : group + "[" + name + "]";
	}

	private static void required(String key, @Nullable Object value, PropertySink sink) {
		if (value == null) {
			sink.reject(key, "is required");
		}
	}

}
