package io.weir.wire.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class VarintTest {

	@RegisterExtension
	final Buffers buffers = new Buffers();

	/** The first four and the last are the examples of RFC 9000 §A.1. */
	@ParameterizedTest
	@CsvSource({ "c2197c5eff14e88c, 151288809941952652", "9d7f3e7d, 494878333", "7bbd, 15293", "25, 37", "00, 0",
			"3f, 63", "4040, 64", "7fff, 16383", "80004000, 16384", "bfffffff, 1073741823",
			"c000000040000000, 1073741824", "ffffffffffffffff, 4611686018427387903" })
	void numbersAreWrittenInTheShortestForm(String hex, long value) {
		ByteBuf out = this.buffers.empty();
		Varint.write(out, "number", value);
		assertThat(ByteBufUtil.hexDump(out)).isEqualTo(hex);
		assertThat(Varint.sizeOf(value)).isEqualTo(out.readableBytes());
		assertThat(Varint.read(out, "number")).isEqualTo(value);
		assertThat(out.isReadable()).isFalse();
		out.release();
	}

	@ParameterizedTest
	@ValueSource(strings = { "4025", "80000025", "c000000000000025" })
	void longerFormsAreReadAsWell(String hex) {
		ByteBuf in = this.buffers.empty().writeBytes(ByteBufUtil.decodeHexDump(hex));
		assertThat(Varint.read(in, "number")).isEqualTo(37);
		in.release();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "40", "800000", "c0000000000000" })
	void aNumberThatHasNotArrivedIsNotComplete(String hex) {
		ByteBuf in = this.buffers.empty().writeBytes(ByteBufUtil.decodeHexDump(hex));
		assertThat(Varint.isComplete(in)).isFalse();
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> Varint.read(in, "number"))
			.withMessageContaining("number")
			.returns(ErrorCode.PROTOCOL_VIOLATION, ProtocolException::code);
		in.release();
	}

	@Test
	void whatDoesNotFitIsRefusedAndNothingIsWritten() {
		ByteBuf out = this.buffers.empty();
		for (long value : new long[] { -1, Long.MIN_VALUE, Varint.MAX + 1, Long.MAX_VALUE }) {
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> Varint.write(out, "number", value))
				.withMessage("The number must be from 0 to 4611686018427387903, was " + value)
				.returns(ErrorCode.INVALID_REQUEST, ProtocolException::code);
		}
		assertThat(out.isReadable()).isFalse();
		out.release();
	}

}
