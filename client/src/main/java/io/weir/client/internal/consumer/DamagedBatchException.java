package io.weir.client.internal.consumer;

import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/** A batch came damaged, and is to be asked for once more, over another connection. */
final class DamagedBatchException extends ProtocolException {

	DamagedBatchException(String message) {
		super(ErrorCode.CHECKSUM_MISMATCH, message);
	}

}
