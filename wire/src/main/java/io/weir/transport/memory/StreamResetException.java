package io.weir.transport.memory;

import java.io.IOException;

import io.weir.wire.ErrorCode;

/** The peer has reset a stream. */
final class StreamResetException extends IOException {

	private final ErrorCode code;

	StreamResetException(ErrorCode code) {
		super("The peer reset the stream: " + code);
		this.code = code;
	}

	ErrorCode code() {
		return this.code;
	}

}
