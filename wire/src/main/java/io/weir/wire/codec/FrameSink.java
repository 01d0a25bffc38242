package io.weir.wire.codec;

import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/** Takes the frames that a {@link FrameDecoder} finds. */
@FunctionalInterface
public interface FrameSink {

	/**
	 * Takes a frame.
	 * @param requestId the request that the frame is or answers; 0 if it is neither
	 * @param frame the frame, which the sink must release or pass on, also if it throws
	 */
	void frame(long requestId, Frame frame);

	/**
	 * Takes notice of a frame that is dropped, however many fragments of it come: it is
	 * too much now, or has an option that is not known and must not be passed over.
	 * @param requestId the request that the frame is or answers; 0 if it is neither
	 * @param cause why
	 * @throws ProtocolException unless the sink can tell whoever asked
	 */
	default void refused(long requestId, ProtocolException cause) {
		throw cause;
	}

}
