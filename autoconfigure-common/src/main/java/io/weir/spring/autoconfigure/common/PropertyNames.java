package io.weir.spring.autoconfigure.common;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
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

	private static final String PREFIX = "weir.";

	private static final String METADATA = "classpath*:META-INF/spring-configuration-metadata.json";

	private static final Pattern LIST_OF_OURS = Pattern.compile("java\\.util\\.List<(io\\.weir\\..+)>");

	private static final Pattern MAP_OF_OURS = Pattern
		.compile("java\\.util\\.Map<java\\.lang\\.String,(io\\.weir\\..+)>");

	private static final String FIRST = "[0]";

	private final Set<ConfigurationPropertyName> names = new LinkedHashSet<>();

	/** Of what the entries of maps are, whose keys anybody may choose. */
	private final Map<ConfigurationPropertyName, Class<?>> entries = new LinkedHashMap<>();

	/**
	 * What they have refers to classes that are not there, as those of a broker in many
	 * applications: nobody reads what is set below them.
	 */
	private final Set<ConfigurationPropertyName> unused = new LinkedHashSet<>();

	private PropertyNames() {
	}

	/**
	 * Reads the configuration metadata, which every module that has properties brings.
	 */
	static PropertyNames load(@Nullable ClassLoader classLoader) {
		PropertyNames names = new PropertyNames();
		JsonMapper mapper = JsonMapper.builder().build();
		try {
			for (Resource resource : new PathMatchingResourcePatternResolver(classLoader).getResources(METADATA)) {
				String content = resource.getContentAsString(StandardCharsets.UTF_8);
				// Of the metadata of a whole class path the least is ours.
				if (content.contains(PREFIX)) {
					for (JsonNode property : mapper.readTree(content).path("properties")) {
						String name = property.path("name").asString();
						if (name.startsWith(PREFIX)) {
							names.add(ConfigurationPropertyName.of(name), property.path("type").asString(),
									classLoader);
						}
					}
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return names;
	}

	private void add(ConfigurationPropertyName name, String type, @Nullable ClassLoader classLoader) {
		this.names.add(name);
		Matcher list = LIST_OF_OURS.matcher(type);
		Matcher map = MAP_OF_OURS.matcher(type);
		try {
			if (list.matches()) {
				addComponents(name.append(FIRST), ClassUtils.resolveClassName(list.group(1), classLoader), this.names);
			}
			if (map.matches()) {
				Class<?> entry = ClassUtils.resolveClassName(map.group(1), classLoader);
				addComponents(name, entry, new LinkedHashSet<>());
				this.entries.put(name, entry);
			}
		}
		catch (NoClassDefFoundError ex) {
			this.unused.add(name);
		}
	}

	/** The metadata says of what a list or a map is, and leaves out what that has. */
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
		if (this.unused.stream().anyMatch((unused) -> unused.isAncestorOf(name))) {
			return true;
		}
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
		for (Map.Entry<ConfigurationPropertyName, Class<?>> map : this.entries.entrySet()) {
			int key = map.getKey().getNumberOfElements() + 1;
			if (map.getKey().isAncestorOf(name) && name.getNumberOfElements() > key) {
				Set<ConfigurationPropertyName> ofEntry = new LinkedHashSet<>();
				addComponents(name.chop(key), map.getValue(), ofEntry);
				return ofEntry.stream();
			}
		}
		return this.names.stream();
	}

}
