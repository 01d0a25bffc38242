package io.weir.spring;

import java.nio.ByteBuffer;

import io.weir.message.Headers;
import io.weir.message.Schema;
import io.weir.message.SchemaException;

/**
 * JSON, which has no id: a message that has one is none.
 *
 * @param <T> the type of the values
 */
record JsonSchema<T>(Schema<T> json, String type) implements Schema<T> {

	@Override
	public ByteBuffer encode(T value) {
		return this.json.encode(value);
	}

	@Override
	public T decode(ByteBuffer payload) {
		return this.json.decode(payload);
	}

	@Override
	public T decode(ByteBuffer payload, Headers headers) {
		String written = headers.get(WeirHeaders.SCHEMA);
		if (written != null) {
			throw new SchemaException(
					"The payload was written by schema '" + written + "', and cannot be read as JSON of " + this.type,
					null);
		}
		return decode(payload);
	}

}
