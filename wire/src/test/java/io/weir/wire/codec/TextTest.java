package io.weir.wire.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.wire.ErrorCode;
import io.weir.wire.Limits;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

class TextTest {

	@RegisterExtension
	final Buffers buffers = new Buffers();

	@ParameterizedTest
	@ValueSource(strings = { "", "a", "\u0000", "ä", "€", "\uFFFF", "😀", "\uD800\uDC00", "\uDBFF\uDFFF", "a😀b" })
	void wellFormedTextComesBack(String text) {
		ByteBuf out = this.buffers.empty();
		Text.NAME.write(out, "name", text);
		assertThat(Text.NAME.sizeOf("name", text)).isEqualTo(out.readableBytes());
		assertThat(Text.NAME.read(out, "name")).isEqualTo(text);
		out.release();
	}

	@ParameterizedTest
	@ValueSource(strings = { "\uD83D", "\uDE00", "\uDE00\uD83D", "a\uD83Db" })
	void aSurrogateWithoutItsPairIsRefused(String text) {
		ByteBuf out = this.buffers.empty();
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> Text.NAME.write(out, "name", text))
			.withMessageContaining("name")
			.returns(ErrorCode.INVALID_REQUEST, ProtocolException::code);
		out.release();
	}

	/**
	 * A stray continuation byte, a truncated sequence, an overlong one, a surrogate, a
	 * code point beyond the last one, a byte that never occurs.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "80", "c3", "c080", "e08080", "eda080", "edb080", "f4908080", "ff" })
	void illFormedUtf8IsRefused(String hex) {
		ByteBuf in = this.buffers.of(hex.length() / 2).writeBytes(ByteBufUtil.decodeHexDump(hex));
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> Text.NAME.read(in, "name"))
			.withMessage("The name is not UTF-8")
			.returns(ErrorCode.PROTOCOL_VIOLATION, ProtocolException::code);
		in.release();
	}

	@Test
	void whatIsAcceptedIsExactlyWhatTheJdkCallsUtf8() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		int accepted = 0;
		for (int i = 0; i < 100_000; i++) {
			byte[] bytes = new byte[1 + random.nextInt(4)];
			random.nextBytes(bytes);
			bytes[0] |= (byte) (random.nextBoolean() ? 0xC0 : 0);
			for (int j = 1; j < bytes.length; j++) {
				bytes[j] = (byte) (random.nextInt(8) == 0 ? bytes[j] : bytes[j] & 0x3F | 0x80);
			}
			boolean ours = isAccepted(bytes);
			if (ours != isUtf8(bytes)) {
				fail("Accepted: %s, bytes %s, seed %d", ours, ByteBufUtil.hexDump(bytes), seed);
			}
			accepted += ours ? 1 : 0;
		}
		assertThat(accepted).isPositive();
	}

	@Test
	void aTextOfTheGreatestLengthIsAllowedAndALongerOneIsNot() {
		ByteBuf out = this.buffers.empty();
		Text.LONG.write(out, "token", "x".repeat(Limits.MAX_TEXT_BYTES));
		String longer = "ä".repeat(Limits.MAX_TEXT_BYTES / 2) + "x";
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> Text.LONG.write(out, "token", longer))
			.withMessage("The token must have at most 65536 bytes of UTF-8, has 65537");
		out.release();
	}

	@Test
	void aLengthBeyondTheLimitIsRefusedBeforeTheTextArrives() {
		ByteBuf in = this.buffers.empty();
		Varint.write(in, "length", Limits.MAX_NAME_BYTES + 1);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> Text.NAME.read(in, "topic"))
			.withMessage("The topic must have at most 1024 bytes of UTF-8, has 1025")
			.returns(ErrorCode.INVALID_REQUEST, ProtocolException::code);
		in.release();
	}

	@Test
	void aReasonNeverFails() {
		String[] reasons = { "\uD83D", "x".repeat(Limits.MAX_TEXT_BYTES + 1), "😀".repeat(Limits.MAX_TEXT_BYTES) };
		for (String reason : reasons) {
			ByteBuf out = this.buffers.empty();
			Text.writeReason(out, reason);
			String read = Text.LONG.read(out, "reason");
			assertThat(reason.replace('\uD83D', '?')).startsWith(read.replace('\uD83D', '?')).isNotEmpty();
			assertThat(out.isReadable()).isFalse();
			out.release();
		}
	}

	private static boolean isAccepted(byte[] bytes) {
		try {
			Text.NAME.read(Unpooled.wrappedBuffer(new byte[] { (byte) bytes.length }, bytes), "name");
			return true;
		}
		catch (ProtocolException ex) {
			return false;
		}
	}

	private static boolean isUtf8(byte[] bytes) {
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
			return true;
		}
		catch (CharacterCodingException ex) {
			return false;
		}
	}

}
