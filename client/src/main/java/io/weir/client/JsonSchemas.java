package io.weir.client;

import java.lang.reflect.Type;

import tools.jackson.databind.json.JsonMapper;

import io.weir.client.internal.json.JacksonSchema;
import io.weir.message.Schema;

/**
 * JSON schemas by an application's own Jackson 3 mapper. {@link Schema#json(Class)} is
 * the same with Jackson's default settings.
 */
public final class JsonSchemas {

	private JsonSchemas() {
	}

	/**
	 * A schema for values of a class.
	 * @param mapper what reads and writes
	 * @param type the class
	 * @param <T> the type of the values
	 * @return the schema; its methods throw {@link io.weir.message.SchemaException}
	 */
	public static <T> Schema<T> of(JsonMapper mapper, Class<T> type) {
		return new JacksonSchema<>(mapper, mapper.constructType(type));
	}

	/**
	 * A schema for values of any type, such as {@code List<Order>}.
	 * @param mapper what reads and writes
	 * @param type the type, with its arguments
	 * @param <T> the type of the values, which the caller must know to be the same
	 * @return the schema; its methods throw {@link io.weir.message.SchemaException}
	 */
	public static <T> Schema<T> of(JsonMapper mapper, Type type) {
		return new JacksonSchema<>(mapper, mapper.constructType(type));
	}

}
