package io.weir.spring.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.Errors;

import io.weir.client.Ordering;
import io.weir.client.StreamPoolSettings;
import io.weir.client.WeirClient;
import io.weir.message.AccessMode;
import io.weir.message.Compression;
import io.weir.message.Topic;
import io.weir.time.DurationRange;
import io.weir.wire.Limits;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.BatchCompression;

/** What values are allowed, beyond what the types say. */
final class PropertyRules {

	private final Errors errors;

	PropertyRules(Errors errors) {
		this.errors = errors;
	}

	void check(WeirProperties properties) {
		checkClient(properties.client());
		WeirProperties.Producer producer = properties.producer();
		checkLanes("producer", producer.ordering(), producer.lanes(), properties.client().pool());
		fromOneMillisecond("producer.send-timeout", producer.sendTimeout());
		checkMaxPending("producer", producer.maxPending());
		atLeastOneByte("producer.max-pending-bytes", producer.maxPendingBytes());
		checkBatch("producer.batch", producer.batch().maxMessages(), producer.batch().maxBytes(),
				producer.batch().linger());
		compression("producer.compression", producer.compression());
		atLeast(1, "producer.stream-growth-threshold", producer.streamGrowthThreshold());
		checkProducerNames(properties.producers());
		properties.producers().forEach((name, entry) -> {
			checkNamedProducer(name, entry);
			if (entry.ordering() != null || entry.lanes() != null) {
				checkLanes(entry("producers", name),
						(entry.ordering() != null) ? entry.ordering() : producer.ordering(),
						(entry.lanes() != null) ? entry.lanes() : producer.lanes(), properties.client().pool());
			}
		});
		int errorsBefore = this.errors.getErrorCount();
		checkConsumer("consumer", properties.consumer());
		boolean soundDefaults = this.errors.getErrorCount() == errorsBefore;
		properties.consumers().forEach((name, entry) -> {
			checkNamedConsumer(name, entry);
			if (soundDefaults) {
				checkConsumer(entry("consumers", name), ConsumerConfigurer.merge(entry, properties.consumer()));
			}
		});
		atLeast(1, "listener.concurrency", properties.listener().concurrency());
		fromZero("listener.shutdown-timeout", properties.listener().shutdownTimeout());
	}

	private void checkClient(WeirProperties.Client client) {
		accepted("client.service-url", () -> WeirClient.builder().serviceUrl(client.serviceUrl()),
				"must have the form weir://host[:port][,host[:port]...]");
		atLeast(1, "client.connections", client.connections());
		in(DurationRange.FROM_ONE_MILLISECOND_TO_24_DAYS, "client.connect-timeout", client.connectTimeout());
		accepted("client.heartbeat.interval",
				() -> WeirClient.builder().heartbeatInterval(client.heartbeat().interval()),
				"must be from 100ms to 20s, or a pause would look like a loss, or brokers would take the client as gone");
		String token = client.auth().token();
		if (token != null && token.isBlank()) {
			reject("client.auth.token", "must not be blank; leave it out if the broker asks for none");
		}
		checkTrust(client.ssl());
		WeirProperties.Pool pool = client.pool();
		atLeast(0, "client.pool.min-size", pool.minSize());
		atLeast(1, "client.pool.max-size", pool.maxSize());
		if (pool.maxSize() > StreamPoolSettings.MAX_STREAMS) {
			reject("client.pool.max-size", "must be at most " + StreamPoolSettings.MAX_STREAMS);
		}
		if (pool.maxSize() < pool.minSize()) {
			reject("client.pool.max-size", "must not be less than weir.client.pool.min-size, " + pool.minSize());
		}
		atLeast(0, "client.pool.initial-size", pool.initialSize());
		if (pool.initialSize() > pool.maxSize()) {
			reject("client.pool.initial-size", "must not be more than weir.client.pool.max-size, " + pool.maxSize());
		}
		fromZero("client.pool.max-idle-time", pool.maxIdleTime());
		fromZero("client.pool.max-lifetime", pool.maxLifetime());
		fromZero("client.pool.validation-interval", pool.validationInterval());
		fromOneMillisecond("client.pool.borrow-timeout", pool.borrowTimeout());
		fromZero("client.pool.leak-detection-threshold", pool.leakDetectionThreshold());
	}

	private void checkTrust(WeirProperties.Ssl ssl) {
		String fingerprint = ssl.fingerprint();
		if (fingerprint != null && !fingerprint.replace(":", "").matches("[0-9A-Fa-f]{64}")) {
			reject("client.ssl.fingerprint", "must be a SHA-256: 64 hexadecimal digits, with or without colons");
		}
		if (ssl.insecure() && (fingerprint != null || ssl.bundle() != null)) {
			reject("client.ssl.insecure", "must not be set together with weir.client.ssl.bundle or "
					+ "weir.client.ssl.fingerprint, which it would make meaningless");
		}
		else if (fingerprint != null && ssl.bundle() != null) {
			reject("client.ssl.fingerprint", "must not be set together with weir.client.ssl.bundle");
		}
	}

	private void checkNamedProducer(String name, WeirProperties.NamedProducer producer) {
		String path = entry("producers", name);
		topic(path + ".topic", producer.topic());
		required(path + ".type", producer.type());
		if (producer.name() != null) {
			producerName(path + ".name", producer.name());
		}
		else if (producer.accessMode() == AccessMode.EXCLUSIVE) {
			reject(path + ".access-mode", "must not be EXCLUSIVE without weir." + path
					+ ".name: nobody else has the name that the broker gives");
		}
		fromOneMillisecond(path + ".send-timeout", producer.sendTimeout());
		checkMaxPending(path, producer.maxPending());
		atLeastOneByte(path + ".max-pending-bytes", producer.maxPendingBytes());
		compression(path + ".compression", producer.compression());
		atLeast(1, path + ".stream-growth-threshold", producer.streamGrowthThreshold());
		WeirProperties.NamedBatch batch = producer.batch();
		if (batch != null) {
			checkBatch(path + ".batch", batch.maxMessages(), batch.maxBytes(), batch.linger());
		}
	}

	/** The broker takes producers of one name for the same one, and refuses or fences. */
	private void checkProducerNames(Map<String, WeirProperties.NamedProducer> producers) {
		Map<List<String>, String> taken = new HashMap<>();
		producers.forEach((entry, producer) -> {
			if (producer.topic() != null && producer.name() != null) {
				String other = taken.putIfAbsent(List.of(producer.topic(), producer.name()), entry);
				if (other != null) {
					reject(entry("producers", entry) + ".name", "must not be the name of weir."
							+ entry("producers", other) + ", which publishes to the same topic");
				}
			}
		});
	}

	/** A lane takes a stream for good: a pool with fewer would refuse the producer. */
	private void checkLanes(String path, Ordering ordering, int lanes, WeirProperties.Pool pool) {
		atLeast(1, path + ".lanes", lanes);
		if (ordering == Ordering.KEY_ORDERED && lanes > pool.maxSize()) {
			reject(path + ".lanes",
					"must not be more than weir.client.pool.max-size, " + pool.maxSize() + ", but is " + lanes);
		}
	}

	private void checkMaxPending(String path, @Nullable Integer maxPending) {
		if (maxPending != null && (maxPending < 1 || maxPending > Limits.MAX_IN_FLIGHT)) {
			reject(path + ".max-pending",
					"must be from 1 to " + Limits.MAX_IN_FLIGHT + ", among which a broker can tell duplicates");
		}
	}

	private void producerName(String field, String name) {
		if (name.isBlank() || name.getBytes(StandardCharsets.UTF_8).length > Limits.MAX_NAME_BYTES) {
			reject(field, "must not be blank, and have at most " + Limits.MAX_NAME_BYTES + " bytes of UTF-8");
		}
	}

	private void checkBatch(String path, @Nullable Integer maxMessages, @Nullable DataSize maxBytes,
			@Nullable Duration linger) {
		if (maxMessages != null && (maxMessages < 1 || maxMessages > Limits.MAX_BATCH_MESSAGES)) {
			reject(path + ".max-messages", "must be from 1 to " + Limits.MAX_BATCH_MESSAGES);
		}
		if (maxBytes != null && (maxBytes.toBytes() < 1 || maxBytes.toBytes() > Integer.MAX_VALUE)) {
			reject(path + ".max-bytes", "must be from 1B to 2047MB");
		}
		fromZero(path + ".linger", linger);
	}

	private void checkConsumer(String path, WeirProperties.Consumer consumer) {
		atLeast(1, path + ".receiver-queue-size", consumer.receiverQueueSize());
		if (consumer.receiverQueueBytes().toBytes() < 1) {
			reject(path + ".receiver-queue-bytes", "must be at least 1B");
		}
		fromZero(path + ".ack-timeout", consumer.ackTimeout());
		fromZero(path + ".acknowledgement-delay", consumer.acknowledgementDelay());
		atLeast(0, path + ".dead-letter.max-redeliveries", consumer.deadLetter().maxRedeliveries());
		if (consumer.deadLetter().topic() != null) {
			topic(path + ".dead-letter.topic", consumer.deadLetter().topic());
		}
		WeirProperties.Backoff backoff = consumer.retry().backoff();
		fromZero(path + ".retry.backoff.initial", backoff.initial());
		fromZero(path + ".retry.backoff.max", backoff.max());
		if (!(backoff.multiplier() >= 1) || Double.isInfinite(backoff.multiplier())) {
			reject(path + ".retry.backoff.multiplier", "must be at least 1");
		}
		if (backoff.max().compareTo(backoff.initial()) < 0) {
			reject(path + ".retry.backoff.max",
					"must not be less than weir." + path + ".retry.backoff.initial, " + backoff.initial());
		}
	}

	private void checkNamedConsumer(String name, WeirProperties.NamedConsumer consumer) {
		String path = entry("consumers", name);
		topic(path + ".topic", consumer.topic());
		topic(path + ".subscription", consumer.subscription());
		required(path + ".type", consumer.type());
		WeirProperties.NamedDeadLetter deadLetter = consumer.deadLetter();
		if (deadLetter != null && deadLetter.topic() != null && deadLetter.topic().equals(consumer.topic())) {
			reject(path + ".dead-letter.topic", "must not be the topic that is consumed");
		}
	}

	/** The entry's key, in the form in which people write it. */
	private static String entry(String group, String name) {
		return ConfigurationPropertyName.isValid(name) ? group + "." + name : group + "[" + name + "]";
	}

	private void topic(String field, @Nullable String name) {
		if (!StringUtils.hasText(name)) {
			reject(field, "is required");
			return;
		}
		try {
			new Topic(name);
		}
		catch (IllegalArgumentException ex) {
			reject(field, "must be 1 to " + Topic.MAX_LENGTH
					+ " characters, letters, digits and . _ - / : only, beginning with a letter or digit");
		}
	}

	/** Or the first message would find out. */
	private void compression(String field, @Nullable Compression compression) {
		try {
			if (compression != null) {
				BatchCompression.require(compression);
			}
		}
		catch (ProtocolException ex) {
			reject(field, "must be NONE or have its library: " + ex.getMessage());
		}
	}

	/** What the client's own check refuses. */
	private void accepted(String field, Runnable setting, String allowed) {
		try {
			setting.run();
		}
		catch (IllegalArgumentException ex) {
			reject(field, allowed);
		}
	}

	private void required(String field, @Nullable Object value) {
		if (value == null) {
			reject(field, "is required");
		}
	}

	private void atLeast(int least, String field, @Nullable Integer value) {
		if (value != null && value < least) {
			reject(field, "must be at least " + least);
		}
	}

	private void atLeastOneByte(String field, @Nullable DataSize value) {
		if (value != null && value.toBytes() < 1) {
			reject(field, "must be at least 1B");
		}
	}

	private void fromOneMillisecond(String field, @Nullable Duration value) {
		in(DurationRange.FROM_ONE_MILLISECOND, field, value);
	}

	private void fromZero(String field, @Nullable Duration value) {
		in(DurationRange.FROM_ZERO, field, value);
	}

	private void in(DurationRange range, String field, @Nullable Duration value) {
		if (value != null && !range.contains(value)) {
			reject(field, "must be " + range);
		}
	}

	private void reject(String field, String reason) {
		this.errors.rejectValue(field, "weir", reason);
	}

}
