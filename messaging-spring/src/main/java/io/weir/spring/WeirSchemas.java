package io.weir.spring;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import tools.jackson.databind.json.JsonMapper;

import io.weir.client.JsonSchemas;
import io.weir.message.Schema;

/**
 * The schemas of an application: {@code byte[]} and {@code String} as they are, every
 * other type as JSON by the application's mapper. Safe to use from any thread.
 */
public final class WeirSchemas {

	private final JsonMapper mapper;

	private final Map<Type, Schema<?>> schemas = new ConcurrentHashMap<>(
			Map.of(byte[].class, Schema.bytes(), String.class, Schema.string()));

	/**
	 * Creates the schemas.
	 * @param mapper what reads and writes JSON
	 */
	public WeirSchemas(JsonMapper mapper) {
		this.mapper = Objects.requireNonNull(mapper, "mapper");
	}

	/**
	 * The schema of a type.
	 * @param type a class, or a type with its arguments
	 * @param <T> the type, which the caller must know to be the same
	 * @return the schema
	 */
	@SuppressWarnings("unchecked")
	public <T> Schema<T> of(Type type) {
		Objects.requireNonNull(type, "type");
		return (Schema<T>) this.schemas.computeIfAbsent(type, (key) -> JsonSchemas.of(this.mapper, key));
	}

	/**
	 * The schema of a type that is to be read.
	 * @param type a class, or a type with its arguments
	 * @param <T> the type, which the caller must know to be the same
	 * @return the schema
	 * @throws IllegalArgumentException if no payload could be read as this type, with the
	 * reason: an interface, say
	 */
	public <T> Schema<T> readable(Type type) {
		Schema<T> schema = of(type);
		if (type != byte[].class && type != String.class) {
			ReadableTypes.require(this.mapper, this.mapper.constructType(type));
		}
		return schema;
	}

	/**
	 * A schema that encodes each value as what it is.
	 * @return the schema; decodes JSON only
	 */
	public Schema<Object> any() {
		Schema<Object> json = of(Object.class);
		return new Schema<>() {

			@Override
			public ByteBuffer encode(Object value) {
				if (value instanceof byte[] || value instanceof String) {
					return of(value.getClass()).encode(value);
				}
				return json.encode(value);
			}

			@Override
			public Object decode(ByteBuffer payload) {
				return json.decode(payload);
			}

		};
	}

}
