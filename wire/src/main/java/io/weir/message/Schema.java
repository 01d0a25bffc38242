package io.weir.message;

import java.nio.ByteBuffer;

/**
 * Turns values into payloads and back. Implementations must be safe for use by several
 * threads at once and must not keep the buffers that they are given or return.
 *
 * @param <T> the type of the values
 */
public interface Schema<T> {

	/**
	 * Encodes a value.
	 * @param value the value
	 * @return the payload, from the buffer's position to its limit
	 * @throws SchemaException if the value cannot be encoded
	 */
	ByteBuffer encode(T value);

	/**
	 * Decodes a payload.
	 * @param payload the bytes, from the buffer's position to its limit; read-only
	 * @return the value
	 * @throws SchemaException if the payload cannot be decoded
	 */
	T decode(ByteBuffer payload);

	/**
	 * Decodes the payload of a message, whose headers may say how it was written.
	 * @param payload the bytes, from the buffer's position to its limit; read-only
	 * @param headers those of the message
	 * @return the value; by default what {@link #decode(ByteBuffer)} makes of the payload
	 * @throws SchemaException if the payload cannot be decoded
	 */
	default T decode(ByteBuffer payload, Headers headers) {
		return decode(payload);
	}

	/**
	 * Payloads as they are.
	 * @return the schema
	 */
	static Schema<byte[]> bytes() {
		return BuiltInSchemas.BYTES;
	}

	/**
	 * UTF-8 text.
	 * @return the schema
	 */
	static Schema<String> string() {
		return BuiltInSchemas.STRING;
	}

	/**
	 * JSON, by the {@link JsonSchemaFactory} on the class path (the client brings one for
	 * Jackson 3 with its default settings).
	 * @param type the type of the values
	 * @param <T> the type of the values
	 * @return the schema
	 * @throws IllegalStateException if there is no factory on the class path
	 */
	static <T> Schema<T> json(Class<T> type) {
		return BuiltInSchemas.json(type);
	}

}
