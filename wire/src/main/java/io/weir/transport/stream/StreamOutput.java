package io.weir.transport.stream;

import java.io.IOException;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;

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
 *
 * <p>
 * What waits is counted until the carrier has it. When too many answers wait the peer is
 * held back, and then the answers go whatever the window says: those to our probes come
 * behind what is not read from him.
 */
final class StreamOutput implements WriteBatch.Listener {

	/**
	 * The longest piece of a frame in bytes, so that no frame is more than a few shares.
	 */
	private static final int MAX_PIECE = 32 * 1024;

	private final Queue<QueuedFrame> waiting = new ConcurrentLinkedQueue<>();

	/** The event loop will come. */
	private final AtomicBoolean turnScheduled = new AtomicBoolean();

	private final ConnectionStreams streams;

	private final Probes probes;

	private final UnsentFrames unsent;

	private final Consumer<Throwable> broken;

	/** Whether the carrier does not have an answer to a probe of the peer. */
	private boolean answering;

	/** The last probe of the peer that came meanwhile; its answer is one to all. */
	private @Nullable Long unanswered;

	/** The frame of which some pieces may have been written. */
	private @Nullable Begun begun;

	/** Batches that Netty still holds. */
	private int writing;

	/** Why nothing is written any more. */
	private @Nullable ProtocolException failure;

	/** Done when nothing waits any more. */
	private Runnable whenEmpty = () -> {
	};

	/**
	 * Creates the output.
	 * @param streams what the streams of the connection share
	 * @param heldChanged told when the peer is to be held back, and when no longer
	 * @param broken told why nothing sensible can be written any more: ends the stream
	 */
	StreamOutput(ConnectionStreams streams, Runnable heldChanged, Consumer<Throwable> broken) {
		this.streams = streams;
		this.probes = new Probes(streams.window());
		this.unsent = new UnsentFrames(streams.outgoing(), streams.forAnswersOfAStream(), heldChanged);
		this.broken = broken;
	}

	/**
	 * Writes a frame, after those that were written before by the same thread. Safe to
	 * use from any thread.
	 * @return done when the carrier has the frame
	 */
	CompletionStage<Void> write(Channel to, long requestId, Frame frame) {
		QueuedFrame added;
		try {
			added = enqueue(requestId, frame);
		}
		catch (Error ex) {
			frame.release();
			return CompletableFuture.failedFuture(explain(ex));
		}
		if (to.eventLoop().inEventLoop()) {
			drain(to);
		}
		else if (this.turnScheduled.compareAndSet(false, true)) {
			scheduleTurn(to);
		}
		return added.result;
	}

	private QueuedFrame enqueue(long requestId, Frame frame) {
		QueuedFrame added = new QueuedFrame(requestId, frame, UnsentFrames.cost(frame), new CompletableFuture<>());
		this.unsent.count(requestId, added.cost);
		try {
			this.waiting.add(added);
		}
		catch (Error ex) {
			this.unsent.count(requestId, -added.cost);
			throw ex;
		}
		return added;
	}

	private void scheduleTurn(Channel to) {
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
			failWaiting(explain(ex));
		}
	}

	/** The carrier has the frame. */
	private void sent(QueuedFrame frame) {
		if (frame.result.complete(null)) {
			this.unsent.count(frame.requestId, -frame.cost);
		}
	}

	private void failed(QueuedFrame frame, Throwable cause) {
		if (frame.result.completeExceptionally(cause)) {
			this.unsent.count(frame.requestId, -frame.cost);
		}
	}

	/** Whether nothing is to be read from the peer here. */
	boolean isHeld() {
		return this.unsent.isHeld();
	}

	/** Takes a probe of the peer, or the answer to one of ours. */
	boolean takes(Channel to, Frame frame) {
		if (frame instanceof Frame.Ping probe) {
			answerProbe(to, probe.nonce());
			return true;
		}
		if (frame instanceof Frame.Pong answer && this.probes.answered(answer.nonce())) {
			drain(to);
		}
		return frame instanceof Frame.Pong;
	}

	/**
	 * Answers a probe of the peer, past the frames that wait, or two sides could wait for
	 * each other. An answer says that what came before it was read, so one that waits
	 * stands for all before it.
	 */
	private void answerProbe(Channel to, long probe) {
		if (this.answering) {
			this.unanswered = probe;
			return;
		}
		this.answering = true;
		ByteBufAllocator alloc = to.alloc();
		writeBatch(to, (batch) -> batch.add(FrameEncoder.BASIC.encode(alloc, Probes.REQUEST_ID, new Frame.Pong(probe)),
				(done) -> {
					this.answering = false;
					Long next = this.unanswered;
					this.unanswered = null;
					if (next != null && done.isSuccess()) {
						answerProbe(to, next);
					}
				}));
	}

	/** Sends a probe now. */
	void probe(Channel to) {
		writeBatch(to, this::addProbe);
	}

	/**
	 * Without memory for a batch the stream ends: whoever waits for what was in it would
	 * wait for ever.
	 */
	private void writeBatch(Channel to, Consumer<WriteBatch> content) {
		WriteBatch batch = new WriteBatch(to, MAX_PIECE, this);
		try {
			content.accept(batch);
			batch.write();
		}
		catch (RuntimeException | Error ex) {
			this.broken.accept(ex);
			batch.discard(ex);
		}
	}

	@Override
	public void writing() {
		this.writing++;
	}

	@Override
	public void written(@Nullable Throwable failure) {
		this.writing--;
		if (failure != null && !(failure instanceof IOException)) {
			// The stream has not ended, and a part of the bytes may be on its way.
			this.broken.accept(failure);
		}
		this.unsent.tell();
		runIfEmpty();
	}

	/** Whether a probe that was sent by then has no answer. */
	boolean isUnanswered(long sentBy) {
		return this.probes.isUnanswered(sentBy);
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
		this.probes.end();
		if (this.begun != null) {
			this.begun.frame.release();
			failed(this.begun.source, cause);
			this.begun = null;
		}
		failWaiting(cause);
		this.unsent.tell();
	}

	private void failWaiting(ProtocolException cause) {
		for (QueuedFrame next = this.waiting.poll(); next != null; next = this.waiting.poll()) {
			next.frame.release();
			failed(next, cause);
		}
	}

	/** Writes what waits, as far as is granted; on the event loop. */
	void drain(Channel to) {
		if (this.failure != null) {
			failWaiting(this.failure);
			this.unsent.tell();
			return;
		}
		if (!hasMore()) {
			return;
		}
		// What is not read from the peer could have the answers to our probes in it.
		boolean wasHeld = this.unsent.isPeerHeld();
		pump(to);
		this.unsent.tell();
		if (!wasHeld && this.unsent.isPeerHeld()) {
			pump(to);
		}
	}

	private void pump(Channel to) {
		writeBatch(to, (batch) -> {
			while ((this.probes.mayWrite() || this.unsent.isPeerHeld()) && begin(to)) {
				addPiece(batch);
			}
			if (hasMore() && this.probes.isEmpty()) {
				// The share has shrunk below what no probe follows: nothing else would
				// tell.
				addProbe(batch);
			}
		});
	}

	private boolean hasMore() {
		return this.begun != null || !this.waiting.isEmpty();
	}

	/** Makes sure that a frame has begun; {@code false} if there is none. */
	private boolean begin(Channel to) {
		while (this.begun == null) {
			QueuedFrame next = this.waiting.poll();
			if (next == null) {
				return false;
			}
			try {
				int maxPiece = Math.min(MAX_PIECE, this.streams.peerMaxFrameSize());
				this.begun = new Begun(
						EncodedFrame.of(this.streams.encoder(), to.alloc(), next.requestId, next.frame, maxPiece),
						next);
			}
			catch (RuntimeException ex) {
				failed(next, ex);
			}
			catch (Error ex) {
				failed(next, explain(ex));
				throw ex;
			}
		}
		return true;
	}

	private ProtocolException explain(Throwable failure) {
		return this.streams.connection().explain(failure);
	}

	private void addPiece(WriteBatch batch) {
		Begun frame = Objects.requireNonNull(this.begun);
		ByteBuf piece = frame.frame.next();
		boolean last = !frame.frame.hasNext();
		if (last) {
			this.begun = null;
		}
		this.probes.written(piece.readableBytes());
		batch.add(piece, (done) -> {
			if (!done.isSuccess()) {
				failed(frame.source, explain(done.cause()));
			}
			else if (last) {
				sent(frame.source);
			}
		});
		if (this.probes.isDue()) {
			addProbe(batch);
		}
	}

	private void addProbe(WriteBatch batch) {
		batch.add(FrameEncoder.BASIC.encode(batch.alloc(), Probes.REQUEST_ID, this.probes.next()), (done) -> {
		});
	}

	private record QueuedFrame(long requestId, Frame frame, int cost, CompletableFuture<Void> result) {
	}

	private record Begun(EncodedFrame frame, QueuedFrame source) {
	}

}
