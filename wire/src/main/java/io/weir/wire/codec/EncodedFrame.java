package io.weir.wire.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.ProtocolException;

/**
 * A frame on its way into a stream, to be taken piece by piece: the frame itself if it is
 * short enough, else fragments, which are made when they are taken. Other frames may go
 * in between. Used by one thread.
 */
public final class EncodedFrame {

	/** The most bytes of a fragment beside its part: type, request id and remaining. */
	private static final int FIELDS = 1 + Long.BYTES + Varint.LENGTH_BYTES;

	private final FrameEncoder encoder;

	private final ByteBufAllocator alloc;

	private final long requestId;

	/** What was not taken yet; without the frame's length if it is to be cut. */
	private final ByteBuf rest;

	/** The most bytes of the frame in one fragment, or 0 if the frame stays whole. */
	private final int maxPart;

	private EncodedFrame(FrameEncoder encoder, ByteBufAllocator alloc, long requestId, ByteBuf rest, int maxPart) {
		this.encoder = encoder;
		this.alloc = alloc;
		this.requestId = requestId;
		this.rest = rest;
		this.maxPart = maxPart;
	}

	/**
	 * Encodes a frame.
	 * @param encoder the connection's
	 * @param alloc where buffers come from
	 * @param requestId the request that the frame is or answers; 0 if it is neither
	 * @param frame the frame; released here or with the result, also on failure
	 * @param maxPiece the longest piece, in bytes after its length
	 * @return the frame, of which all pieces must be taken, or {@link #release()} called
	 * @throws ProtocolException as {@link FrameEncoder#encode};
	 * {@link ErrorCode#FRAME_TOO_LARGE} also if that is too little for fragments
	 */
	public static EncodedFrame of(FrameEncoder encoder, ByteBufAllocator alloc, long requestId, Frame frame,
			int maxPiece) {
		ByteBuf whole = encoder.encode(alloc, requestId, frame);
		int start = whole.readerIndex();
		Varint.read(whole, "frame length");
		if (whole.readableBytes() <= maxPiece) {
			return new EncodedFrame(encoder, alloc, requestId, whole.readerIndex(start), 0);
		}
		int maxPart = maxPiece - FIELDS;
		if (maxPart < Limits.MIN_FRAGMENT) {
			int size = whole.readableBytes();
			whole.release();
			throw new ProtocolException(ErrorCode.FRAME_TOO_LARGE, "A frame must have at most " + maxPiece
					+ " bytes, has " + size + "; that is too little for fragments");
		}
		return new EncodedFrame(encoder, alloc, requestId, whole, maxPart);
	}

	/**
	 * Whether there are more pieces.
	 * @return whether {@link #next()} may be called
	 */
	public boolean hasNext() {
		return this.rest.isReadable();
	}

	/**
	 * Takes the next piece. If that fails, it can be tried again.
	 * @return the bytes, which the caller must release
	 */
	public ByteBuf next() {
		if (this.maxPart == 0) {
			ByteBuf whole = this.rest.retainedSlice();
			taken(this.rest.readableBytes());
			return whole;
		}
		int size = Math.min(this.maxPart, this.rest.readableBytes());
		ByteBuf part = this.rest.retainedSlice(this.rest.readerIndex(), size);
		Frame fragment = new Frame.Fragment(this.rest.readableBytes() - size, part);
		ByteBuf piece = this.encoder.encode(this.alloc, this.requestId, fragment);
		taken(size);
		return piece;
	}

	private void taken(int size) {
		this.rest.skipBytes(size);
		if (!this.rest.isReadable()) {
			this.rest.release();
		}
	}

	/** Gives up the pieces that were not taken. Harmless if there are none. */
	public void release() {
		if (hasNext()) {
			taken(this.rest.readableBytes());
		}
	}

}
