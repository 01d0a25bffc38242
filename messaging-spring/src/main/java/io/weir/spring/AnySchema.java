package io.weir.spring;

import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

import io.weir.message.Schema;

/** Encodes each value as what it is. */
record AnySchema(WeirSchemas schemas) implements Schema<Object> {

	/** The id of what a value is written by; {@code null} without one. */
	@Nullable String idOf(Object value) {
		return (this.schemas.of(value.getClass()) instanceof IdentifiedSchema<?> schema) ? schema.id() : null;
	}

	@Override
	public ByteBuffer encode(Object value) {
		return this.schemas.of(value.getClass()).encode(value);
	}

	@Override
	public Object decode(ByteBuffer payload) {
		return this.schemas.of(Object.class).decode(payload);
	}

}
