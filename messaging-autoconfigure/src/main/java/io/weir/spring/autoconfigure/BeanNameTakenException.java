package io.weir.spring.autoconfigure;

import org.jspecify.annotations.Nullable;

/** An entry under {@code weir.producers} or {@code weir.consumers} has a bean's name. */
final class BeanNameTakenException extends RuntimeException {

	BeanNameTakenException(String key, String name, @Nullable String other) {
		super("The entry '" + key + "' becomes a bean named '" + name + "', but there is one already"
				+ ((other != null) ? ", defined in " + other : ""));
	}

}
