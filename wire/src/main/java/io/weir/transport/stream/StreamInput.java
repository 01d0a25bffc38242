package io.weir.transport.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import org.jspecify.annotations.Nullable;

import io.weir.transport.TransportOptions;
import io.weir.wire.codec.AssemblyBudget;
import io.weir.wire.codec.FragmentAssembler;
import io.weir.wire.codec.FrameDecoder;
import io.weir.wire.codec.FrameProgress;
import io.weir.wire.codec.FrameSink;

/**
 * From the bytes of one stream to its frames. Only a frame that is cut off by the end of
 * what has been read is copied, into memory of its exact size: network buffers may be
 * many times larger. What is kept is counted before it is kept. While the stream is
 * paused, whole frames are kept as well. Of one event loop.
 */
final class StreamInput {

	/** What keeping anything takes beside the bytes. */
	private static final int OVERHEAD = 128;

	private final ByteBufAllocator alloc;

	private final FrameDecoder decoder;

	private final FragmentAssembler assembler;

	private final AssemblyBudget budget;

	/** What was not decoded: the beginning of a frame or, after a pause, anything. */
	private @Nullable ByteBuf kept;

	/** What that takes of the budget. */
	private int cost;

	/** How often anything was kept. */
	private long timesKept;

	private final FrameProgress progress = new FrameProgress();

	private boolean paused;

	private boolean decoding;

	private boolean released;

	/**
	 * Creates the input.
	 * @param alloc where buffers come from
	 * @param options how long frames may be
	 * @param budget the connection's
	 * @param sink takes the frames
	 */
	StreamInput(ByteBufAllocator alloc, TransportOptions options, AssemblyBudget budget, FrameSink sink) {
		this.alloc = alloc;
		this.decoder = new FrameDecoder(options.maxFrameSize());
		this.assembler = new FragmentAssembler(alloc, ConnectionStreams.maxLength(options), budget, sink);
		this.budget = budget;
	}

	/** Takes what has come, which is released here. */
	void read(ByteBuf bytes) {
		try {
			if (this.kept != null) {
				if (this.paused) {
					append(this.kept, bytes);
					return;
				}
				complete(bytes);
			}
			decode(bytes);
		}
		finally {
			bytes.release();
		}
	}

	/** From now on frames are kept instead of handed out. */
	void pause() {
		this.paused = true;
	}

	/** Hands out what was kept, then what comes. */
	void resume() {
		if (this.paused) {
			this.paused = false;
			handOut();
		}
	}

	/**
	 * Looks at what is incomplete, as {@link FrameProgress} says.
	 * @return whether it has gained too little since the last look
	 */
	boolean isTooSlow() {
		ByteBuf frame = this.kept;
		int come = (frame != null) ? frame.readableBytes() : 0;
		boolean slow = this.assembler.isTooSlow(come);
		if (frame == null) {
			this.progress.reset();
			return slow;
		}
		return this.progress.isTooSlow(this.timesKept, this.cost, come) || slow;
	}

	/** Forgets the last look: the peer could send nothing since then. */
	void restartTiming() {
		this.progress.reset();
		this.assembler.restartTiming();
	}

	private void handOut() {
		ByteBuf frames = this.kept;
		if (this.decoding || frames == null) {
			return;
		}
		int taken = this.cost;
		this.kept = null;
		this.cost = 0;
		try {
			decodeWhole(frames);
			if (this.paused && frames.isReadable() && !this.released) {
				// Not copied, or each of many short pauses would cost as much as all.
				this.kept = frames.retain();
				this.timesKept++;
				this.cost = taken;
				taken = 0;
			}
			else {
				this.budget.giveBack(taken);
				taken = 0;
				keepRest(frames);
			}
		}
		finally {
			this.budget.giveBack(taken);
			frames.release();
		}
	}

	/** Whether frames are being handed out. */
	boolean isDecoding() {
		return this.decoding;
	}

	/** Whether whole frames may be kept. */
	boolean isHeldUp() {
		return this.paused && this.kept != null;
	}

	/** Gives up what is kept; what comes is dropped. Harmless when released. */
	void release() {
		this.released = true;
		this.assembler.release();
		ByteBuf incomplete = this.kept;
		if (incomplete != null) {
			forget();
			incomplete.release();
		}
	}

	private void decode(ByteBuf bytes) {
		decodeWhole(bytes);
		keepRest(bytes);
	}

	private void decodeWhole(ByteBuf bytes) {
		this.decoding = true;
		try {
			boolean more = true;
			while (more && !this.paused && !this.released) {
				more = this.decoder.decodeNext(bytes, this.assembler);
			}
		}
		finally {
			this.decoding = false;
		}
	}

	private void keepRest(ByteBuf bytes) {
		if (bytes.isReadable() && !this.released) {
			keep(bytes);
		}
	}

	private void keep(ByteBuf bytes) {
		int size = bytes.readableBytes() + (this.paused ? 0 : this.decoder.missing(bytes));
		this.budget.take(size + OVERHEAD);
		this.cost = size + OVERHEAD;
		boolean done = false;
		try {
			this.kept = this.alloc.directBuffer(size, size).writeBytes(bytes);
			this.timesKept++;
			done = true;
		}
		finally {
			if (!done) {
				forget();
			}
		}
	}

	private void append(ByteBuf frames, ByteBuf bytes) {
		int more = bytes.readableBytes();
		this.budget.take(more);
		this.cost += more;
		int size = frames.readableBytes() + more;
		this.kept = this.alloc.directBuffer(size, size).writeBytes(frames).writeBytes(bytes);
		frames.release();
	}

	/** Fills up the frame that is kept, and hands it out when it is whole. */
	private void complete(ByteBuf bytes) {
		ByteBuf frame = this.kept;
		while (frame != null && bytes.isReadable()) {
			int missing = this.decoder.missing(frame);
			if (missing > frame.maxWritableBytes()) {
				// Its length has become known.
				forget();
				try {
					keep(frame);
				}
				finally {
					frame.release();
				}
				frame = this.kept;
			}
			else {
				frame.writeBytes(bytes, Math.min(missing, bytes.readableBytes()));
				if (this.decoder.missing(frame) == 0) {
					handOut();
					frame = null;
				}
			}
		}
	}

	private void forget() {
		this.budget.giveBack(this.cost);
		this.cost = 0;
		this.kept = null;
	}

}
