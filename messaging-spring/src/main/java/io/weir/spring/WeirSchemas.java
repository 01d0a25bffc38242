package io.weir.spring;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.ClassUtils;

import io.weir.client.JsonSchemas;
import io.weir.message.Schema;

/**
 * The schemas of an application: those of its {@link SchemaResolver}s; else Protobuf and
 * Avro for their classes, {@code byte[]}, {@code String}, {@link java.nio.ByteBuffer},
 * streams and resources as they are, and every other type as JSON by the application's
 * mapper. Safe to use from any thread.
 */
public final class WeirSchemas {

	private static final List<SchemaResolver> OURS = ours();

	private final JsonMapper mapper;

	private final List<SchemaResolver> resolvers;

	private final Map<Type, Schema<?>> schemas = new ConcurrentHashMap<>();

	/**
	 * Creates the schemas.
	 * @param mapper what reads and writes JSON
	 */
	public WeirSchemas(JsonMapper mapper) {
		this(mapper, List.of());
	}

	/**
	 * Creates the schemas.
	 * @param mapper what reads and writes JSON
	 * @param resolvers asked first, in this order
	 */
	public WeirSchemas(JsonMapper mapper, List<SchemaResolver> resolvers) {
		this.mapper = Objects.requireNonNull(mapper, "mapper");
		List<SchemaResolver> all = new ArrayList<>(Objects.requireNonNull(resolvers, "resolvers"));
		all.addAll(OURS);
		this.resolvers = List.copyOf(all);
	}

	private static List<SchemaResolver> ours() {
		List<SchemaResolver> ours = new ArrayList<>();
		ours.add((type) -> (type == byte[].class) ? Schema.bytes() : (type == String.class) ? Schema.string() : null);
		ours.add(RawSchemas::resolve);
		ClassLoader loader = WeirSchemas.class.getClassLoader();
		// The class that needs the library must not be touched without it.
		if (ClassUtils.isPresent("com.google.protobuf.Message", loader)) {
			ours.add((type) -> ProtobufSchema.resolve(type));
		}
		if (ClassUtils.isPresent("org.apache.avro.specific.SpecificRecord", loader)) {
			ours.add((type) -> AvroSchema.resolve(type));
		}
		return ours;
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
		return (Schema<T>) this.schemas.computeIfAbsent(type, this::find);
	}

	private Schema<?> find(Type type) {
		for (SchemaResolver resolver : this.resolvers) {
			Schema<?> schema = resolver.resolve(type);
			if (schema != null) {
				return schema;
			}
		}
		return new JsonSchema<>(JsonSchemas.of(this.mapper, type), type.getTypeName());
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
		if (schema instanceof JsonSchema<?>) {
			ReadableTypes.require(this.mapper, this.mapper.constructType(type));
		}
		if (schema instanceof RawSchemas.Raw<?> raw && !raw.isReadableAs(type)) {
			throw new IllegalArgumentException(
					"bytes are read as " + raw.received().getSimpleName() + ", which is no " + type.getTypeName());
		}
		return schema;
	}

	/**
	 * A schema that encodes each value as what it is.
	 * @return the schema; decodes JSON only
	 */
	public Schema<Object> any() {
		return new AnySchema(this);
	}

}
