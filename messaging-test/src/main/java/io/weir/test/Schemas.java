package io.weir.test;

import io.weir.message.Schema;

/** How values of a type are written, unless somebody says so. */
final class Schemas {

	private Schemas() {
	}

	/** Text and bytes as they are, everything else as JSON: as a template does. */
	@SuppressWarnings("unchecked")
	static <T> Schema<T> of(Class<T> type) {
		if (type == String.class) {
			return (Schema<T>) Schema.string();
		}
		if (type == byte[].class) {
			return (Schema<T>) Schema.bytes();
		}
		return Schema.json(type);
	}

}
