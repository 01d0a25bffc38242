package io.weir.transport;

import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Receives what arrives on a stream. All calls for the streams of one connection come
 * from that connection's event loop, so they must not block.
 */
public interface StreamHandler {

	/**
	 * A frame arrived.
	 * @param stream the stream
	 * @param requestId the request that it is or answers; 0 if it is neither
	 * @param frame the frame, which the handler must release or pass on. If this method
	 * throws, the frame counts as taken, and the stream is reset: with the code of a
	 * {@link ProtocolException}, else as internal error
	 */
	void onFrame(FrameStream stream, long requestId, Frame frame);

	/**
	 * A frame was dropped, since it is too much now, or has an option that is not known
	 * here and must not be passed over. Unless told otherwise the peer gets an
	 * {@link Frame.ErrorReply}.
	 * @param stream the stream
	 * @param requestId the request that it is or answers; not 0
	 * @param cause why
	 */
	default void onRefused(FrameStream stream, long requestId, ProtocolException cause) {
		stream.write(requestId, new Frame.ErrorReply(cause.code(), String.valueOf(cause.getMessage())));
	}

	/**
	 * Whether anything was asked on the stream that is not answered.
	 * @return whether an answer is awaited
	 */
	default boolean awaitsAnswer() {
		return false;
	}

	/**
	 * The stream ended; called once, and nothing after it.
	 * @param stream the stream
	 * @param cause why, or {@code null} if it ended in order
	 */
	default void onClosed(FrameStream stream, @Nullable Throwable cause) {
	}

}
