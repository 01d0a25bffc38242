package io.weir.wire.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;

import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.ProtocolException;

/** Cuts a frame that is too long for its receiver. */
final class Fragments {

	/** The most bytes of a fragment beside its part: type, request id and remaining. */
	private static final int FIELDS = 1 + Long.BYTES + Varint.LENGTH_BYTES;

	private Fragments() {
	}

	/**
	 * Makes fragments.
	 * @param content all of the frame but its length; stays the caller's
	 * @param maxFrameSize the longest fragment
	 * @return the fragments, encoded one after the other; their parts are not copied
	 */
	static ByteBuf cut(ByteBufAllocator alloc, long requestId, ByteBuf content, int maxFrameSize) {
		int maxPart = maxFrameSize - FIELDS;
		if (maxPart < Limits.MIN_FRAGMENT) {
			throw new ProtocolException(ErrorCode.FRAME_TOO_LARGE, "A frame must have at most " + maxFrameSize
					+ " bytes, has " + content.readableBytes() + "; that is too little for fragments");
		}
		CompositeByteBuf fragments = alloc.compositeBuffer(Integer.MAX_VALUE);
		boolean complete = false;
		try {
			while (content.isReadable()) {
				ByteBuf part = content.readRetainedSlice(Math.min(maxPart, content.readableBytes()));
				Frame fragment = new Frame.Fragment(content.readableBytes(), part);
				fragments.addFlattenedComponents(true, FrameEncoder.encode(alloc, requestId, fragment));
			}
			complete = true;
			return fragments;
		}
		finally {
			if (!complete) {
				fragments.release();
			}
		}
	}

}
