package io.weir.transport.stream;

import java.util.concurrent.atomic.AtomicLong;

import io.weir.wire.Budget;
import io.weir.wire.Frame;

/**
 * Counts what was given to a stream and is not yet with the carrier: by whoever writes,
 * on any thread. The connection is told of it on its event loop, and when too many
 * answers wait the peer is held back.
 */
final class UnsentFrames {

	/** What a frame takes that waits, beside its bytes. */
	private static final int FRAME_COST = 256;

	/** The connection's count. */
	private final Outgoing outgoing;

	private final Budget forAnswers;

	private final Runnable heldChanged;

	private final AtomicLong bytes = new AtomicLong();

	/** What of it answers requests, or is a request. */
	private final AtomicLong ofAnswers = new AtomicLong();

	/** What the connection was told of that. */
	private long told;

	private long toldOfAnswers;

	private boolean held;

	/**
	 * Counts nothing at first.
	 * @param forAnswers how much of answers may wait
	 * @param heldChanged told when the peer is to be held back, and when no longer
	 */
	UnsentFrames(Outgoing outgoing, Budget forAnswers, Runnable heldChanged) {
		this.outgoing = outgoing;
		this.forAnswers = forAnswers;
		this.heldChanged = heldChanged;
	}

	static int cost(Frame frame) {
		if (frame instanceof Frame.Deliver deliver) {
			return FRAME_COST + deliver.batch().readableBytes();
		}
		if (frame instanceof Frame.Publish publish) {
			return FRAME_COST + publish.batch().readableBytes();
		}
		return (frame instanceof Frame.ErrorReply error) ? FRAME_COST + 2 * error.message().length() : FRAME_COST;
	}

	/** More or, if negative, less waits; on any thread. */
	void count(long requestId, int cost) {
		this.bytes.addAndGet(cost);
		if (requestId != 0) {
			this.ofAnswers.addAndGet(cost);
		}
	}

	/** Tells the connection how much waits. */
	void tell() {
		long now = this.bytes.get();
		long nowOfAnswers = this.ofAnswers.get();
		long more = now - this.told;
		long moreOfAnswers = nowOfAnswers - this.toldOfAnswers;
		this.told = now;
		this.toldOfAnswers = nowOfAnswers;
		if (more != 0 || moreOfAnswers != 0) {
			this.outgoing.changed(more, moreOfAnswers);
		}
		// Not what it was above: meanwhile, everything may have been sent.
		long waiting = this.ofAnswers.get();
		if (!this.held && waiting > this.forAnswers.limit()) {
			this.held = true;
			this.forAnswers.countRefusal();
			this.heldChanged.run();
		}
		else if (this.held && waiting <= this.forAnswers.limit() / 2) {
			this.held = false;
			this.heldChanged.run();
		}
	}

	/** Whether nothing is to be read from the peer on this stream. */
	boolean isHeld() {
		return this.held;
	}

	/** Whether nothing is to be read from the peer, here or anywhere. */
	boolean isPeerHeld() {
		return this.held || this.outgoing.isHeld();
	}

}
