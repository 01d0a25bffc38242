package io.weir.wire.codec;

import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/** A later version asks for something that must be understood, and is not. */
final class UnknownOptionException extends ProtocolException {

	UnknownOptionException(String where, long number) {
		super(ErrorCode.NOT_SUPPORTED,
				"Option " + number + " of " + where + " is not known here and must not be passed over");
	}

}
