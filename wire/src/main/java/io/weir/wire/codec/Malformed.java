package io.weir.wire.codec;

import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;
import io.weir.wire.ProtocolLimitException;

/** The two ways in which bytes or values can be wrong. */
final class Malformed {

	private Malformed() {
	}

	/** Bytes that have no meaning. */
	static ProtocolException bytes(String message) {
		return new ProtocolException(ErrorCode.PROTOCOL_VIOLATION, message);
	}

	static ProtocolException truncated(String what) {
		return bytes("The bytes end before or within the " + what);
	}

	/** A value that is not allowed. */
	static ProtocolException value(String message) {
		return new ProtocolException(ErrorCode.INVALID_REQUEST, message);
	}

	/** A value that exceeds a limit. */
	static ProtocolException tooMuch(String message) {
		return new ProtocolLimitException(ErrorCode.INVALID_REQUEST, message);
	}

	static ProtocolException outside(String what, long min, long max, long value) {
		return tooMuch("The " + what + " must be from " + min + " to " + max + ", was " + value);
	}

}
