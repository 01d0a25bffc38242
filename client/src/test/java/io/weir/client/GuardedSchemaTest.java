package io.weir.client;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.weir.message.Headers;
import io.weir.message.Schema;
import io.weir.message.SchemaException;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class GuardedSchemaTest {

	private static final ByteBuffer PAYLOAD = ByteBuffer.allocate(1);

	static Stream<Throwable> failuresOfASchema() {
		return Stream.of(new SchemaException("no", null), new IllegalStateException("no"), new StackOverflowError("no"),
				new NoClassDefFoundError("no"), new AssertionError("no"));
	}

	@ParameterizedTest
	@MethodSource("failuresOfASchema")
	void whateverASchemaThrowsIsAFailureOfTheValue(Throwable failure) {
		Schema<String> schema = new GuardedSchema<>(new Failing(failure));
		assertThatExceptionOfType(WeirException.class).isThrownBy(() -> schema.decode(PAYLOAD))
			.withCause(failure)
			.withMessageStartingWith("SCHEMA: ")
			.withMessageContaining("no")
			.satisfies((thrown) -> assertThat(thrown.code()).isEqualTo(ErrorCode.SCHEMA));
		assertThatExceptionOfType(WeirException.class).isThrownBy(() -> schema.encode("value"))
			.withCause(failure)
			.satisfies((thrown) -> assertThat(thrown.code()).isEqualTo(ErrorCode.SCHEMA));
	}

	@Test
	void schemaIsShownTheHeadersOfTheMessage() {
		Schema<String> schema = new GuardedSchema<>(new Schema<String>() {

			@Override
			public ByteBuffer encode(String value) {
				return PAYLOAD;
			}

			@Override
			public String decode(ByteBuffer payload) {
				return "without headers";
			}

			@Override
			public String decode(ByteBuffer payload, Headers headers) {
				return String.valueOf(headers.get("version"));
			}

		});
		assertThat(schema.decode(PAYLOAD, Headers.of(Map.of("version", "2")))).isEqualTo("2");
		assertThatExceptionOfType(WeirException.class)
			.isThrownBy(
					() -> new GuardedSchema<>(new Failing(new AssertionError("no"))).decode(PAYLOAD, Headers.empty()))
			.satisfies((thrown) -> assertThat(thrown.code()).isEqualTo(ErrorCode.SCHEMA));
	}

	@Test
	void failureOfTheApiAndOfTheJvmStaysWhatItIs() {
		WeirException own = new WeirException(ErrorCode.UNAUTHENTICATED, "a schema with a key server");
		assertThatExceptionOfType(WeirException.class)
			.isThrownBy(() -> new GuardedSchema<>(new Failing(own)).decode(PAYLOAD))
			.isSameAs(own);
		assertThatExceptionOfType(OutOfMemoryError.class)
			.isThrownBy(() -> new GuardedSchema<>(new Failing(new OutOfMemoryError("planted"))).decode(PAYLOAD));
	}

	private record Failing(Throwable failure) implements Schema<String> {

		@Override
		public ByteBuffer encode(String value) {
			throw GuardedSchemaTest.<RuntimeException>sneaky(this.failure);
		}

		@Override
		public String decode(ByteBuffer payload) {
			throw GuardedSchemaTest.<RuntimeException>sneaky(this.failure);
		}

	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> T sneaky(Throwable failure) throws T {
		throw (T) failure;
	}

}
