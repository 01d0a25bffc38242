package io.weir.spring;

import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.AbstractDeserializer;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds types that a mapper could never read, whatever the JSON. Jackson itself says so
 * only when it reads.
 */
final class ReadableTypes {

	private ReadableTypes() {
	}

	static void require(JsonMapper mapper, JavaType type) {
		ValueDeserializer<Object> deserializer;
		try {
			deserializer = mapper._deserializationContext().findRootValueDeserializer(type);
		}
		catch (DatabindException ex) {
			throw new IllegalArgumentException(text(type, ex.getOriginalMessage()), ex);
		}
		// One that reads which subclass it is comes wrapped.
		if (deserializer instanceof AbstractDeserializer) {
			throw new IllegalArgumentException(
					text(type, "it is abstract, and nothing says which class to make (@JsonTypeInfo, say)"));
		}
		if (deserializer instanceof BeanDeserializerBase bean && !bean.getValueInstantiator().canInstantiate()) {
			throw new IllegalArgumentException(
					text(type, "it has no constructor that Jackson can use (without parameters, or @JsonCreator)"));
		}
	}

	private static String text(JavaType type, String reason) {
		return "JSON cannot be read as " + type.toCanonical() + ": " + reason;
	}

}
