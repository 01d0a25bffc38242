package io.weir.spring;

import java.nio.ByteBuffer;

import io.weir.message.Headers;
import io.weir.message.Schema;
import io.weir.message.SchemaException;

/**
 * A schema with an id, which the producers of an application say on each message
 * ({@link WeirHeaders#SCHEMA}), so that nobody takes the payload for something else. Must
 * be safe for use by several threads.
 *
 * @param <T> the type of the values
 */
public interface IdentifiedSchema<T> extends Schema<T> {

	/**
	 * What tells this schema from others.
	 * @return the id, at most 1024 bytes of UTF-8
	 */
	String id();

	/**
	 * Whether payloads of a schema can be read by this one, which may know older versions
	 * of itself.
	 * @param id the id of the schema that the payload was written by
	 * @return by default whether it is the id of this one
	 */
	default boolean reads(String id) {
		return id().equals(id);
	}

	/**
	 * Decodes the payload of a message, if it does not say that it was written by a
	 * schema that this one cannot read.
	 * @throws SchemaException if it says so, naming both schemas
	 */
	@Override
	default T decode(ByteBuffer payload, Headers headers) {
		String written = headers.get(WeirHeaders.SCHEMA);
		if (written != null && !reads(written)) {
			throw new SchemaException(
					"The payload was written by schema '" + written + "', which schema '" + id() + "' cannot read",
					null);
		}
		return decode(payload);
	}

}
