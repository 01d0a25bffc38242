package io.weir.broker.fuzz;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

import io.netty.buffer.ByteBufAllocator;

import io.weir.transport.Connection;
import io.weir.transport.ConnectionAcceptor;
import io.weir.transport.FrameStream;
import io.weir.transport.StreamAcceptor;
import io.weir.transport.StreamHandler;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/** A connection without a network, whose event loop is the test's thread. */
final class HostileConnection implements Connection {

	private final Queue<Runnable> eventLoop = new ConcurrentLinkedQueue<>();

	private final CompletableFuture<ProtocolException> closed = new CompletableFuture<>();

	private final List<HostileStream> streams = new ArrayList<>();

	private final ByteBufAllocator alloc;

	private final StreamAcceptor acceptor;

	private long nextStream;

	HostileConnection(ConnectionAcceptor acceptor, ByteBufAllocator alloc) {
		this.alloc = alloc;
		this.acceptor = acceptor.accept(this);
	}

	ByteBufAllocator alloc() {
		return this.alloc;
	}

	StreamAcceptor acceptor() {
		return this.acceptor;
	}

	/** The client opens a stream. */
	HostileStream open() {
		HostileStream stream = new HostileStream(this, this.nextStream);
		this.nextStream += 4;
		this.streams.add(stream);
		return stream;
	}

	/** The streams that are open. */
	List<HostileStream> streams() {
		this.streams.removeIf((stream) -> !stream.isOpen());
		return this.streams;
	}

	void runEventLoop() {
		for (Runnable task = this.eventLoop.poll(); task != null; task = this.eventLoop.poll()) {
			task.run();
		}
	}

	@Override
	public CompletionStage<Void> close(ErrorCode code, String reason) {
		if (!this.closed.isDone()) {
			ProtocolException cause = new ProtocolException(code, reason);
			this.closed.complete(cause);
			this.streams.forEach((stream) -> stream.end(cause));
		}
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public void limitFrames(int maxFrameSize) {
	}

	@Override
	public void admit() {
	}

	@Override
	public void waits(long bytes) {
	}

	@Override
	public boolean isOpen() {
		return !this.closed.isDone();
	}

	@Override
	public CompletionStage<ProtocolException> closed() {
		return this.closed.minimalCompletionStage();
	}

	@Override
	public SocketAddress remoteAddress() {
		return InetSocketAddress.createUnresolved("hostile", 1);
	}

	@Override
	public Executor executor() {
		return this.eventLoop::add;
	}

	@Override
	public CompletionStage<FrameStream> openStream(StreamHandler handler) {
		return CompletableFuture.failedStage(new UnsupportedOperationException("Not here"));
	}

}
