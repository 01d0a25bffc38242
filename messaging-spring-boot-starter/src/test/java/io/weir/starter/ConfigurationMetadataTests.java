package io.weir.starter;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

class ConfigurationMetadataTests {

	private static final String METADATA = "META-INF/spring-configuration-metadata.json";

	private final Map<String, JsonNode> properties = load();

	@ParameterizedTest
	@CsvSource({ "client.service-url, weir://localhost:7750", "client.connections, 1", "client.ssl.bundle,",
			"client.ssl.fingerprint,", "client.ssl.insecure, false", "client.auth.token,", "client.connect-timeout, 5s",
			"client.startup-failure-policy, retry", "client.heartbeat.interval, 10s", "client.pool.min-size, 2",
			"client.pool.max-size, 100", "client.pool.initial-size, 2", "client.pool.max-idle-time, 30s",
			"client.pool.max-lifetime, 30m", "client.pool.validation-interval, 5s", "client.pool.borrow-timeout, 5s",
			"client.pool.leak-detection-threshold, 0", "client.pool.strict-fifo, false", "clients,",
			"producer.ordering, ordered", "producer.lanes, 4", "producer.send-timeout, 30s",
			"producer.max-pending, 1000", "producer.max-pending-bytes, 64MB", "producer.when-full, fail",
			"producer.compression, none", "producer.batch.max-messages, 1000", "producer.batch.max-bytes, 128KB",
			"producer.batch.linger, 1ms", "producer.stream-growth-threshold, 100", "producers,",
			"consumer.receiver-queue-size, 1000", "consumer.receiver-queue-bytes, 64MB", "consumer.ack-timeout, 0",
			"consumer.acknowledgement-delay, 10ms", "consumer.dead-letter.max-redeliveries, 10",
			"consumer.dead-letter.topic,", "consumer.retry.backoff.initial, 1s", "consumer.retry.backoff.multiplier, 2",
			"consumer.retry.backoff.max, 1m", "consumers,", "listener.subscription-type, shared",
			"listener.concurrency, 1", "listener.ack-mode, record", "listener.auto-startup, true",
			"listener.shutdown-timeout, 30s", "observation.enabled, true", "observation.backlog-interval, 10s" })
	void everyKeyHasADescriptionAndItsDefault(String key, String defaultValue) {
		JsonNode property = this.properties.get("weir." + key);
		assertThat(property).as(key).isNotNull();
		assertThat(property.path("description").asString("")).as("description").matches("[A-Z].*\\.");
		assertThat(property.path("defaultValue").asString(null)).as("default").isEqualTo(defaultValue);
	}

	@Test
	void descriptionsFollowTheConventions() {
		assertThat(this.properties).isNotEmpty().allSatisfy((name, property) -> {
			String description = property.path("description").asString("");
			assertThat(description).as(name).isNotEmpty().doesNotStartWith("The ");
			if (property.path("type").asString("").equals("java.lang.Boolean")) {
				assertThat(description).as(name).startsWith("Whether ");
			}
		});
	}

	@Test
	void everyGroupHasADescription() {
		assertThat(load(METADATA, "groups", "weir")).hasSizeGreaterThan(15)
			.allSatisfy(
					(name, group) -> assertThat(group.path("description").asString("")).as(name).matches("[A-Z].*\\."));
	}

	@ParameterizedTest
	@ValueSource(strings = { "health.weir", "health.weirbroker", "info.weir" })
	void whatTheActuatorTellsCanBeTurnedOffByAPropertyThatAnIdeKnows(String key) {
		JsonNode property = load(METADATA, "properties", "management.").get("management." + key + ".enabled");
		assertThat(property).isNotNull();
		assertThat(property.path("description").asString("")).startsWith("Whether ");
		assertThat(property.path("defaultValue").asBoolean()).isTrue();
	}

	@Test
	void hintsAreForPropertiesThatThereAre() {
		Map<String, JsonNode> hints = load(METADATA, "hints", "weir.");
		assertThat(hints).containsKeys("weir.client.callback-executor", "weir.broker.bind-address");
		assertThat(this.properties.keySet())
			.containsAll(hints.keySet().stream().map((name) -> name.replaceAll("\\.(keys|values)$", "")).toList());
	}

	@Test
	void namesOfClassesAreCompletedWhereAClassIsWanted() {
		JsonNode hint = load(METADATA, "hints", "weir.").get("weir.message-types.values");
		assertThat(hint.path("providers").path(0).path("name").asString("")).isEqualTo("class-reference");
		assertThat(component(entry("producers"), "type").getType()).isEqualTo(Class.class);
		assertThat(component(entry("consumers"), "type").getType()).isEqualTo(Class.class);
	}

	/** An IDE knows below a map what the class has that the metadata names. */
	@ParameterizedTest
	@CsvSource({ "clients, serviceUrl", "producers, topic", "producers, batch", "consumers, deadLetter",
			"listeners, concurrency" })
	void whatIsBelowAMapIsTheClassThatTheMetadataNames(String map, String component) {
		Class<?> entry = entry(map);
		assertThat(entry.getConstructors()).as("what binds it is not to be guessed").hasSize(1);
		assertThat(component(entry, component)).isNotNull();
	}

	private Class<?> entry(String map) {
		String type = this.properties.get("weir." + map).path("type").asString();
		String named = type.replaceAll("^java\\.util\\.Map<java\\.lang\\.String,(.+)>$", "$1");
		return ClassUtils.resolveClassName(named, null);
	}

	private static RecordComponent component(Class<?> entry, String name) {
		return Arrays.stream(entry.getRecordComponents())
			.filter((each) -> each.getName().equals(name))
			.findFirst()
			.orElseThrow();
	}

	static Map<String, JsonNode> load() {
		return load(METADATA, "properties", "weir.");
	}

	private static Map<String, JsonNode> load(String file, String kind, String prefix) {
		Map<String, JsonNode> items = new TreeMap<>();
		try {
			for (Resource resource : new PathMatchingResourcePatternResolver().getResources("classpath*:" + file)) {
				try (InputStream content = resource.getInputStream()) {
					for (JsonNode item : JsonMapper.shared().readTree(content).path(kind)) {
						String name = item.path("name").asString();
						if (name.startsWith(prefix)) {
							items.put(name, item);
						}
					}
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return items;
	}

}
