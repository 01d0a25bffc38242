package io.weir.client.internal.connection;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.weir.pool.Lease;
import io.weir.transport.RequestStream;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * The use of a stream for as long as a producer or consumer lives, alone or together with
 * others. Ended by whoever took it, once; then the stream goes on for the others, or back
 * to its pool. Safe to use from any thread.
 */
public final class StreamShare implements Lease<RequestStream> {

	private static final long NOBODY = -1;

	private final AtomicBoolean ended = new AtomicBoolean();

	private final SharedStreams streams;

	private final SharedStream stream;

	private volatile long listener = NOBODY;

	StreamShare(SharedStreams streams, SharedStream stream) {
		this.streams = streams;
		this.stream = stream;
	}

	/**
	 * Says who is told of what comes on the stream unasked.
	 * @param id the number in the session of the producer or consumer
	 * @param pushes given what is for it, and what names nobody; must release the frames;
	 * called on the event loop
	 * @param end told once why the stream has ended; at once if it has
	 */
	public void listen(long id, Consumer<Frame> pushes, Consumer<ProtocolException> end) {
		this.listener = id;
		this.stream.add(id, pushes, end);
	}

	@Override
	public RequestStream resource() {
		if (this.ended.get()) {
			throw new IllegalStateException("The lease has ended");
		}
		return this.stream.lease.join().resource();
	}

	@Override
	public void hold() {
		// It is meant to last.
	}

	/**
	 * Ends the use, once.
	 * @param sound whether the stream can be lent again when nobody uses it any more
	 * @return whether nobody uses it any more
	 */
	public boolean end(boolean sound) {
		if (!this.ended.compareAndSet(false, true)) {
			return false;
		}
		if (this.listener != NOBODY) {
			this.stream.remove(this.listener);
		}
		return this.streams.leave(this.stream, sound);
	}

	@Override
	public void invalidate() {
		end(false);
	}

	@Override
	public void close() {
		end(true);
	}

}
