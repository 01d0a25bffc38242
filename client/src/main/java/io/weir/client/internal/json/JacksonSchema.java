package io.weir.client.internal.json;

import java.nio.ByteBuffer;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.ByteBufferBackedInputStream;

import io.weir.message.Schema;
import io.weir.message.SchemaException;

/**
 * JSON by a given mapper.
 *
 * @param <T> the type of the values
 */
public final class JacksonSchema<T> implements Schema<T> {

	private final JavaType type;

	private final ObjectWriter writer;

	private final ObjectReader reader;

	/**
	 * Creates the schema.
	 * @param mapper what reads and writes
	 * @param type the type of the values
	 */
	public JacksonSchema(JsonMapper mapper, JavaType type) {
		this.type = type;
		// A generic type is written as declared, or the type ids of its elements would be
		// lost; a plain one as what the value is, or a subclass would lose its
		// properties.
		this.writer = type.hasGenericTypes() ? mapper.writerFor(type) : mapper.writer();
		this.reader = mapper.readerFor(type);
	}

	@Override
	public ByteBuffer encode(T value) {
		try {
			return ByteBuffer.wrap(this.writer.writeValueAsBytes(value));
		}
		catch (JacksonException ex) {
			throw new SchemaException("Cannot write a " + name() + " as JSON: " + ex.getOriginalMessage(), ex);
		}
	}

	@Override
	public T decode(ByteBuffer payload) {
		T value;
		try {
			value = this.reader.readValue(new ByteBufferBackedInputStream(payload));
		}
		catch (JacksonException ex) {
			throw new SchemaException("Cannot read a " + name() + " from JSON: " + ex.getOriginalMessage(), ex);
		}
		if (value == null) {
			throw new SchemaException("Cannot read a " + name() + " from JSON: the payload is null", null);
		}
		return value;
	}

	private String name() {
		return this.type.toCanonical();
	}

}
