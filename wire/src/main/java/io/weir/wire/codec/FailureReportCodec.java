package io.weir.wire.codec;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.message.DeadLetterCause;
import io.weir.wire.FailureReport;

/**
 * What is said of messages that are given back: the error is a field of the frame, and
 * the cause an option of it, which older brokers pass over.
 */
final class FailureReportCodec {

	private @Nullable DeadLetterCause cause;

	private FailureReportCodec() {
	}

	static void writeCause(ByteBuf out, FailureReport report) {
		DeadLetterCause cause = report.cause();
		if (cause != null) {
			Options.write(out, ReservedOption.FAILURE_CAUSE, (value) -> {
				Text.writeReason(value, cause.exception());
				Text.writeReason(value, cause.message());
				Text.writeReason(value, cause.stackTrace());
			});
		}
	}

	/** Reads to the end of the frame. */
	static FailureReport read(ByteBuf body, String error) {
		FailureReportCodec options = new FailureReportCodec();
		Options.read(body, FrameType.NACK, options::take);
		return new FailureReport(error, options.cause);
	}

	private boolean take(long number, ByteBuf value) {
		if (number != ReservedOption.FAILURE_CAUSE.number()) {
			return false;
		}
		String exception = Text.LONG.read(value, "exception");
		String message = Text.LONG.read(value, "exception's message");
		this.cause = new DeadLetterCause(exception, message, Text.LONG.read(value, "stack trace"));
		if (value.isReadable()) {
			throw Malformed.bytes("The failure's cause has " + value.readableBytes() + " bytes too many");
		}
		return true;
	}

}
