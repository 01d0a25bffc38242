package io.weir.message;

import java.nio.ByteBuffer;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class SchemaTest {

	@Test
	void textComesBack() {
		Schema<String> schema = Schema.string();
		assertThat(schema.decode(schema.encode("ä€😀").asReadOnlyBuffer())).isEqualTo("ä€😀");
	}

	@Test
	void textThatIsNotUtf8IsASchemaError() {
		ByteBuffer payload = ByteBuffer.wrap(new byte[] { (byte) 0xFF });
		assertThatExceptionOfType(SchemaException.class).isThrownBy(() -> Schema.string().decode(payload))
			.withMessageContaining("not UTF-8");
	}

	@Test
	void bytesComeBackFromPositionToLimit() {
		ByteBuffer payload = ByteBuffer.wrap(new byte[] { 9, 1, 2, 9 }).position(1).limit(3).asReadOnlyBuffer();
		assertThat(Schema.bytes().decode(payload)).containsExactly(1, 2);
		assertThat(Schema.bytes().encode(new byte[] { 1, 2 })).isEqualTo(ByteBuffer.wrap(new byte[] { 1, 2 }));
	}

	@Test
	void jsonWithoutALibraryForItSaysWhatIsMissing() {
		for (int attempt = 0; attempt < 2; attempt++) {
			assertThatIllegalStateException().isThrownBy(() -> Schema.json(String.class))
				.withMessageContaining("io.weir:messaging-client");
		}
	}

}
