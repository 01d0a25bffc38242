package io.weir.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.ServiceLoader;

/** What stands behind the factory methods of {@link Schema}. */
final class BuiltInSchemas {

	static final Schema<byte[]> BYTES = new Schema<>() {

		@Override
		public ByteBuffer encode(byte[] value) {
			return ByteBuffer.wrap(value);
		}

		@Override
		public byte[] decode(ByteBuffer payload) {
			byte[] bytes = new byte[payload.remaining()];
			payload.get(bytes);
			return bytes;
		}

	};

	static final Schema<String> STRING = new Schema<>() {

		@Override
		public ByteBuffer encode(String value) {
			return ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8));
		}

		@Override
		public String decode(ByteBuffer payload) {
			try {
				return StandardCharsets.UTF_8.newDecoder().decode(payload).toString();
			}
			catch (CharacterCodingException ex) {
				throw new SchemaException("The payload is not UTF-8 text", ex);
			}
		}

	};

	private BuiltInSchemas() {
	}

	static <T> Schema<T> json(Class<T> type) {
		return JsonFactoryHolder.FACTORY
			.orElseThrow(() -> new IllegalStateException("Schema.json() needs a " + JsonSchemaFactory.class.getName()
					+ " on the class path; io.weir:messaging-client brings one"))
			.schema(type);
	}

	/** Defers the look-up until somebody wants JSON. */
	private static final class JsonFactoryHolder {

		static final Optional<JsonSchemaFactory> FACTORY = ServiceLoader
			.load(JsonSchemaFactory.class, JsonSchemaFactory.class.getClassLoader())
			.findFirst();

	}

}
