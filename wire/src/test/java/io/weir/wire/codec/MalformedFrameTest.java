package io.weir.wire.codec;

import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.wire.ErrorCode;
import io.weir.wire.FailureReport;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** Bytes that are no frame get a protocol error, and leave nothing behind. */
class MalformedFrameTest {

	private static final int MAX_FRAME_SIZE = 200;

	@RegisterExtension
	final Buffers buffers = new Buffers();

	private final FrameDecoder decoder = new FrameDecoder(MAX_FRAME_SIZE);

	private final List<Frame> decoded = new ArrayList<>();

	@AfterEach
	void releaseDecoded() {
		this.decoded.forEach(Frame::release);
	}

	@ParameterizedTest
	@EnumSource(value = FrameType.class, mode = EnumSource.Mode.EXCLUDE,
			names = { "OK", "PUBLISH", "DELIVER", "FRAGMENT" })
	void aBodyCutOffAnywhereIsRefused(FrameType type) {
		for (Frame sample : Samples.of(type, this.buffers.alloc())) {
			ByteBuf body = bodyOf(type, sample);
			for (int length = 0; length < Math.min(body.readableBytes(), 3000); length++) {
				if (length == withoutOptions(sample)) {
					continue;
				}
				ByteBuf cut = body.slice(0, length);
				assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> type.read(cut));
			}
			body.release();
		}
	}

	/** What has options is whole without them, too. */
	private int withoutOptions(Frame sample) {
		if (sample instanceof Frame.Subscribe subscribe) {
			return lengthOf(FrameType.SUBSCRIBE,
					new Frame.Subscribe(subscribe.consumerId(), subscribe.topic(), subscribe.subscription(),
							subscribe.type(), subscribe.initialPosition(), subscribe.consumerName(),
							subscribe.durable(), subscribe.instance()));
		}
		if (sample instanceof Frame.NegativeAcknowledge negative) {
			return lengthOf(FrameType.NACK, new Frame.NegativeAcknowledge(negative.consumerId(), negative.delay(),
					negative.forGood(), FailureReport.of(negative.report().error()), negative.ids()));
		}
		return -1;
	}

	private int lengthOf(FrameType type, Frame frame) {
		ByteBuf body = bodyOf(type, frame);
		int length = body.readableBytes();
		body.release();
		return length;
	}

	@ParameterizedTest
	@EnumSource(value = FrameType.class, names = { "PUBLISH", "DELIVER", "FRAGMENT" })
	void aBodyCutOffBeforeItsBatchIsRefused(FrameType type) {
		for (Frame sample : Samples.of(type, this.buffers.alloc())) {
			ByteBuf body = this.buffers.empty();
			type.write(body, sample);
			for (int length = 0; length < body.readableBytes(); length++) {
				ByteBuf cut = body.slice(0, length);
				assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> type.read(cut));
			}
			body.release();
			sample.release();
		}
	}

	@ParameterizedTest
	@CsvFileSource(resources = "malformed-frames.csv", delimiter = '|')
	void aFrameThatMakesNoSenseIsRefused(String hex, ErrorCode code, String message) {
		ByteBuf content = bytes(hex.replace(" ", ""));
		ByteBuf in = this.buffers.of(content.readableBytes()).writeBytes(content);
		content.release();
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode(in))
			.withMessageContaining(message)
			.returns(code, ProtocolException::code);
		assertThat(this.decoded).isEmpty();
		in.release();
	}

	@Test
	void aFrameOfTheGreatestSizeIsTakenAndALongerOneRefusedByItsLengthAlone() {
		ByteBuf largest = this.buffers.of(0x40, MAX_FRAME_SIZE, 0x24, 0, 0, 0, 1, 0, 0).writeZero(MAX_FRAME_SIZE - 7);
		decode(largest);
		assertThat(this.decoded).hasSize(1);
		largest.release();
		ByteBuf longer = this.buffers.of(0x40, MAX_FRAME_SIZE + 1);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode(longer))
			.withMessage("A frame must have at most 200 bytes, has 201")
			.returns(ErrorCode.FRAME_TOO_LARGE, ProtocolException::code);
		longer.release();
	}

	@ParameterizedTest
	@ValueSource(strings = { "ffffffffffffffff", "c000000080000000", "bfffffff" })
	void anAbsurdLengthIsRefused(String hex) {
		ByteBuf in = bytes(hex);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode(in))
			.returns(ErrorCode.FRAME_TOO_LARGE, ProtocolException::code);
		in.release();
	}

	@ParameterizedTest
	@ValueSource(strings = { "020100", "021f00", "05010003ffff", "09ffffffffffffffff00" })
	void anUnknownFrameOfAnOddTypeIsSkipped(String hex) {
		ByteBuf in = bytes(hex).writeBytes(ByteBufUtil.decodeHexDump("021000"));
		decode(in);
		assertThat(this.decoded).containsExactly(new Frame.Ok());
		assertThat(in.isReadable()).isFalse();
		in.release();
	}

	@ParameterizedTest
	@CsvSource({ "020c00, 0xc", "03405e00, 0x5e", "09fffffffffffffffe00, 0x3ffffffffffffffe" })
	void anUnknownFrameOfAnEvenTypeIsRefused(String hex, String number) {
		ByteBuf in = bytes(hex);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode(in))
			.withMessage("Frame type %s is unknown and must not be skipped", number)
			.returns(ErrorCode.UNKNOWN_FRAME, ProtocolException::code);
		in.release();
	}

	@Test
	void framesBeforeABadOneAreDelivered() {
		ByteBuf in = bytes("0210010210020c");
		decode(in);
		in.writeByte(0);
		assertThat(this.decoded).hasSize(2);
		in.writeZero(20);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode(in));
		assertThat(this.decoded).hasSize(2);
		in.release();
	}

	@Test
	void numbersInALongerFormThanNeededAreRead() {
		ByteBuf in = bytes("8000000a" + "4010" + "c000000000000009");
		this.decoder.decode(in, (requestId, frame) -> {
			assertThat(requestId).isEqualTo(9);
			this.decoded.add(frame);
		});
		assertThat(this.decoded).containsExactly(new Frame.Ok());
		in.release();
	}

	@Test
	void anErrorCodeOfALaterVersionIsAnInternalError() {
		ByteBuf in = bytes("051200" + "7fff" + "00");
		decode(in);
		assertThat(this.decoded).containsExactly(new Frame.ErrorReply(ErrorCode.INTERNAL, ""));
		in.release();
	}

	@Test
	void aSinkThatThrowsHasTakenTheFrame() {
		ByteBuf in = bytes("0c24000000010000000000" + "0007" + "021000");
		assertThatIllegalStateException().isThrownBy(() -> this.decoder.decode(in, (requestId, frame) -> {
			frame.release();
			throw new IllegalStateException("on purpose");
		}));
		assertThat(in.refCnt()).isOne();
		assertThat(in.readableBytes()).isEqualTo(3);
		in.release();
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, 0, Varint.MAX_LENGTH + 1 })
	void aMaximumFrameSizeThatMakesNoSenseIsRefused(int size) {
		assertThatIllegalArgumentException().isThrownBy(() -> new FrameDecoder(size))
			.withMessage("The maximum frame size must be from 1 to 1073741823, was " + size);
	}

	private ByteBuf bodyOf(FrameType type, Frame frame) {
		ByteBuf body = this.buffers.empty();
		type.write(body, frame);
		return body;
	}

	private ByteBuf bytes(String hex) {
		return this.buffers.empty().writeBytes(ByteBufUtil.decodeHexDump(hex));
	}

	private void decode(ByteBuf in) {
		this.decoder.decode(in, (requestId, frame) -> this.decoded.add(frame));
	}

}
