package io.weir.broker.fuzz;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

import io.weir.transport.fakes.FakeStream;
import io.weir.wire.ErrorCode.Severity;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.FrameDecoder;

/**
 * A stream of a {@link HostileConnection}: treats bytes as the transport does, and counts
 * the answers to each request.
 */
final class HostileStream {

	private final FrameDecoder decoder = new FrameDecoder(4000);

	/** By request id, how many answers are missing; below zero, one came too often. */
	private final Map<Long, Integer> missing = new ConcurrentHashMap<>();

	private final FakeStream stream;

	private final ByteBufAllocator alloc;

	private byte[] rest = new byte[0];

	HostileStream(FakeStream stream, ByteBufAllocator alloc) {
		this.stream = stream;
		this.alloc = alloc;
	}

	/** Bytes of the client arrive. What remains is the beginning of a frame. */
	void receive(byte[] bytes) {
		ByteBuf in = this.alloc.buffer().writeBytes(this.rest).writeBytes(bytes);
		try {
			this.decoder.decode(in, this::dispatch);
			this.rest = new byte[in.readableBytes()];
			in.readBytes(this.rest);
		}
		catch (ProtocolException ex) {
			if (ex.code().severity() == Severity.CONNECTION) {
				this.stream.connection().close(ex.code(), String.valueOf(ex.getMessage()));
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
		if (!isOpen() || frame instanceof Frame.Fragment) {
			frame.release();
			return;
		}
		if (requestId != 0 && isRequest(frame)) {
			this.missing.merge(requestId, 1, HostileStream::sum);
		}
		this.stream.say(requestId, frame);
	}

	private static boolean isRequest(Frame frame) {
		return !(frame instanceof Frame.Flow || frame instanceof Frame.NegativeAcknowledge
				|| frame instanceof Frame.Pong);
	}

	private static @Nullable Integer sum(Integer one, Integer other) {
		return (one + other != 0) ? one + other : null;
	}

	/** The broker has written on the stream; on any thread. */
	void written(long requestId, Frame frame) {
		if (requestId != 0 && !(frame instanceof Frame.Ping)) {
			this.missing.merge(requestId, -1, HostileStream::sum);
		}
	}

	long id() {
		return this.stream.id();
	}

	boolean isOpen() {
		return this.stream.isOpen();
	}

	boolean isReading() {
		return this.stream.isReading();
	}

	boolean hasRest() {
		return this.rest.length > 0;
	}

	/** What was not answered once each, though the stream is open. */
	Map<Long, Integer> missing() {
		return isOpen() ? this.missing : Map.of();
	}

	void end(@Nullable ProtocolException cause) {
		this.stream.end(cause);
	}

}
