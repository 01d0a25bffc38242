package io.weir.transport.stream;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

import io.weir.wire.Frame;

/**
 * What was written on a stream and is not known to have been read. Pings, the probes,
 * follow what is written; their answers say that the peer has read it. Of one event loop.
 */
final class Probes {

	/** The request id of probes, which no request reaches by counting. */
	static final long REQUEST_ID = (1L << 62) - 1;

	/** So often at least, so that a round trip is seen when nothing is in its way. */
	private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);

	/**
	 * Four probes in a share, so that one can be on its way back while more is written.
	 */
	private static final int PER_SHARE = 4;

	private final FlightWindow window;

	private final Queue<Probe> unanswered = new ArrayDeque<>();

	private long lastId;

	/** Written, and not known to have been read. */
	private long inFlight;

	/** The part of it that no probe follows yet. */
	private long unprobed;

	private long lastSentAt = System.nanoTime() - INTERVAL;

	Probes(FlightWindow window) {
		this.window = window;
	}

	/** Whether the window grants that more is written. */
	boolean mayWrite() {
		return this.inFlight < this.window.share();
	}

	/** Counts what is written. */
	void written(long bytes) {
		this.inFlight += bytes;
		this.unprobed += bytes;
	}

	/** Whether a probe is to follow what was written so far. */
	boolean isDue() {
		return this.unprobed * PER_SHARE >= this.window.share() || System.nanoTime() - this.lastSentAt >= INTERVAL;
	}

	/** Whether no answer is awaited. */
	boolean isEmpty() {
		return this.unanswered.isEmpty();
	}

	/** The next probe, which is sent now. */
	Frame.Ping next() {
		if (this.unanswered.isEmpty()) {
			this.window.busy(true);
		}
		this.lastSentAt = System.nanoTime();
		this.unanswered.add(new Probe(++this.lastId, this.unprobed, this.lastSentAt));
		this.unprobed = 0;
		return new Frame.Ping(this.lastId);
	}

	/**
	 * What was written before a probe has been read, and what came before that.
	 * @return whether anything is known now that was not
	 */
	boolean answered(long id) {
		if (id > this.lastId) {
			return false;
		}
		Probe last = null;
		for (Probe next = this.unanswered.peek(); next != null && next.id <= id; next = this.unanswered.peek()) {
			last = this.unanswered.remove();
			this.inFlight -= last.bytes;
		}
		if (last == null) {
			return false;
		}
		this.window.roundTrip(System.nanoTime() - last.sentAt);
		if (this.unanswered.isEmpty()) {
			this.window.busy(false);
		}
		return true;
	}

	/** Whether a probe that was sent by then has no answer. */
	boolean isUnanswered(long sentBy) {
		Probe first = this.unanswered.peek();
		return first != null && first.sentAt - sentBy <= 0;
	}

	/** The stream has ended: no answer is awaited any more. */
	void end() {
		if (!this.unanswered.isEmpty()) {
			this.unanswered.clear();
			this.window.busy(false);
		}
	}

	private record Probe(long id, long bytes, long sentAt) {
	}

}
