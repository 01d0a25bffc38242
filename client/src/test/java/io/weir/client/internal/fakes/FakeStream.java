package io.weir.client.internal.fakes;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.StreamHandler;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/** A stream to a {@link FakeBroker}. */
public final class FakeStream implements FrameStream {

	private final long id;

	private final FakeConnection connection;

	private final StreamHandler handler;

	private final FakeBroker broker;

	private boolean open = true;

	FakeStream(long id, FakeConnection connection, StreamHandler handler, FakeBroker broker) {
		this.id = id;
		this.connection = connection;
		this.handler = handler;
		this.broker = broker;
	}

	@Override
	public long id() {
		return this.id;
	}

	@Override
	public Connection connection() {
		return this.connection;
	}

	@Override
	public CompletionStage<Void> write(long requestId, Frame frame) {
		if (!this.open) {
			frame.release();
			return CompletableFuture
				.failedStage(new ProtocolException(ErrorCode.CONNECTION_LOST, "The stream has ended"));
		}
		this.broker.receive(this, requestId, frame);
		return CompletableFuture.completedStage(null);
	}

	/** The broker says something. */
	public void say(long requestId, Frame frame) {
		if (this.open) {
			this.handler.onFrame(this, requestId, frame);
		}
		else {
			frame.release();
		}
	}

	/** The stream breaks, and the connection lives on. */
	public void end(@Nullable ProtocolException cause) {
		if (this.open) {
			this.open = false;
			this.handler.onClosed(this, cause);
		}
	}

	@Override
	public boolean isOpen() {
		return this.open;
	}

	@Override
	public void setReading(boolean reading) {
	}

	@Override
	public void prioritise() {
	}

	@Override
	public void close() {
		end(null);
	}

	@Override
	public void reset(ErrorCode code) {
		end(new ProtocolException(code, "reset"));
	}

	@Override
	public String toString() {
		return "stream " + this.id;
	}

}
