package io.weir.transport;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * Notes the batches that come on a stream, and how it ends; what else comes is for
 * another handler.
 */
final class HeardStream implements StreamHandler {

	private final List<Long> sequences = new CopyOnWriteArrayList<>();

	private final List<Integer> sizes = new CopyOnWriteArrayList<>();

	private final CompletableFuture<Optional<Throwable>> end = new CompletableFuture<>();

	private final StreamHandler handler;

	/** The server's side of the stream; {@code null} on the side that opened it. */
	private final @Nullable FrameStream stream;

	HeardStream(StreamHandler handler, @Nullable FrameStream stream) {
		this.handler = handler;
		this.stream = stream;
	}

	@Override
	public void onFrame(FrameStream on, long requestId, Frame frame) {
		if (frame instanceof Frame.Publish publish) {
			this.sizes.add(isWhole(publish) ? publish.batch().readableBytes() : -1);
			this.sequences.add(publish.firstSequence());
		}
		this.handler.onFrame(on, requestId, frame);
	}

	/** A batch is full of the number that it comes with. */
	private static boolean isWhole(Frame.Publish publish) {
		ByteBuf batch = publish.batch();
		byte expected = (byte) publish.firstSequence();
		return batch.forEachByte((value) -> value == expected) == -1;
	}

	@Override
	public void onClosed(FrameStream on, @Nullable Throwable cause) {
		this.end.complete(Optional.ofNullable(cause));
	}

	FrameStream stream() {
		if (this.stream == null) {
			throw new IllegalStateException("The side that opened a stream has it");
		}
		return this.stream;
	}

	/** The numbers of the batches that came, in this order. */
	List<Long> sequences() {
		return this.sequences;
	}

	/** How long they were; below zero if one was not whole. */
	List<Integer> sizes() {
		return this.sizes;
	}

	/** Done when the stream has ended. */
	CompletableFuture<Optional<Throwable>> end() {
		return this.end;
	}

	/** With which code it ended; {@code null} if in order. */
	static @Nullable ErrorCode code(Optional<Throwable> end) {
		return end.map((cause) -> ((ProtocolException) cause).code()).orElse(null);
	}

}
