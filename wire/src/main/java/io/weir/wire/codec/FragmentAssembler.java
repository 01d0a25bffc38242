package io.weir.wire.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.ProtocolException;
import io.weir.wire.ProtocolLimitException;

/**
 * Makes whole frames of the fragments on one stream and passes on all others. What a
 * frame will take is known, and refused, before any of it is kept. The parts are copied
 * out of the network buffers, which may be many times larger and would be held with them.
 * Used by one thread.
 */
public final class FragmentAssembler implements FrameSink {

	private final ByteBufAllocator alloc;

	private final int maxLength;

	private final AssemblyBudget budget;

	private final FrameSink sink;

	private final FrameSink whole = new WholeFrames();

	/** What has come of the frame that is being assembled. */
	private @Nullable CompositeByteBuf content;

	private long requestId;

	private int length;

	/** How many frames were begun. */
	private long begun;

	private final FrameProgress progress = new FrameProgress();

	/** What is still to come of a frame that was refused. */
	private long unwanted;

	/**
	 * Creates an assembler.
	 * @param alloc where buffers come from
	 * @param maxLength the longest frame to make, in bytes after its length
	 * @param budget the connection's
	 * @param sink takes the whole frames
	 */
	public FragmentAssembler(ByteBufAllocator alloc, int maxLength, AssemblyBudget budget, FrameSink sink) {
		this.alloc = alloc;
		this.maxLength = maxLength;
		this.budget = budget;
		this.sink = sink;
	}

	/**
	 * Takes a frame.
	 * @throws ProtocolException if it is a fragment that does not fit to those before it,
	 * or is too much
	 */
	@Override
	public void frame(long requestId, Frame frame) {
		if (!(frame instanceof Frame.Fragment fragment)) {
			this.sink.frame(requestId, frame);
			return;
		}
		CompositeByteBuf assembled;
		try {
			if (this.unwanted > 0) {
				drop(requestId, fragment);
				return;
			}
			assembled = add(requestId, fragment);
		}
		finally {
			fragment.release();
		}
		if (assembled != null && fragment.remaining() == 0) {
			complete(assembled);
		}
	}

	@Override
	public void refused(long requestId, ProtocolException cause) {
		this.sink.refused(requestId, cause);
	}

	private void drop(long requestId, Frame.Fragment fragment) {
		int size = fragment.part().readableBytes();
		if (requestId != this.requestId || size + (long) fragment.remaining() != this.unwanted) {
			throw Malformed.bytes("A fragment of request " + requestId + " with " + size + " bytes and "
					+ fragment.remaining() + " to come does not continue the frame of request " + this.requestId
					+ ", of which " + this.unwanted + " bytes have not come");
		}
		this.unwanted = fragment.remaining();
	}

	/** {@code null} if the frame is refused. */
	private @Nullable CompositeByteBuf add(long requestId, Frame.Fragment fragment) {
		int size = fragment.part().readableBytes();
		if (size < ((fragment.remaining() > 0) ? Limits.MIN_FRAGMENT : 1)) {
			throw Malformed.bytes("A fragment that is not the last one must have at least " + Limits.MIN_FRAGMENT
					+ " bytes, and the last one must not be empty; this one has " + size);
		}
		CompositeByteBuf assembled = this.content;
		if (assembled == null) {
			assembled = begin(requestId, (long) size + fragment.remaining());
			if (assembled == null) {
				this.unwanted = fragment.remaining();
				return null;
			}
		}
		else if (requestId != this.requestId
				|| (long) assembled.readableBytes() + size + fragment.remaining() != this.length) {
			throw Malformed.bytes("A fragment of request " + requestId + " with " + size + " bytes and "
					+ fragment.remaining() + " to come does not continue the frame of request " + this.requestId
					+ ", of which " + assembled.readableBytes() + " of " + this.length + " bytes have come");
		}
		assembled.addComponent(true, this.alloc.directBuffer(size, size).writeBytes(fragment.part()));
		return assembled;
	}

	private @Nullable CompositeByteBuf begin(long requestId, long length) {
		if (length > this.maxLength) {
			throw new ProtocolLimitException(ErrorCode.FRAME_TOO_LARGE,
					"A frame must have at most " + this.maxLength + " bytes in all its fragments, has " + length);
		}
		this.requestId = requestId;
		CompositeByteBuf begun = this.alloc.compositeDirectBuffer(Integer.MAX_VALUE);
		try {
			this.budget.take(length);
		}
		catch (ProtocolException ex) {
			begun.release();
			this.sink.refused(requestId, ex);
			return null;
		}
		this.length = (int) length;
		this.content = begun;
		this.begun++;
		return begun;
	}

	private void complete(CompositeByteBuf assembled) {
		forget();
		try {
			FrameDecoder.decodeContent(assembled, this.whole);
		}
		finally {
			assembled.release();
		}
	}

	private void forget() {
		this.content = null;
		this.budget.giveBack(this.length);
	}

	/**
	 * Looks at the frame that is being assembled, if there is one, as
	 * {@link FrameProgress} says.
	 * @param more what has come of its next fragment
	 * @return whether it has gained too little since the last look
	 */
	public boolean isTooSlow(int more) {
		CompositeByteBuf assembled = this.content;
		if (assembled == null) {
			this.progress.reset();
			return false;
		}
		return this.progress.isTooSlow(this.begun, this.length, assembled.readableBytes() + (long) more);
	}

	/** Forgets the last look. */
	public void restartTiming() {
		this.progress.reset();
	}

	/** Gives up what is incomplete: the stream has ended. Harmless when it was done. */
	public void release() {
		ByteBuf incomplete = this.content;
		if (incomplete != null) {
			forget();
			incomplete.release();
		}
	}

	/** Takes what was assembled. */
	private final class WholeFrames implements FrameSink {

		@Override
		public void frame(long requestId, Frame frame) {
			if (frame instanceof Frame.Fragment) {
				frame.release();
				throw Malformed.bytes("A fragment must not be cut into fragments");
			}
			try {
				check(requestId);
			}
			catch (ProtocolException ex) {
				frame.release();
				throw ex;
			}
			FragmentAssembler.this.sink.frame(requestId, frame);
		}

		@Override
		public void refused(long requestId, ProtocolException cause) {
			check(requestId);
			FragmentAssembler.this.sink.refused(requestId, cause);
		}

		private void check(long requestId) {
			if (requestId != FragmentAssembler.this.requestId) {
				throw Malformed.bytes("The fragments of request " + FragmentAssembler.this.requestId
						+ " make a frame of request " + requestId);
			}
		}

	}

}
