package io.weir.transport;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.quic.QuicStreamChannel;

import org.jspecify.annotations.Nullable;

import io.weir.wire.Budget;
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
 *
 * <p>
 * What waits is counted until QUIC has it. When too many answers wait the peer is held
 * back, and then the answers go whatever the window says: those to our probes come behind
 * what is not read from him.
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

	/** What a frame takes that waits, beside its bytes. */
	private static final int FRAME_COST = 256;

	private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

	/** The event loop will come. */
	private final AtomicBoolean turnScheduled = new AtomicBoolean();

	private final Queue<Probe> probes = new ArrayDeque<>();

	private final FlightWindow window;

	/** The longest frame that the peer takes; longer ones go in fragments. */
	private final IntSupplier maxFrameSize;

	/** The connection's count of what waits. */
	private final Outgoing outgoing;

	private final Budget forAnswers;

	private final Runnable heldChanged;

	private final Consumer<Throwable> broken;

	/** Bytes that QUIC does not have; those of answers, which are in it, apart. */
	private final AtomicLong unsent = new AtomicLong();

	private final AtomicLong unsentAnswers = new AtomicLong();

	/** What the connection was told of that. */
	private long told;

	private long toldOfAnswers;

	private boolean held;

	private long lastProbeId;

	/** Whether QUIC does not have an answer to a probe of the peer. */
	private boolean answering;

	/** The last probe of the peer that came meanwhile; its answer is one to all. */
	private @Nullable Long unanswered;

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
	 * @param outgoing the connection's count of what waits
	 * @param forAnswers how much of answers may wait
	 * @param heldChanged told when the peer is to be held back, and when no longer
	 * @param broken told why nothing sensible can be written any more: ends the stream
	 */
	StreamOutput(FlightWindow window, IntSupplier maxFrameSize, Outgoing outgoing, Budget forAnswers,
			Runnable heldChanged, Consumer<Throwable> broken) {
		this.window = window;
		this.maxFrameSize = maxFrameSize;
		this.outgoing = outgoing;
		this.forAnswers = forAnswers;
		this.heldChanged = heldChanged;
		this.broken = broken;
	}

	/**
	 * Writes a frame, after those that were written before by the same thread. Safe to
	 * use from any thread.
	 * @return done when QUIC has the frame
	 */
	CompletionStage<Void> write(QuicStreamChannel to, long requestId, Frame frame) {
		Waiting added;
		try {
			added = enqueue(requestId, frame);
		}
		catch (Error ex) {
			frame.release();
			return CompletableFuture.failedFuture(TransportErrors.streamFailed(ex));
		}
		if (to.eventLoop().inEventLoop()) {
			drain(to);
		}
		else if (this.turnScheduled.compareAndSet(false, true)) {
			scheduleTurn(to);
		}
		return added.result;
	}

	private Waiting enqueue(long requestId, Frame frame) {
		Waiting added = new Waiting(requestId, frame, cost(frame), new CompletableFuture<>());
		count(added, added.cost);
		try {
			this.waiting.add(added);
		}
		catch (Error ex) {
			count(added, -added.cost);
			throw ex;
		}
		return added;
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
		catch (Error ex) {
			this.turnScheduled.set(false);
			failWaiting(TransportErrors.streamFailed(ex));
		}
	}

	private static int cost(Frame frame) {
		if (frame instanceof Frame.Deliver deliver) {
			return FRAME_COST + deliver.batch().readableBytes();
		}
		if (frame instanceof Frame.Publish publish) {
			return FRAME_COST + publish.batch().readableBytes();
		}
		return (frame instanceof Frame.ErrorReply error) ? FRAME_COST + 2 * error.message().length() : FRAME_COST;
	}

	private void count(Waiting frame, int bytes) {
		this.unsent.addAndGet(bytes);
		if (frame.requestId != 0) {
			this.unsentAnswers.addAndGet(bytes);
		}
	}

	/** QUIC has the frame. */
	private void sent(Waiting frame) {
		if (frame.result.complete(null)) {
			count(frame, -frame.cost);
		}
	}

	private void failed(Waiting frame, Throwable cause) {
		if (frame.result.completeExceptionally(cause)) {
			count(frame, -frame.cost);
		}
	}

	/** Whether nothing is to be read from the peer here. */
	boolean isHeld() {
		return this.held;
	}

	/** Tells the connection how much waits; on the event loop. */
	private void tell() {
		long now = this.unsent.get();
		long nowOfAnswers = this.unsentAnswers.get();
		long more = now - this.told;
		long moreOfAnswers = nowOfAnswers - this.toldOfAnswers;
		this.told = now;
		this.toldOfAnswers = nowOfAnswers;
		if (more != 0 || moreOfAnswers != 0) {
			this.outgoing.changed(more, moreOfAnswers);
		}
		// Not what it was above: meanwhile, everything may have been sent.
		long waitingAnswers = this.unsentAnswers.get();
		if (!this.held && waitingAnswers > this.forAnswers.limit()) {
			this.held = true;
			this.forAnswers.countRefusal();
			this.heldChanged.run();
		}
		else if (this.held && waitingAnswers <= this.forAnswers.limit() / 2) {
			this.held = false;
			this.heldChanged.run();
		}
	}

	/**
	 * Answers a probe of the peer, past the frames that wait, or two sides could wait for
	 * each other. An answer says that what came before it was read, so one that waits
	 * stands for all before it.
	 */
	void answerProbe(QuicStreamChannel to, long probe) {
		if (this.answering) {
			this.unanswered = probe;
			return;
		}
		this.answering = true;
		writeBatch(to,
				(batch) -> batch.add(FrameEncoder.encode(to.alloc(), PROBE_ID, new Frame.Pong(probe)), (done) -> {
					this.answering = false;
					Long next = this.unanswered;
					this.unanswered = null;
					if (next != null && done.isSuccess()) {
						answerProbe(to, next);
					}
				}));
	}

	/** What was written before a probe has been read, and what came before that. */
	void answered(QuicStreamChannel to, long probeId) {
		if (probeId > this.lastProbeId) {
			return;
		}
		Probe last = null;
		for (Probe next = this.probes.peek(); next != null && next.id <= probeId; next = this.probes.peek()) {
			last = this.probes.remove();
			this.inFlight -= last.bytes;
		}
		if (last == null) {
			return;
		}
		this.window.roundTrip(System.nanoTime() - last.sentAt);
		if (this.probes.isEmpty()) {
			this.window.busy(false);
		}
		drain(to);
	}

	/** Sends a probe now. */
	void probe(QuicStreamChannel to) {
		writeBatch(to, (batch) -> addProbe(batch, System.nanoTime()));
	}

	/**
	 * Without memory for a batch the stream ends: whoever waits for what was in it would
	 * wait for ever.
	 */
	private void writeBatch(QuicStreamChannel to, Consumer<Batch> content) {
		Batch batch = new Batch(to);
		try {
			content.accept(batch);
			batch.write();
		}
		catch (RuntimeException | Error ex) {
			this.broken.accept(ex);
			batch.discard(ex);
		}
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
			failed(this.begun.source, cause);
			this.begun = null;
		}
		failWaiting(cause);
		tell();
	}

	private void failWaiting(ProtocolException cause) {
		for (Waiting next = this.waiting.poll(); next != null; next = this.waiting.poll()) {
			next.frame.release();
			failed(next, cause);
		}
	}

	/** Writes what waits, as far as is granted; on the event loop. */
	void drain(QuicStreamChannel to) {
		if (this.failure != null) {
			failWaiting(this.failure);
			tell();
			return;
		}
		if (!hasMore()) {
			return;
		}
		boolean wasHeld = isPeerHeld();
		pump(to);
		tell();
		if (!wasHeld && isPeerHeld()) {
			pump(to);
		}
	}

	/** What is not read from him could have the answers to our probes in it. */
	private boolean isPeerHeld() {
		return this.held || this.outgoing.isHeld();
	}

	private void pump(QuicStreamChannel to) {
		writeBatch(to, (batch) -> {
			while ((this.inFlight < this.window.share() || isPeerHeld()) && begin(to)) {
				addPiece(batch);
			}
			if (hasMore() && this.probes.isEmpty()) {
				// The share has shrunk below what no probe follows: nothing else would
				// tell.
				addProbe(batch, System.nanoTime());
			}
		});
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
				this.begun = new Begun(EncodedFrame.of(to.alloc(), next.requestId, next.frame, maxPiece), next);
			}
			catch (RuntimeException ex) {
				failed(next, ex);
			}
			catch (Error ex) {
				failed(next, TransportErrors.streamFailed(ex));
				throw ex;
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
				failed(frame.source, TransportErrors.streamFailed(done.cause()));
			}
			else if (last) {
				sent(frame.source);
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
		this.probes.add(new Probe(++this.lastProbeId, this.unprobed, now));
		this.unprobed = 0;
		this.lastProbe = now;
		batch.add(FrameEncoder.encode(batch.to.alloc(), PROBE_ID, new Frame.Ping(this.lastProbeId)), (done) -> {
		});
	}

	/** Goes to QUIC in one piece, since each write is sent: so frames share packets. */
	private final class Batch {

		private final QuicStreamChannel to;

		private final Queue<ByteBuf> pieces = new ArrayDeque<>();

		private final List<ChannelFutureListener> listeners = new ArrayList<>();

		private int bytes;

		Batch(QuicStreamChannel to) {
			this.to = to;
		}

		void add(ByteBuf piece, ChannelFutureListener whenWritten) {
			this.pieces.add(piece);
			this.listeners.add(whenWritten);
			this.bytes += piece.readableBytes();
			if (this.bytes >= MAX_PIECE) {
				write();
			}
		}

		void write() {
			if (this.pieces.isEmpty()) {
				return;
			}
			ByteBuf all = joined();
			StreamOutput.this.writing++;
			ChannelPromise written = this.to.newPromise();
			this.listeners.forEach(written::addListener);
			this.listeners.clear();
			this.bytes = 0;
			written.addListener((done) -> {
				StreamOutput.this.writing--;
				if (!done.isSuccess() && !(done.cause() instanceof IOException)) {
					// The stream has not ended, and a part of the bytes may be on its
					// way.
					StreamOutput.this.broken.accept(done.cause());
				}
				tell();
				runIfEmpty();
			});
			this.to.write(all, written);
		}

		/**
		 * One piece of native memory, into which Netty would copy anything else: here it
		 * is known what becomes of the pieces if there is no memory.
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

		/** What was not written. */
		void discard(Throwable cause) {
			releasePieces();
			ChannelPromise failed = this.to.newPromise();
			this.listeners.forEach(failed::addListener);
			failed.setFailure(cause);
		}

	}

	private record Waiting(long requestId, Frame frame, int cost, CompletableFuture<Void> result) {
	}

	private record Begun(EncodedFrame frame, Waiting source) {
	}

	private record Probe(long id, long bytes, long sentAt) {
	}

}
