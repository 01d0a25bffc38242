package io.weir.wire.codec;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.wire.BacklogReport;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame.ErrorReply;
import io.weir.wire.Frame.Ok;
import io.weir.wire.Position;

/** The bodies of the answers that any request may get. */
final class AnswerCodec {

	private static final Ok OK = new Ok();

	private AnswerCodec() {
	}

	/** Most often its type says everything. */
	static void writeOk(ByteBuf out, Ok frame) {
		Position firstKept = frame.firstKept();
		if (firstKept != null) {
			Options.write(out, ReservedOption.FIRST_KEPT, (value) -> Positions.write(value, firstKept));
		}
		BacklogReport backlog = frame.backlog();
		if (backlog != null) {
			Options.write(out, ReservedOption.BACKLOG, (value) -> {
				Varint.write(value, "number of messages", backlog.messages());
				Varint.write(value, "oldest message", backlog.oldest() + 1);
			});
		}
	}

	static Ok readOk(ByteBuf body) {
		if (!body.isReadable()) {
			return OK;
		}
		OkOptions options = new OkOptions();
		Options.read(body, FrameType.OK, options::take);
		return new Ok(options.firstKept, options.backlog);
	}

	static void writeError(ByteBuf out, ErrorReply frame) {
		Varint.write(out, "error code", frame.code().number());
		Text.writeReason(out, frame.message());
	}

	static ErrorReply readError(ByteBuf body) {
		ErrorCode code = ErrorCode.of(Varint.read(body, "error code"));
		return new ErrorReply(code, Text.LONG.read(body, "error message"));
	}

	/** What the broker may add to its consent. */
	private static final class OkOptions {

		private @Nullable Position firstKept;

		private @Nullable BacklogReport backlog;

		private boolean take(long number, ByteBuf value) {
			if (number == ReservedOption.FIRST_KEPT.number()) {
				this.firstKept = Positions.read(value);
				return true;
			}
			if (number == ReservedOption.BACKLOG.number()) {
				long messages = Varint.read(value, "number of messages");
				this.backlog = new BacklogReport(messages, Varint.read(value, "oldest message") - 1);
				return true;
			}
			return false;
		}

	}

}
