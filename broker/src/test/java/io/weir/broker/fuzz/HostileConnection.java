package io.weir.broker.fuzz;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.netty.buffer.ByteBufAllocator;

import io.weir.transport.ConnectionAcceptor;
import io.weir.transport.fakes.FakeConnection;
import io.weir.transport.fakes.FakeStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.codec.FrameEncoder;

/** A connection without a network, whose event loop is the test's thread. */
final class HostileConnection {

	private final Queue<Runnable> eventLoop = new ConcurrentLinkedQueue<>();

	private final Map<Long, HostileStream> streams = new ConcurrentHashMap<>();

	private final ByteBufAllocator alloc;

	private final FakeConnection connection;

	HostileConnection(ConnectionAcceptor acceptor, ByteBufAllocator alloc) {
		this.alloc = alloc;
		this.connection = FakeConnection.ofServer(acceptor, this.eventLoop::add, this::written);
		this.connection.refuseStreams();
	}

	private void written(FakeStream on, long requestId, Frame frame) {
		HostileStream stream = this.streams.get(on.id());
		if (stream != null) {
			stream.written(requestId, frame);
		}
		// A frame that cannot be encoded is an answer that never comes.
		FrameEncoder.BASIC.encode(this.alloc, requestId, frame).release();
	}

	/** The client opens a stream. */
	HostileStream open() {
		HostileStream stream = new HostileStream(this.connection.openedByPeer(), this.alloc);
		this.streams.put(stream.id(), stream);
		return stream;
	}

	/** The streams that are open. */
	List<HostileStream> streams() {
		this.streams.values().removeIf((stream) -> !stream.isOpen());
		return List.copyOf(this.streams.values());
	}

	void runEventLoop() {
		for (Runnable task = this.eventLoop.poll(); task != null; task = this.eventLoop.poll()) {
			task.run();
		}
	}

	void close(ErrorCode code, String reason) {
		this.connection.close(code, reason);
	}

	boolean isOpen() {
		return this.connection.isOpen();
	}

}
