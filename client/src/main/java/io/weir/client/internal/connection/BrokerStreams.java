package io.weir.client.internal.connection;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.weir.transport.FrameStream;
import io.weir.transport.StreamAcceptor;
import io.weir.transport.StreamHandler;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * Takes the streams that the broker opens on one connection: answers its pings and passes
 * deliveries on to those they are for. What comes for nobody, since its consumer has just
 * been closed, is dropped: the broker delivers it again. Safe to use from any thread.
 */
final class BrokerStreams implements StreamAcceptor, StreamHandler {

	private final Map<Long, Consumer<Frame>> receivers = new ConcurrentHashMap<>();

	/**
	 * Says who takes the deliveries for a consumer.
	 * @param id its number in the session
	 * @param receiver must release the frames and not block; called on the event loop
	 */
	void add(long id, Consumer<Frame> receiver) {
		this.receivers.put(id, receiver);
	}

	void remove(long id) {
		this.receivers.remove(id);
	}

	@Override
	public StreamHandler accept(FrameStream stream) {
		return this;
	}

	@Override
	public void onFrame(FrameStream stream, long requestId, Frame frame) {
		if (frame instanceof Frame.Ping ping) {
			stream.write(requestId, new Frame.Pong(ping.nonce()));
		}
		else if (frame instanceof Frame.Deliver deliver) {
			deliver(deliver);
		}
		else {
			frame.release();
			// The broker says why it is about to reset the stream.
			if (!(frame instanceof Frame.ErrorReply)) {
				throw new ProtocolException(ErrorCode.PROTOCOL_VIOLATION,
						frame.getClass().getSimpleName() + " must not come on a stream that the broker opened");
			}
		}
	}

	private void deliver(Frame.Deliver deliver) {
		@Nullable Consumer<Frame> receiver = this.receivers.get(deliver.consumerId());
		if (receiver != null) {
			receiver.accept(deliver);
		}
		else {
			deliver.release();
		}
	}

}
