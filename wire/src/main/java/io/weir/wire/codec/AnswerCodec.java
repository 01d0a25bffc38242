package io.weir.wire.codec;

import io.netty.buffer.ByteBuf;

import io.weir.wire.ErrorCode;
import io.weir.wire.Frame.ErrorReply;
import io.weir.wire.Frame.Ok;

/** The bodies of the answers that any request may get. */
final class AnswerCodec {

	private static final Ok OK = new Ok();

	private AnswerCodec() {
	}

	static void writeOk(ByteBuf out, Ok frame) {
		// Its type says everything.
	}

	static Ok readOk(ByteBuf body) {
		return OK;
	}

	static void writeError(ByteBuf out, ErrorReply frame) {
		Varint.write(out, "error code", frame.code().number());
		Text.writeReason(out, frame.message());
	}

	static ErrorReply readError(ByteBuf body) {
		ErrorCode code = ErrorCode.of(Varint.read(body, "error code"));
		return new ErrorReply(code, Text.LONG.read(body, "error message"));
	}

}
