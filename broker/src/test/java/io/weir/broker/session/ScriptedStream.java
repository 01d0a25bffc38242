package io.weir.broker.session;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;

/** A stream that notes whether it is read. */
final class ScriptedStream implements FrameStream {

	private final long id;

	private final Connection connection;

	private final List<Frame> said = new ArrayList<>();

	private final List<Long> requestIds = new ArrayList<>();

	private boolean reading = true;

	ScriptedStream(long id) {
		this(id, new IdleConnection());
	}

	ScriptedStream(long id, Connection connection) {
		this.id = id;
		this.connection = connection;
	}

	/** What was written on it. */
	List<Frame> said() {
		return this.said;
	}

	/** With which request ids that was. */
	List<Long> requestIds() {
		return this.requestIds;
	}

	boolean isReading() {
		return this.reading;
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
		this.said.add(frame);
		this.requestIds.add(requestId);
		frame.release();
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public boolean isOpen() {
		return true;
	}

	@Override
	public void setReading(boolean reading) {
		this.reading = reading;
	}

	@Override
	public void prioritise() {
	}

	@Override
	public void close() {
	}

	@Override
	public void reset(ErrorCode code) {
	}

}
