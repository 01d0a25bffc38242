package io.weir.transport;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.channel.CoalescingBufferQueue;
import io.netty.handler.codec.quic.QuicStreamChannel;

import org.jspecify.annotations.Nullable;

import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.EncodedFrame;
import io.weir.wire.codec.FrameEncoder;

/**
 * The frames of one stream that wait to be written, put there by any thread. The
 * connection's event loop, whose all the rest is, takes them in turns: one for whatever
 * has come since the last one, so that it soon comes round to other streams. What has
 * been written is followed by pings, the probes; until their answers say that the peer
 * has read it, only so much is written as the {@link FlightWindow} grants.
 */
final class StreamOutput {

	/** The request id of probes, which no request reaches by counting. */
	static final long PROBE_ID = (1L << 62) - 1;

	/** So often at least, so that a round trip is seen when nothing is in its way. */
	private static final long PROBE_INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);

	/**
	 * Four probes in a share, so that one can be on its way back while more is written.
	 */
	private static final int PROBES_PER_SHARE = 4;

	/**
	 * The longest piece of a frame in bytes, so that no frame is more than a few shares.
	 */
	private static final int MAX_PIECE = 32 * 1024;

	private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

	/** The event loop will come. */
	private final AtomicBoolean turnScheduled = new AtomicBoolean();

	private final Queue<Probe> probes = new ArrayDeque<>();

	private final FlightWindow window;

	/** The longest frame that the peer takes; longer ones go in fragments. */
	private final IntSupplier maxFrameSize;

	/** The frame of which some pieces may have been written. */
	private @Nullable Begun begun;

	/** Written, and not known to have been read. */
	private long inFlight;

	/** The part of it that no probe follows yet. */
	private long unprobed;

	private long lastProbe = System.nanoTime() - PROBE_INTERVAL;

	/** Batches that Netty still holds. */
	private int writing;

	/** Why nothing is written any more. */
	private @Nullable ProtocolException failure;

	/** Done when nothing waits any more. */
	private Runnable whenEmpty = () -> {
	};

	/**
	 * Creates the output.
	 * @param window shared by the streams of the connection
	 * @param maxFrameSize the longest frame that the peer takes, as of now
	 */
	StreamOutput(FlightWindow window, IntSupplier maxFrameSize) {
		this.window = window;
		this.maxFrameSize = maxFrameSize;
	}

	/**
	 * Writes a frame, after those that were written before by the same thread. Safe to
	 * use from any thread.
	 * @return done when QUIC has the frame
	 */
	CompletionStage<Void> write(QuicStreamChannel to, long requestId, Frame frame) {
		Waiting added = new Waiting(requestId, frame, new CompletableFuture<>());
		this.waiting.add(added);
		if (to.eventLoop().inEventLoop()) {
			drain(to);
		}
		else if (this.turnScheduled.compareAndSet(false, true)) {
			scheduleTurn(to);
		}
		return added.result;
	}

	private void scheduleTurn(QuicStreamChannel to) {
		try {
			to.eventLoop().execute(() -> {
				// Before anything is taken, or what comes after that would wait for ever.
				this.turnScheduled.set(false);
				drain(to);
			});
		}
		catch (RejectedExecutionException ex) {
			this.turnScheduled.set(false);
			failWaiting(new ProtocolException(ErrorCode.CONNECTION_LOST, "The transport is closed"));
		}
	}

	/** What was written before a probe has been read. */
	void answered(QuicStreamChannel to) {
		Probe probe = this.probes.poll();
		if (probe == null) {
			return;
		}
		this.window.roundTrip(System.nanoTime() - probe.sentAt);
		this.inFlight -= probe.bytes;
		if (this.probes.isEmpty()) {
			this.window.busy(false);
		}
		drain(to);
	}

	/** Sends a probe now. */
	void probe(QuicStreamChannel to) {
		Batch batch = new Batch(to);
		addProbe(batch, System.nanoTime());
		batch.write();
	}

	/** Whether a probe that was sent by then has no answer. */
	boolean isUnanswered(long sentBy) {
		Probe first = this.probes.peek();
		return first != null && first.sentAt - sentBy <= 0;
	}

	/** Does something when nothing waits any more, which may be at once. */
	void whenEmpty(Runnable action) {
		this.whenEmpty = action;
		runIfEmpty();
	}

	private void runIfEmpty() {
		if (!hasMore() && this.writing == 0) {
			this.whenEmpty.run();
		}
	}

	/** The stream has ended. */
	void fail(ProtocolException cause) {
		this.failure = cause;
		this.whenEmpty = () -> {
		};
		if (!this.probes.isEmpty()) {
			this.probes.clear();
			this.window.busy(false);
		}
		if (this.begun != null) {
			this.begun.frame.release();
			this.begun.result.completeExceptionally(cause);
			this.begun = null;
		}
		failWaiting(cause);
	}

	private void failWaiting(ProtocolException cause) {
		for (Waiting next = this.waiting.poll(); next != null; next = this.waiting.poll()) {
			next.frame.release();
			next.result.completeExceptionally(cause);
		}
	}

	private void drain(QuicStreamChannel to) {
		if (this.failure != null) {
			failWaiting(this.failure);
			return;
		}
		if (!hasMore()) {
			return;
		}
		Batch batch = new Batch(to);
		while (this.inFlight < this.window.share() && begin(to)) {
			addPiece(batch);
		}
		if (hasMore() && this.probes.isEmpty()) {
			// The share has shrunk below what no probe follows: nothing else would tell.
			addProbe(batch, System.nanoTime());
		}
		batch.write();
	}

	private boolean hasMore() {
		return this.begun != null || !this.waiting.isEmpty();
	}

	/** Makes sure that a frame has begun; {@code false} if there is none. */
	private boolean begin(QuicStreamChannel to) {
		while (this.begun == null) {
			Waiting next = this.waiting.poll();
			if (next == null) {
				return false;
			}
			try {
				int maxPiece = Math.min(MAX_PIECE, this.maxFrameSize.getAsInt());
				this.begun = new Begun(EncodedFrame.of(to.alloc(), next.requestId, next.frame, maxPiece), next.result);
			}
			catch (RuntimeException ex) {
				next.result.completeExceptionally(ex);
			}
		}
		return true;
	}

	private void addPiece(Batch batch) {
		Begun frame = Objects.requireNonNull(this.begun);
		ByteBuf piece = frame.frame.next();
		boolean last = !frame.frame.hasNext();
		if (last) {
			this.begun = null;
		}
		this.inFlight += piece.readableBytes();
		this.unprobed += piece.readableBytes();
		batch.add(piece, (done) -> {
			if (!done.isSuccess()) {
				frame.result.completeExceptionally(TransportErrors.streamFailed(done.cause()));
			}
			else if (last) {
				frame.result.complete(null);
			}
		});
		long now = System.nanoTime();
		if (this.unprobed * PROBES_PER_SHARE >= this.window.share() || now - this.lastProbe >= PROBE_INTERVAL) {
			addProbe(batch, now);
		}
	}

	private void addProbe(Batch batch, long now) {
		if (this.probes.isEmpty()) {
			this.window.busy(true);
		}
		this.probes.add(new Probe(this.unprobed, now));
		this.unprobed = 0;
		this.lastProbe = now;
		batch.add(FrameEncoder.encode(batch.to.alloc(), PROBE_ID, new Frame.Ping(0)), null);
	}

	/** Goes to QUIC in one piece, since each write is sent: so frames share packets. */
	private final class Batch {

		private final QuicStreamChannel to;

		private final CoalescingBufferQueue pieces;

		Batch(QuicStreamChannel to) {
			this.to = to;
			this.pieces = new CoalescingBufferQueue(to);
		}

		void add(ByteBuf piece, @Nullable ChannelFutureListener whenWritten) {
			this.pieces.add(piece, whenWritten);
			if (this.pieces.readableBytes() >= MAX_PIECE) {
				write();
			}
		}

		void write() {
			if (this.pieces.isEmpty()) {
				return;
			}
			StreamOutput.this.writing++;
			ChannelPromise written = this.to.newPromise();
			ByteBuf all = this.pieces.remove(this.pieces.readableBytes(), written);
			written.addListener((done) -> {
				StreamOutput.this.writing--;
				runIfEmpty();
			});
			this.to.write(all, written);
		}

	}

	private record Waiting(long requestId, Frame frame, CompletableFuture<Void> result) {
	}

	private record Begun(EncodedFrame frame, CompletableFuture<Void> result) {
	}

	private record Probe(long bytes, long sentAt) {
	}

}
