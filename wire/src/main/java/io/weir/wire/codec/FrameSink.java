package io.weir.wire.codec;

import io.weir.wire.Frame;

/** Takes the frames that a {@link FrameDecoder} finds. */
@FunctionalInterface
public interface FrameSink {

	/**
	 * Takes a frame.
	 * @param requestId the request that the frame is or answers; 0 if it is neither
	 * @param frame the frame, which the sink must release or pass on, also if it throws
	 */
	void frame(long requestId, Frame frame);

}
