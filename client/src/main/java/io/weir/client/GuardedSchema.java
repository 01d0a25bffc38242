package io.weir.client;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

import io.weir.message.Headers;
import io.weir.message.Schema;
import io.weir.message.SchemaException;
import io.weir.wire.ErrorCode;

/**
 * A schema whose failures are those of the API, whatever the application's own schema
 * throws: a recursion without end or a class that is missing is a failure of one value
 * too.
 *
 * @param <T> the type of the values
 */
final class GuardedSchema<T> implements Schema<T> {

	private final Schema<T> schema;

	GuardedSchema(Schema<T> schema) {
		this.schema = schema;
	}

	@Override
	public ByteBuffer encode(T value) {
		try {
			return this.schema.encode(value);
		}
		catch (RuntimeException | StackOverflowError | LinkageError | AssertionError ex) {
			throw failure("The value cannot be encoded", ex);
		}
	}

	@Override
	public T decode(ByteBuffer payload) {
		return guarded(() -> this.schema.decode(payload));
	}

	@Override
	public T decode(ByteBuffer payload, Headers headers) {
		return guarded(() -> this.schema.decode(payload, headers));
	}

	private T guarded(Supplier<T> decoding) {
		try {
			return decoding.get();
		}
		catch (RuntimeException | StackOverflowError | LinkageError | AssertionError ex) {
			throw failure("The payload cannot be decoded", ex);
		}
	}

	private static WeirException failure(String what, Throwable failure) {
		if (failure instanceof WeirException || failure instanceof SchemaException) {
			return WeirException.from(failure);
		}
		return new WeirException(ErrorCode.SCHEMA, what + ": " + failure, failure);
	}

}
