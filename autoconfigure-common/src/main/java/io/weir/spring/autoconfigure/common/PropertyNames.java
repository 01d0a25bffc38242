package io.weir.spring.autoconfigure.common;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.ClassUtils;

/** The names of properties below {@code weir} that mean something. */
final class PropertyNames {

	static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("weir");

	private static final String METADATA = "classpath*:META-INF/spring-configuration-metadata.json";

	private static final Pattern LIST_OF_OURS = Pattern.compile("java\\.util\\.List<(io\\.weir\\..+)>");

	private static final String FIRST = "[0]";

	private static final ConfigurationPropertyName PRODUCERS = ROOT.append("producers");

	private static final ConfigurationPropertyName CONSUMERS = ROOT.append("consumers");

	private static final ConfigurationPropertyName LISTENERS = ROOT.append("listeners");

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
						String name = property.path("name").asString();
						if (name.startsWith("weir.")) {
							add(ConfigurationPropertyName.of(name), property.path("type").asString(), classLoader,
									names);
						}
					}
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new PropertyNames(names);
	}

	private static void add(ConfigurationPropertyName name, String type, @Nullable ClassLoader classLoader,
			Set<ConfigurationPropertyName> names) {
		names.add(name);
		Matcher list = LIST_OF_OURS.matcher(type);
		if (list.matches()) {
			addComponents(name.append(FIRST), ClassUtils.resolveClassName(list.group(1), classLoader), names);
		}
	}

	/** The metadata says of what a list is, and leaves out what that has. */
	private static void addComponents(ConfigurationPropertyName name, Class<?> type,
			Set<ConfigurationPropertyName> names) {
		for (RecordComponent component : type.getRecordComponents()) {
			ConfigurationPropertyName own = name.append(DataObjectPropertyName.toDashedForm(component.getName()));
			if (component.getType().isRecord()) {
				addComponents(own, component.getType(), names);
			}
			else {
				names.add(own);
			}
		}
	}

	boolean isEmpty() {
		return this.names.isEmpty();
	}

	boolean contains(ConfigurationPropertyName name) {
		ConfigurationPropertyName first = ofFirstElements(name);
		ConfigurationPropertyName list = first.isLastElementIndexed() ? first.getParent() : first;
		return known(first).anyMatch((known) -> known.equals(first) || known.equals(list));
	}

	/** What elements of lists have is known of the first. */
	private static ConfigurationPropertyName ofFirstElements(ConfigurationPropertyName name) {
		ConfigurationPropertyName result = ConfigurationPropertyName.EMPTY;
		for (int i = 0; i < name.getNumberOfElements(); i++) {
			result = result.append(name.isNumericIndex(i) ? FIRST : name.subName(i).chop(1).toString());
		}
		return result;
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
		if (LISTENERS.isAncestorOf(name) && name.getNumberOfElements() > 2) {
			return Stream.concat(entry(name, "listener", "initial-position", "error-handler"), entry(name, "consumer"));
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
