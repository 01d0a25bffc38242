package io.weir.spring.autoconfigure.common;

import java.util.List;
import java.util.stream.StreamSupport;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import io.weir.spring.autoconfigure.common.UnknownPropertyException.UnknownProperty;

/**
 * Refuses properties below {@code weir} that nobody reads, which Boot would pass over.
 * Environment variables are left alone: {@code WEIR_HOME} may mean something to others.
 */
final class PropertyNamesCheck {

	private final PropertyNames names;

	PropertyNamesCheck(PropertyNames names) {
		this.names = names;
	}

	void check(ConfigurableEnvironment environment) {
		if (this.names.isEmpty()) {
			return;
		}
		List<UnknownProperty> unknown = StreamSupport
			.stream(ConfigurationPropertySources.get(environment).spliterator(), false)
			.filter((source) -> !(source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource))
			.filter(IterableConfigurationPropertySource.class::isInstance)
			.map(IterableConfigurationPropertySource.class::cast)
			.flatMap((source) -> source.stream()
				.filter(PropertyNames.ROOT::isAncestorOf)
				.filter((name) -> !this.names.contains(name))
				.map((name) -> unknown(source, name)))
			.distinct()
			.toList();
		if (!unknown.isEmpty()) {
			throw new UnknownPropertyException(unknown);
		}
	}

	private UnknownProperty unknown(ConfigurationPropertySource source, ConfigurationPropertyName name) {
		ConfigurationProperty property = source.getConfigurationProperty(name);
		Object value = (property != null) ? property.getValue() : "";
		Origin origin = Origin.from(property);
		return new UnknownProperty(name.toString(), String.valueOf(value), String.valueOf(origin),
				this.names.nearest(name));
	}

}
