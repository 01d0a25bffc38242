package io.weir.wire.codec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.wire.ErrorCode;
import io.weir.wire.Feature;
import io.weir.wire.Limits;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code docs/protocol.md} says what the code does. */
class ProtocolDocumentTest {

	private static String document = "";

	@RegisterExtension
	final Buffers buffers = new Buffers();

	@BeforeAll
	static void readDocument() throws IOException {
		document = Files.readString(Path.of("..", "docs", "protocol.md"));
	}

	@Test
	void theTableOfFramesIsThatOfTheCode() {
		List<String> expected = Arrays.stream(FrameType.values())
			.map((type) -> "0x%02X %s".formatted(type.number(), type))
			.toList();
		assertThat(find("^\\| `(0x..)` \\| `([A-Z_]+)` \\| (?:client|broker|both) \\|.*$")).isEqualTo(expected);
	}

	@Test
	void theTableOfErrorsIsThatOfTheCode() {
		List<String> expected = Arrays.stream(ErrorCode.values())
			.map((code) -> "0x%02X %s %s %s".formatted(code.number(), code,
					code.severity().name().toLowerCase(Locale.ROOT), code.retryable() ? "yes" : "no"))
			.toList();
		assertThat(find("^\\| `(0x..)` \\| `([A-Z_]+)` \\| (request|stream|connection) \\| (yes|no) \\|.*$"))
			.isEqualTo(expected);
	}

	@ParameterizedTest
	@EnumSource(FrameType.class)
	void theExampleOfAFrameIsSuchAFrame(FrameType type) {
		String hex = example(type).replace(" ", "");
		ByteBuf in = this.buffers.empty().writeBytes(ByteBufUtil.decodeHexDump(hex));
		new FrameDecoder(Limits.DEFAULT_MAX_FRAME_SIZE).decode(in, (requestId, frame) -> {
			assertThat(FrameType.of(frame)).isSameAs(type);
			ByteBuf again = Samples.ENCODER.encode(this.buffers.alloc(), requestId, frame);
			assertThat(ByteBufUtil.hexDump(again)).isEqualTo(hex);
			again.release();
		});
		assertThat(in.isReadable()).isFalse();
		in.release();
	}

	@ParameterizedTest
	@ValueSource(ints = { Limits.DEFAULT_PORT, Limits.DEFAULT_MAX_FRAME_SIZE, Limits.MAX_NAME_BYTES,
			Limits.MAX_TEXT_BYTES, Limits.MAX_HEADERS, Limits.MAX_BATCH_MESSAGES, Limits.MAX_ACK_IDS,
			Limits.MAX_IN_FLIGHT, Limits.DEFAULT_MAX_MESSAGE_SIZE, Limits.MAX_MESSAGE_SIZE, Limits.MIN_FRAGMENT })
	void theLimitsAreNamed(int limit) {
		assertThat(document).containsAnyOf(" " + limit + " ", " " + limit + ".",
				" " + String.format(Locale.ROOT, "%,d ", limit));
	}

	@Test
	void theTableOfFeaturesIsThatOfTheCode() {
		List<String> expected = Arrays.stream(Feature.values())
			.map((feature) -> feature + " " + feature.number())
			.toList();
		assertThat(find("^\\| `([A-Z0-9_]+)` \\| ([0-9]+) \\| .*$")).isEqualTo(expected);
	}

	@Test
	void theTableOfOptionsIsThatOfTheCode() {
		List<String> expected = Arrays.stream(ReservedOption.values())
			.map((option) -> option + " " + option.number() + " " + places(option))
			.toList();
		String taken = document.substring(document.indexOf("These numbers are taken"));
		assertThat(find(taken, "^\\| ([a-z ]+) \\| ([0-9]+) \\| (.*?) \\| .*$")).isEqualTo(expected);
	}

	private static String places(ReservedOption option) {
		return option.frames().isEmpty() ? "a message"
				: option.frames().stream().sorted().map((frame) -> "`" + frame + "`").collect(Collectors.joining(", "));
	}

	@Test
	void theFrameTypesThatAreTakenAreNamed() {
		assertThat(FrameType.RESERVED)
			.allSatisfy((number) -> assertThat(document).contains("`0x%02X` (".formatted(number)));
	}

	@Test
	void theVersionIsNamed() {
		assertThat(document).contains("**`" + Limits.ALPN + "`**");
	}

	/** The only run of bytes in the section of a frame. */
	private static String example(FrameType type) {
		int start = document.indexOf("\n### " + type + "\n");
		assertThat(start).as("section of " + type).isPositive();
		String section = document.substring(start, document.indexOf("\n##", start + 1));
		List<String> examples = Pattern.compile("`((?:[0-9a-f]{2} )+[0-9a-f]{2})`")
			.matcher(section)
			.results()
			.map((match) -> match.group(1))
			.toList();
		assertThat(examples).hasSize(1);
		return examples.get(0);
	}

	/** The groups of each line that matches, separated by blanks. */
	private static List<String> find(String line) {
		return find(document, line);
	}

	private static List<String> find(String text, String line) {
		return Pattern.compile(line, Pattern.MULTILINE)
			.matcher(text)
			.results()
			.map((match) -> String.join(" ", groups(match)))
			.toList();
	}

	private static List<String> groups(MatchResult match) {
		return IntStream.rangeClosed(1, match.groupCount()).mapToObj(match::group).toList();
	}

}
