package io.weir.transport.stream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;

import org.jspecify.annotations.Nullable;

/**
 * What goes to the carrier in one piece, which it sends at once: so frames share packets.
 * Of one event loop.
 */
final class WriteBatch {

	private final Channel to;

	private final int maxBytes;

	private final Listener listener;

	private final Queue<ByteBuf> pieces = new ArrayDeque<>();

	private final List<ChannelFutureListener> pieceListeners = new ArrayList<>();

	private int bytes;

	/**
	 * Begins a batch.
	 * @param maxBytes with so many bytes it is written, and begins anew
	 */
	WriteBatch(Channel to, int maxBytes, Listener listener) {
		this.to = to;
		this.maxBytes = maxBytes;
		this.listener = listener;
	}

	ByteBufAllocator alloc() {
		return this.to.alloc();
	}

	/** Adds a piece, which is released here. */
	void add(ByteBuf piece, ChannelFutureListener whenWritten) {
		this.pieces.add(piece);
		this.pieceListeners.add(whenWritten);
		this.bytes += piece.readableBytes();
		if (this.bytes >= this.maxBytes) {
			write();
		}
	}

	void write() {
		if (this.pieces.isEmpty()) {
			return;
		}
		ByteBuf all = joined();
		this.listener.writing();
		ChannelPromise written = this.to.newPromise();
		this.pieceListeners.forEach(written::addListener);
		this.pieceListeners.clear();
		this.bytes = 0;
		written.addListener((done) -> this.listener.written(done.cause()));
		this.to.writeAndFlush(all, written);
	}

	/**
	 * One piece of native memory, into which Netty would copy anything else: here it is
	 * known what becomes of the pieces if there is no memory.
	 */
	private ByteBuf joined() {
		ByteBuf first = this.pieces.element();
		if (this.pieces.size() == 1 && first.isDirect() && first.nioBufferCount() == 1) {
			return this.pieces.remove();
		}
		ByteBuf all = this.to.alloc().directBuffer(this.bytes, this.bytes);
		for (ByteBuf piece : this.pieces) {
			all.writeBytes(piece);
		}
		releasePieces();
		return all;
	}

	private void releasePieces() {
		this.pieces.forEach(ByteBuf::release);
		this.pieces.clear();
	}

	/** Fails what was not written. */
	void discard(Throwable cause) {
		releasePieces();
		ChannelPromise failed = this.to.newPromise();
		this.pieceListeners.forEach(failed::addListener);
		failed.setFailure(cause);
	}

	/** Follows each write. */
	interface Listener {

		/** A batch is given to the carrier. */
		void writing();

		/**
		 * The carrier has it, or has failed.
		 * @param failure {@code null} if it has it
		 */
		void written(@Nullable Throwable failure);

	}

}
