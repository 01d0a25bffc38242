package io.weir.wire.codec;

import org.jspecify.annotations.Nullable;

import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/** A later version asks for something that must be understood, and is not. */
final class UnknownOptionException extends ProtocolException {

	/**
	 * Creates the exception.
	 * @param frame where the option was found, or {@code null} for a message
	 */
	UnknownOptionException(@Nullable FrameType frame, long number) {
		super(ErrorCode.NOT_SUPPORTED, "Option " + number + meaning(frame, number) + " of "
				+ ((frame != null) ? frame : "a message") + " is not known here and must not be passed over");
	}

	private static String meaning(@Nullable FrameType frame, long number) {
		ReservedOption reserved = ReservedOption.of(number, frame);
		return (reserved != null) ? " (" + reserved + ")" : "";
	}

}
