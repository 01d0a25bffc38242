package io.weir.spring;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.InputStreamSource;

import io.weir.message.Schema;
import io.weir.message.SchemaException;

/** Payloads as they are, in the forms that Java and Spring have for bytes. */
final class RawSchemas {

	private static final List<Raw<?>> ALL = List.of(
			new Raw<>(ByteBuffer.class, ByteBuffer.class, ByteBuffer::duplicate, ByteBuffer::wrap),
			new Raw<>(InputStream.class, ByteArrayInputStream.class, RawSchemas::read, ByteArrayInputStream::new),
			new Raw<>(InputStreamSource.class, ByteArrayResource.class, (source) -> read(source.getInputStream()),
					ByteArrayResource::new));

	private RawSchemas() {
	}

	/**
	 * That of a buffer, a stream or a resource, of whatever class.
	 */
	static @Nullable Schema<?> resolve(Type type) {
		return ALL.stream()
			.filter((raw) -> type instanceof Class<?> named && raw.sent.isAssignableFrom(named))
			.findFirst()
			.orElse(null);
	}

	private static ByteBuffer read(InputStream stream) throws IOException {
		try (stream) {
			return ByteBuffer.wrap(stream.readAllBytes());
		}
	}

	/** Values that are bytes: what may be sent, and what is made of a payload. */
	record Raw<T>(Class<T> sent, Class<? extends T> received, Encoder<T> encoder,
			Function<byte[], ? extends T> decoder) implements Schema<T> {

		/** Whether what is made of a payload can be given to a parameter. */
		boolean isReadableAs(Type type) {
			return type instanceof Class<?> named && named.isAssignableFrom(this.received);
		}

		@Override
		public ByteBuffer encode(T value) {
			try {
				return this.encoder.encode(value);
			}
			catch (IOException ex) {
				throw new SchemaException("The bytes of " + value + " cannot be read", ex);
			}
		}

		@Override
		public T decode(ByteBuffer payload) {
			byte[] bytes = new byte[payload.remaining()];
			payload.get(bytes);
			return this.decoder.apply(bytes);
		}

	}

	@FunctionalInterface
	interface Encoder<T> {

		ByteBuffer encode(T value) throws IOException;

	}

}
