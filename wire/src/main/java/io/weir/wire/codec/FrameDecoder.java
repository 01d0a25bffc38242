package io.weir.wire.codec;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;
import io.weir.wire.ProtocolLimitException;

/**
 * Finds frames in the bytes of a stream; a {@link FragmentAssembler} makes whole ones of
 * fragments. Keeps nothing between calls, so that it can serve any number of streams,
 * each by one thread at a time.
 */
public final class FrameDecoder {

	private final int maxFrameSize;

	/**
	 * Creates a decoder.
	 * @param maxFrameSize the longest frame to take, in bytes after its length
	 * @throws IllegalArgumentException if it is not from 1 to 2<sup>30</sup> - 1
	 */
	public FrameDecoder(int maxFrameSize) {
		if (maxFrameSize < 1 || maxFrameSize > Varint.MAX_LENGTH) {
			throw new IllegalArgumentException(
					"The maximum frame size must be from 1 to " + Varint.MAX_LENGTH + ", was " + maxFrameSize);
		}
		this.maxFrameSize = maxFrameSize;
	}

	/**
	 * Consumes every whole frame and leaves a partial one. The batches of frames are
	 * retained slices of the input, not copies.
	 * @param in the bytes that have arrived and were not consumed; stays the caller's
	 * @param sink takes the frames; what it throws comes out of here
	 * @throws ProtocolException if the bytes are no frames, or frames that are not
	 * allowed; nothing sensible can be read from the stream after it
	 */
	public void decode(ByteBuf in, FrameSink sink) {
		while (decodeNext(in, sink)) {
			// Until there is none.
		}
	}

	/**
	 * Consumes one whole frame, if there is one. As {@link #decode}.
	 * @return whether there was one
	 */
	public boolean decodeNext(ByteBuf in, FrameSink sink) {
		ByteBuf content = nextContent(in);
		if (content != null) {
			decodeContent(content, sink);
		}
		return content != null;
	}

	/**
	 * How many bytes of the first frame have not arrived, as far as can be told: of its
	 * length, if that is incomplete.
	 * @param in the bytes that have arrived
	 * @return 0 if the frame is whole
	 * @throws ProtocolException if the frame will be too long
	 */
	public int missing(ByteBuf in) {
		int header = Varint.missing(in);
		if (header > 0) {
			return header;
		}
		int start = in.readerIndex();
		long length = readLength(in);
		long missing = length - in.readableBytes();
		in.readerIndex(start);
		return (int) Math.max(0, missing);
	}

	/** All of a frame but its length, or {@code null} if it has not arrived. */
	private @Nullable ByteBuf nextContent(ByteBuf in) {
		if (!Varint.isComplete(in)) {
			return null;
		}
		int start = in.readerIndex();
		long length = readLength(in);
		if (length > in.readableBytes()) {
			in.readerIndex(start);
			return null;
		}
		return in.readSlice((int) length);
	}

	private long readLength(ByteBuf in) {
		long length = Varint.read(in, "frame length");
		if (length > this.maxFrameSize) {
			throw new ProtocolLimitException(ErrorCode.FRAME_TOO_LARGE,
					"A frame must have at most " + this.maxFrameSize + " bytes, has " + length);
		}
		return length;
	}

	/** Decodes all of a frame but its length. */
	static void decodeContent(ByteBuf content, FrameSink sink) {
		long number = Varint.read(content, "frame type");
		long requestId = Varint.read(content, "request id");
		FrameType type = FrameType.of(number);
		if (type != null) {
			Frame frame;
			try {
				frame = type.read(content);
			}
			catch (UnknownOptionException ex) {
				sink.refused(requestId, ex);
				return;
			}
			sink.frame(requestId, frame);
		}
		else if (!FrameType.isSkippable(number)) {
			throw new ProtocolException(ErrorCode.UNKNOWN_FRAME,
					"Frame type 0x" + Long.toHexString(number) + " is unknown and must not be skipped");
		}
	}

}
