package io.weir.wire.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.message.Headers;
import io.weir.wire.ErrorCode;
import io.weir.wire.Feature;
import io.weir.wire.Frame;
import io.weir.wire.MessageRecord;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What later versions add is passed over, or refused alone. */
class OptionsTest {

	private static final EnumSet<FrameType> WITH_BATCH = EnumSet.of(FrameType.PUBLISH, FrameType.DELIVER);

	private static final int REQUEST = 9;

	@RegisterExtension
	final Buffers buffers = new Buffers();

	private final List<Frame> decoded = new ArrayList<>();

	private final List<ProtocolException> refused = new ArrayList<>();

	private final FrameSink sink = new FrameSink() {

		@Override
		public void frame(long requestId, Frame frame) {
			assertThat(requestId).isEqualTo(REQUEST);
			OptionsTest.this.decoded.add(frame);
		}

		@Override
		public void refused(long requestId, ProtocolException cause) {
			assertThat(requestId).isEqualTo(REQUEST);
			OptionsTest.this.refused.add(cause);
		}

	};

	@AfterEach
	void releaseDecoded() {
		this.decoded.forEach(Frame::release);
	}

	@ParameterizedTest
	@EnumSource(value = FrameType.class, mode = EnumSource.Mode.EXCLUDE, names = "FRAGMENT")
	void optionsWithOddNumbersArePassedOver(FrameType type) {
		for (Frame sample : Samples.of(type, this.buffers.alloc())) {
			decode(sample, "0100" + "4fff02beef" + "0300");
			assertThat(this.refused).isEmpty();
			assertThat(this.decoded).containsExactly(sample);
			sample.release();
			releaseDecoded();
			this.decoded.clear();
		}
	}

	@ParameterizedTest
	@EnumSource(value = FrameType.class, mode = EnumSource.Mode.EXCLUDE, names = "FRAGMENT")
	void anUnknownOptionWithAnEvenNumberHasItsFrameRefusedAlone(FrameType type) {
		for (Frame sample : Samples.of(type, this.buffers.alloc())) {
			decode(sample, "0100" + "4ffe02beef" + "0800");
			assertThat(this.decoded).isEmpty();
			assertThat(this.refused).singleElement()
				.returns(ErrorCode.NOT_SUPPORTED, ProtocolException::code)
				.extracting(Throwable::getMessage)
				.isEqualTo("Option 4094 of " + type + " is not known here and must not be passed over");
			sample.release();
			this.refused.clear();
		}
	}

	@Test
	void anOptionWhoseNumberIsTakenIsRefusedByItsName() {
		assertThat(new UnknownOptionException(FrameType.CONNECT, 2))
			.hasMessage("Option 2 (mechanism) of CONNECT is not known here and must not be passed over");
		assertThat(new UnknownOptionException(null, 4))
			.hasMessage("Option 4 (ordering key) of a message is not known here and must not be passed over");
		assertThat(new UnknownOptionException(FrameType.PING, 2))
			.hasMessage("Option 2 of PING is not known here and must not be passed over");
	}

	@Test
	void numbersThatAreTakenAreTakenOnce() {
		List<String> places = Arrays.stream(ReservedOption.values())
			.flatMap((option) -> option.frames().isEmpty() ? Stream.of("a message " + option.number())
					: option.frames().stream().map((frame) -> frame + " " + option.number()))
			.toList();
		assertThat(places).doesNotHaveDuplicates();
		assertThat(Arrays.stream(FrameType.values()).map(FrameType::number))
			.doesNotContainAnyElementsOf(FrameType.RESERVED);
	}

	@Test
	void whatFollowsARefusedFrameIsRead() {
		ByteBuf in = bytes("04" + "10" + "09" + "0200" + "02" + "10" + "09");
		new FrameDecoder(100).decode(in, this.sink);
		in.release();
		assertThat(this.refused).hasSize(1);
		assertThat(this.decoded).containsExactly(new Frame.Ok());
	}

	@Test
	void aFrameOfFragmentsIsRefusedAsOthersAre() {
		FragmentAssembler assembler = new FragmentAssembler(this.buffers.alloc(), 100, AssemblyBudget.unlimited(),
				this.sink);
		ByteBuf in = bytes("07" + "0a" + "09" + "00" + "10" + "09" + "0200");
		new FrameDecoder(100).decode(in, assembler);
		in.release();
		assertThat(this.refused).hasSize(1);
	}

	@ParameterizedTest
	@EnumSource(value = FrameType.class, mode = EnumSource.Mode.EXCLUDE, names = { "FRAGMENT", "PUBLISH", "DELIVER" })
	void optionsThatAreCutOffAreRefused(FrameType type) {
		for (Frame sample : Samples.of(type, this.buffers.alloc())) {
			for (String options : List.of("00", "01", "0102ff", "4f")) {
				assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode(sample, options))
					.returns(ErrorCode.PROTOCOL_VIOLATION, ProtocolException::code)
					.withMessageContaining("option");
			}
			sample.release();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "06" + "04" + "03" + "0b01ff" + "00", "02" + "f8" + "00", "03" + "04" + "00" + "00",
			"05" + "fc" + "02" + "0b00" + "00" })
	void whatIsNewInAMessageIsPassedOver(String hex) {
		ByteBuf batch = bytes(hex);
		MessageBatch.check(batch, 1, Samples.NOBODY);
		MessageRecord record = MessageBatch.read(batch, 1).get(0);
		assertThat(record.key()).isNull();
		assertThat(record.headers()).isEqualTo(Headers.empty());
		batch.release();
	}

	@Test
	void aMessageWithAnUnknownOptionOfAnEvenNumberIsNotSupported() {
		ByteBuf batch = bytes("05" + "04" + "02" + "0800" + "00");
		for (Runnable reading : List.<Runnable>of(() -> MessageBatch.check(batch, 1, Samples.NOBODY),
				() -> MessageBatch.read(batch, 1))) {
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(reading::run)
				.withMessage("Option 8 of a message is not known here and must not be passed over")
				.returns(ErrorCode.NOT_SUPPORTED, ProtocolException::code);
		}
		batch.release();
	}

	@ParameterizedTest
	@ValueSource(longs = { Long.MIN_VALUE, -1, 0, 1_700_000_000_000L, Long.MAX_VALUE })
	void timeAtWhichAMessageExpiresIsTold(long time) {
		ByteBuf batch = bytes("0d" + "04" + "0a" + "0108").writeLong(time).writeByte(0);
		List<Long> told = new ArrayList<>();
		MessageBatch.check(batch, 1, (size, keyHash, times) -> told.add(times.expiresAt(0)));
		assertThat(told).containsExactly(time);
		assertThat(MessageBatch.read(batch, 1)).hasSize(1);
		batch.release();
	}

	@ParameterizedTest
	@ValueSource(strings = { "05" + "04" + "02" + "0100" + "00", "0c" + "04" + "09" + "010700000000000000" + "00",
			"0e" + "04" + "0b" + "0109000000000000000000" + "00" })
	void timeOfAnotherLengthIsRefusedByReadAndCheckAlike(String hex) {
		ByteBuf batch = bytes(hex);
		for (Runnable reading : List.<Runnable>of(() -> MessageBatch.check(batch, 1, Samples.NOBODY),
				() -> MessageBatch.read(batch, 1))) {
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(reading::run)
				.withMessageContaining("expires at")
				.returns(ErrorCode.PROTOCOL_VIOLATION, ProtocolException::code);
		}
		batch.release();
	}

	@Test
	void featuresOfLaterVersionsArePassedOver() {
		ByteBuf in = bytes("0b" + "00" + "09" + "0161" + "00" + "04" + "4fff" + "02" + "00" + "01");
		new FrameDecoder(100).decode(in, this.sink);
		in.release();
		assertThat(this.decoded).containsExactly(new Frame.Connect("a", null, EnumSet.of(Feature.LZ4, Feature.ZSTD)));
	}

	/** Decodes a frame with so many bytes in the place of its options. */
	private void decode(Frame sample, String options) {
		FrameType type = FrameType.of(sample);
		ByteBuf content = this.buffers.empty();
		Varint.write(content, "type", type.number());
		Varint.write(content, "request id", REQUEST);
		type.write(content, sample);
		byte[] bytes = ByteBufUtil.decodeHexDump(options);
		if (WITH_BATCH.contains(type)) {
			content.writerIndex(content.writerIndex() - 1).writeByte(bytes.length);
		}
		content.writeBytes(bytes);
		ByteBuf batch = FrameEncoder.batchOf(sample);
		content.writeBytes(batch, batch.readerIndex(), batch.readableBytes());
		try {
			FrameDecoder.decodeContent(content, this.sink);
		}
		finally {
			content.release();
		}
	}

	private ByteBuf bytes(String hex) {
		return this.buffers.empty().writeBytes(ByteBufUtil.decodeHexDump(hex));
	}

}
