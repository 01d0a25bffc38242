package io.weir.transport.fakes;

import io.weir.wire.Frame;

/** The other side of a {@link FakeConnection}: takes what is written to it. */
@FunctionalInterface
public interface FakePeer {

	/**
	 * A frame was written.
	 * @param stream on which it was written, and can be answered
	 * @param requestId the request that it is or answers; 0 if it is neither
	 * @param frame the frame, which is to be released here. If this method throws, so
	 * does the writing, which a carrier does for want of memory only
	 */
	void receive(FakeStream stream, long requestId, Frame frame);

}
