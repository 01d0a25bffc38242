package io.weir.broker.session;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.StreamHandler;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/** A connection on which nothing happens, but for the end that a test gives it. */
final class IdleConnection implements Connection {

	private @Nullable ErrorCode closedWith;

	private final CompletableFuture<ProtocolException> closed = new CompletableFuture<>();

	private boolean admitted;

	private Executor executor = Runnable::run;

	/** What its event loop does with tasks from now on. */
	void executor(Executor executor) {
		this.executor = executor;
	}

	/** With what it was to be closed. */
	@Nullable ErrorCode closedWith() {
		return this.closedWith;
	}

	/** Whether its client has said who it is. */
	boolean isAdmitted() {
		return this.admitted;
	}

	/** The client goes. */
	void end() {
		this.closed.complete(new ProtocolException(ErrorCode.CONNECTION_LOST, "on purpose"));
	}

	@Override
	public void admit() {
		this.admitted = true;
	}

	@Override
	public void waits(long bytes) {
	}

	@Override
	public CompletionStage<FrameStream> openStream(StreamHandler handler) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void limitFrames(int maxFrameSize) {
	}

	@Override
	public boolean isOpen() {
		return true;
	}

	@Override
	public CompletionStage<ProtocolException> closed() {
		return this.closed;
	}

	@Override
	public CompletionStage<Void> close(ErrorCode code, String reason) {
		this.closedWith = code;
		return CompletableFuture.completedStage(null);
	}

	@Override
	public SocketAddress remoteAddress() {
		return new InetSocketAddress("127.0.0.1", 1);
	}

	@Override
	public Executor executor() {
		return this.executor;
	}

}
