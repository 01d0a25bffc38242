package io.weir.spring.autoconfigure.common;

import java.util.List;

/** There are properties below {@code weir} that mean nothing. */
final class UnknownPropertyException extends RuntimeException {

	private final List<UnknownProperty> properties;

	UnknownPropertyException(List<UnknownProperty> properties) {
		super("Unknown properties: " + properties.stream().map(UnknownProperty::name).toList());
		this.properties = properties;
	}

	List<UnknownProperty> properties() {
		return this.properties;
	}

	/**
	 * A property that means nothing.
	 *
	 * @param name what was written
	 * @param value its value
	 * @param origin where it was written
	 * @param nearest what may have been meant
	 */
	record UnknownProperty(String name, String value, String origin, String nearest) {
	}

}
