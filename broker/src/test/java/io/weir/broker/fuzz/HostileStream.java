package io.weir.broker.fuzz;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.transport.Connection;
import io.weir.transport.FrameStream;
import io.weir.transport.StreamHandler;
import io.weir.wire.ErrorCode;
import io.weir.wire.ErrorCode.Severity;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.FrameDecoder;
import io.weir.wire.codec.FrameEncoder;

/**
 * A stream of a {@link HostileConnection}: treats bytes as the transport does, and counts
 * the answers to each request.
 */
final class HostileStream implements FrameStream {

	private final FrameDecoder decoder = new FrameDecoder(4000);

	/** By request id, how many answers are missing; below zero, one came too often. */
	private final Map<Long, Integer> missing = new ConcurrentHashMap<>();

	private final HostileConnection connection;

	private final long id;

	private final StreamHandler handler;

	private byte[] rest = new byte[0];

	private volatile boolean open = true;

	private volatile boolean reading = true;

	HostileStream(HostileConnection connection, long id) {
		this.connection = connection;
		this.id = id;
		this.handler = connection.acceptor().accept(this);
	}

	/** Bytes of the client arrive. What remains is the beginning of a frame. */
	void receive(byte[] bytes) {
		ByteBuf in = this.connection.alloc().buffer().writeBytes(this.rest).writeBytes(bytes);
		try {
			this.decoder.decode(in, this::dispatch);
			this.rest = new byte[in.readableBytes()];
			in.readBytes(this.rest);
		}
		catch (ProtocolException ex) {
			if (ex.code().severity() == Severity.CONNECTION) {
				this.connection.close(ex.code(), String.valueOf(ex.getMessage()));
			}
			else {
				end(ex);
			}
		}
		finally {
			in.release();
		}
	}

	private void dispatch(long requestId, Frame frame) {
		// Fragments never come as far as a session.
		if (!this.open || frame instanceof Frame.Fragment) {
			frame.release();
			return;
		}
		if (requestId != 0 && isRequest(frame)) {
			this.missing.merge(requestId, 1, HostileStream::sum);
		}
		this.handler.onFrame(this, requestId, frame);
	}

	private static boolean isRequest(Frame frame) {
		return !(frame instanceof Frame.Flow || frame instanceof Frame.NegativeAcknowledge
				|| frame instanceof Frame.Pong);
	}

	private static @Nullable Integer sum(Integer one, Integer other) {
		return (one + other != 0) ? one + other : null;
	}

	boolean hasRest() {
		return this.rest.length > 0;
	}

	boolean isReading() {
		return this.reading;
	}

	/** What was not answered once each, though the stream is open. */
	Map<Long, Integer> missing() {
		return this.open ? this.missing : Map.of();
	}

	void end(@Nullable ProtocolException cause) {
		if (this.open) {
			this.open = false;
			this.handler.onClosed(this, cause);
		}
	}

	@Override
	public CompletionStage<Void> write(long requestId, Frame frame) {
		if (requestId != 0 && !(frame instanceof Frame.Ping)) {
			this.missing.merge(requestId, -1, HostileStream::sum);
		}
		// A frame that cannot be encoded is an answer that never comes.
		FrameEncoder.encode(this.connection.alloc(), requestId, frame).release();
		return CompletableFuture.completedFuture(null);
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
	public boolean isOpen() {
		return this.open && this.connection.isOpen();
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
		this.connection.executor().execute(() -> end(null));
	}

	@Override
	public void reset(ErrorCode code) {
		this.connection.executor().execute(() -> end(new ProtocolException(code, "reset")));
	}

}
