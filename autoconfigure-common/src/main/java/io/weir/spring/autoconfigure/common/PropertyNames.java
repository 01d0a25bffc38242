package io.weir.spring.autoconfigure.common;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** The names of properties below {@code weir} that mean something. */
final class PropertyNames {

	static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("weir");

	private static final String METADATA = "classpath*:META-INF/spring-configuration-metadata.json";

	private static final ConfigurationPropertyName PRODUCERS = ROOT.append("producers");

	private static final ConfigurationPropertyName CONSUMERS = ROOT.append("consumers");

	private final Set<ConfigurationPropertyName> names;

	private PropertyNames(Set<ConfigurationPropertyName> names) {
		this.names = names;
	}

	/**
	 * Reads the configuration metadata, which every module that has properties brings.
	 */
	static PropertyNames load(@Nullable ClassLoader classLoader) {
		Set<ConfigurationPropertyName> names = new LinkedHashSet<>();
		JsonMapper mapper = JsonMapper.builder().build();
		try {
			for (Resource resource : new PathMatchingResourcePatternResolver(classLoader).getResources(METADATA)) {
				try (InputStream content = resource.getInputStream()) {
					for (JsonNode property : mapper.readTree(content).path("properties")) {
						add(property.path("name").asString(), names);
					}
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new PropertyNames(names);
	}

	private static void add(String name, Set<ConfigurationPropertyName> names) {
		if (name.startsWith("weir.")) {
			names.add(ConfigurationPropertyName.of(name));
		}
	}

	boolean isEmpty() {
		return this.names.isEmpty();
	}

	boolean contains(ConfigurationPropertyName name) {
		return known(name).anyMatch((known) -> known.equals(name) || isElementOf(known, name));
	}

	/** Elements of lists are written one by one. */
	private static boolean isElementOf(ConfigurationPropertyName known, ConfigurationPropertyName name) {
		return name.isLastElementIndexed() && name.isNumericIndex(name.getNumberOfElements() - 1)
				&& known.equals(name.getParent());
	}

	String nearest(ConfigurationPropertyName name) {
		String text = name.toString();
		return known(name).map(ConfigurationPropertyName::toString)
			.min(Comparator.comparingInt((known) -> EditDistance.between(known, text)))
			.orElse("");
	}

	private Stream<ConfigurationPropertyName> known(ConfigurationPropertyName name) {
		if (PRODUCERS.isAncestorOf(name) && name.getNumberOfElements() > 2) {
			return entry(name, "producer", "topic", "type", "name", "access-mode");
		}
		if (CONSUMERS.isAncestorOf(name) && name.getNumberOfElements() > 2) {
			return entry(name, "consumer", "topic", "type", "subscription", "subscription-type", "initial-position");
		}
		return this.names.stream();
	}

	/** An entry has the properties of all its kind, and some of its own. */
	private Stream<ConfigurationPropertyName> entry(ConfigurationPropertyName name, String kind, String... own) {
		ConfigurationPropertyName entry = name.chop(3);
		ConfigurationPropertyName defaults = ROOT.append(kind);
		return Stream.concat(Stream.of(own).map(entry::append),
				this.names.stream()
					.filter(defaults::isAncestorOf)
					.map((known) -> entry.append(known.subName(defaults.getNumberOfElements()))));
	}

}
