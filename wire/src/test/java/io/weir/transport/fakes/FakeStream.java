package io.weir.transport.fakes;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

import io.weir.transport.FrameStream;
import io.weir.transport.StreamHandler;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/** A stream of a {@link FakeConnection}. */
public final class FakeStream implements FrameStream {

	private final long id;

	private final FakeConnection connection;

	private final @Nullable FakePeer peer;

	private final List<Frame> said = new CopyOnWriteArrayList<>();

	private final List<Long> requestIds = new CopyOnWriteArrayList<>();

	private @Nullable StreamHandler handler;

	private volatile boolean open = true;

	private volatile boolean reading = true;

	private boolean prioritised;

	/**
	 * Creates a stream that notes what is written on it.
	 * @param id its number
	 */
	public FakeStream(long id) {
		this(id, new FakeConnection());
	}

	/**
	 * Creates a stream that notes what is written on it.
	 * @param id its number
	 * @param connection its connection, which does not know it
	 */
	public FakeStream(long id, FakeConnection connection) {
		this(id, connection, null);
	}

	FakeStream(long id, FakeConnection connection, @Nullable FakePeer peer) {
		this.id = id;
		this.connection = connection;
		this.peer = peer;
	}

	/**
	 * Sets who is told what comes and that the stream has ended.
	 * @param handler as a carrier would be given it
	 */
	public void handler(StreamHandler handler) {
		this.handler = handler;
	}

	/**
	 * What was written on the stream, if its connection has no peer to take it.
	 * @return the frames, which are released
	 */
	public List<Frame> said() {
		return this.said;
	}

	/**
	 * With which request ids that was.
	 * @return one for each frame
	 */
	public List<Long> requestIds() {
		return this.requestIds;
	}

	/**
	 * Whether frames are wanted.
	 * @return as {@link #setReading(boolean)} was told
	 */
	public boolean isReading() {
		return this.reading;
	}

	/**
	 * Whether the stream goes before others.
	 * @return whether {@link #prioritise()} was called
	 */
	public boolean isPrioritised() {
		return this.prioritised;
	}

	/**
	 * The peer says something, which is released if the stream has ended.
	 * @param requestId the request that it is or answers, or 0
	 * @param frame what it says
	 */
	public void say(long requestId, Frame frame) {
		if (this.open && this.handler != null) {
			this.handler.onFrame(this, requestId, frame);
		}
		else {
			frame.release();
		}
	}

	/**
	 * The stream ends, and the connection lives on. Harmless when ended.
	 * @param cause why; {@code null} if in order
	 */
	public void end(@Nullable ProtocolException cause) {
		if (this.open) {
			this.open = false;
			if (this.handler != null) {
				this.handler.onClosed(this, cause);
			}
		}
	}

	@Override
	public long id() {
		return this.id;
	}

	@Override
	public FakeConnection connection() {
		return this.connection;
	}

	@Override
	public CompletionStage<Void> write(long requestId, Frame frame) {
		if (!this.open) {
			frame.release();
			return CompletableFuture
				.failedStage(new ProtocolException(ErrorCode.CONNECTION_LOST, "The stream has ended"));
		}
		if (this.peer != null) {
			this.peer.receive(this, requestId, frame);
		}
		else {
			this.said.add(frame);
			this.requestIds.add(requestId);
			frame.release();
		}
		return CompletableFuture.completedStage(null);
	}

	@Override
	public boolean isOpen() {
		return this.open;
	}

	@Override
	public void setReading(boolean reading) {
		this.reading = reading;
	}

	@Override
	public void prioritise() {
		this.prioritised = true;
	}

	@Override
	public void close() {
		this.connection.executor().execute(() -> end(null));
	}

	@Override
	public void reset(ErrorCode code) {
		this.connection.executor().execute(() -> end(new ProtocolException(code, "The stream was reset: " + code)));
	}

	@Override
	public String toString() {
		return "stream " + this.id;
	}

}
