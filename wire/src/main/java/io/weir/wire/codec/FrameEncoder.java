package io.weir.wire.codec;

import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

import io.weir.wire.ErrorCode;
import io.weir.wire.Feature;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * Turns frames into bytes that the peer understands: what belongs to a {@link Feature} is
 * written only to who has named it. Safe to use from any thread.
 */
public final class FrameEncoder {

	/** For who has not said what it knows. */
	public static final FrameEncoder BASIC = new FrameEncoder(Set.of());

	/** Enough for the fields of most frames. */
	private static final int INITIAL_CAPACITY = 128;

	/**
	 * Copying a batch up to this size is cheaper than carrying it as a buffer of its own.
	 */
	private static final int MAX_COPIED_BATCH = 1024;

	private final Set<Feature> features;

	/**
	 * Creates an encoder.
	 * @param features what the peer has named
	 */
	public FrameEncoder(Set<Feature> features) {
		this.features = Set.copyOf(features);
	}

	/**
	 * Encodes a frame. A large batch is not copied but becomes a component of the result.
	 * @param alloc where buffers come from
	 * @param requestId the request that the frame is or answers; 0 if it is neither
	 * @param frame the frame; released here or with the result, also on failure
	 * @return the bytes, which the caller must release
	 * @throws ProtocolException {@link ErrorCode#INVALID_REQUEST} if a value is not
	 * allowed, {@link ErrorCode#FRAME_TOO_LARGE} if no decoder could take the frame,
	 * {@link ErrorCode#NOT_SUPPORTED} if the peer has not named a feature that it needs
	 */
	public ByteBuf encode(ByteBufAllocator alloc, long requestId, Frame frame) {
		ByteBuf batch = batchOf(frame);
		boolean copied = batch.readableBytes() <= MAX_COPIED_BATCH;
		ByteBuf head = null;
		CompositeByteBuf whole = null;
		try {
			requireSupport(frame);
			head = alloc.buffer(INITIAL_CAPACITY + (copied ? batch.readableBytes() : 0));
			writeHead(head, requestId, frame, batch.readableBytes());
			if (copied) {
				head.writeBytes(batch, batch.readerIndex(), batch.readableBytes());
			}
			else {
				whole = alloc.compositeBuffer(2);
			}
		}
		catch (Throwable ex) {
			release(head);
			frame.release();
			throw ex;
		}
		if (whole != null) {
			return whole.addComponents(true, head, batch);
		}
		frame.release();
		return head;
	}

	private void requireSupport(Frame frame) {
		Feature needed = featureOf(frame);
		if (needed != null && !this.features.contains(needed)) {
			throw new ProtocolException(ErrorCode.NOT_SUPPORTED,
					"The peer does not know " + needed + ", which " + frame.getClass().getSimpleName()
							+ " needs here; it knows " + (this.features.isEmpty() ? "no feature" : this.features));
		}
	}

	/** Without which the peer does not understand a frame. */
	private static @Nullable Feature featureOf(Frame frame) {
		if (frame instanceof Frame.Publish publish) {
			return Feature.reading(publish.encoding().compression());
		}
		if (frame instanceof Frame.Deliver deliver) {
			return Feature.reading(deliver.encoding().compression());
		}
		if (frame instanceof Frame.Partitions) {
			return Feature.PARTITIONS;
		}
		if (frame instanceof Frame.AwaitEnd) {
			return Feature.AWAIT_END;
		}
		if (frame instanceof Frame.AskBacklog) {
			return Feature.BACKLOG;
		}
		if (frame instanceof Frame.CancelDelayed) {
			return Feature.CANCEL_DELAYED;
		}
		return (frame instanceof Frame.FindTopics) ? Feature.TOPIC_PATTERNS : null;
	}

	/** Everything but the batch: the length is known last, but comes first. */
	private static void writeHead(ByteBuf head, long requestId, Frame frame, int batchBytes) {
		head.writerIndex(Varint.LENGTH_BYTES);
		FrameType type = FrameType.of(frame);
		Varint.write(head, "frame type", type.number());
		Varint.write(head, "request id", requestId);
		type.write(head, frame);
		int end = head.writerIndex();
		long length = (long) end - Varint.LENGTH_BYTES + batchBytes;
		if (length > Varint.MAX_LENGTH) {
			throw new ProtocolException(ErrorCode.FRAME_TOO_LARGE,
					"A frame must have at most " + Varint.MAX_LENGTH + " bytes, has " + length);
		}
		int start = Varint.LENGTH_BYTES - Varint.sizeOf(length);
		head.setIndex(start, start);
		Varint.write(head, "frame length", length);
		head.writerIndex(end);
	}

	/** What the encoder appends to the fields, a part of the frame. */
	static ByteBuf batchOf(Frame frame) {
		if (frame instanceof Frame.Publish publish) {
			return publish.batch();
		}
		if (frame instanceof Frame.Deliver deliver) {
			return deliver.batch();
		}
		return (frame instanceof Frame.Fragment fragment) ? fragment.part() : Unpooled.EMPTY_BUFFER;
	}

	private static void release(@Nullable ByteBuf buffer) {
		if (buffer != null) {
			buffer.release();
		}
	}

}
