package io.weir.transport;

import java.util.concurrent.CompletionStage;

import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;

/**
 * A bidirectional stream that carries frames. Safe to use from any thread; frames written
 * by one thread arrive in the order written.
 */
public interface FrameStream {

	/**
	 * The stream's number in its connection.
	 * @return the id
	 */
	long id();

	/**
	 * The connection that the stream belongs to.
	 * @return the connection
	 */
	Connection connection();

	/**
	 * Queues a frame. Never blocks; the caller bounds what is in flight.
	 * @param requestId the request that the frame is or answers, or 0
	 * @param frame the frame; the stream releases it, also when writing fails
	 * @return completes when the frame was handed to the carrier, or exceptionally with
	 * {@link io.weir.wire.ProtocolException}
	 */
	CompletionStage<Void> write(long requestId, Frame frame);

	/**
	 * Whether frames can be written, as far as is known. Costs nothing.
	 * @return whether the stream is open
	 */
	boolean isOpen();

	/**
	 * Starts or stops taking bytes from the stream, so that flow control holds the peer
	 * back.
	 * @param reading whether to read
	 */
	void setReading(boolean reading);

	/**
	 * From now on what is written here goes before what was written to others, as on a
	 * control stream. Each side decides that for what it sends.
	 */
	void prioritise();

	/**
	 * Ends the stream in order, after what was queued. Harmless when closed.
	 */
	void close();

	/**
	 * Ends the stream at once, in both directions. Harmless when closed.
	 * @param code why
	 */
	void reset(ErrorCode code);

}
