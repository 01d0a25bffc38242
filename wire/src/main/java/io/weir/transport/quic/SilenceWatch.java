package io.weir.transport.quic;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.EventExecutor;

/**
 * Notices within a few round trips that a peer does not answer, long before a heartbeat
 * does. Looks regularly while an answer is awaited, and at no other time. If no packet at
 * all has come since the last look, the peer is pinged, which a peer that lives
 * acknowledges at once; if nothing comes for the time of a few round trips, it is silent.
 * Everything but {@link #asked()} is for the connection's event loop.
 */
final class SilenceWatch {

	static final Duration INTERVAL = Duration.ofMillis(250);

	/** The least time until a peer that does not acknowledge a ping is silent. */
	static final Duration PATIENCE = Duration.ofMillis(500);

	private static final int ROUND_TRIPS = 4;

	/**
	 * So many intervals after the last one a look is late: it was we that stood still.
	 */
	private static final int LATE = 2;

	private final EventExecutor eventLoop;

	private final Peer peer;

	/** Whether looks are scheduled. */
	private volatile boolean looking;

	/** Whether a packet came since the last look. */
	private boolean heard;

	private boolean pinged;

	private boolean silent;

	private long pingedAt;

	private long lastLook;

	SilenceWatch(EventExecutor eventLoop, Peer peer) {
		this.eventLoop = eventLoop;
		this.peer = peer;
	}

	/** Something was sent that is to be answered; on any thread. */
	void asked() {
		if (!this.looking) {
			try {
				this.eventLoop.execute(this::begin);
			}
			catch (RejectedExecutionException ex) {
				// The transport is closed: whoever asked is told so.
			}
		}
	}

	/** A packet came. */
	void heard() {
		this.heard = true;
		if (this.silent) {
			this.silent = false;
			this.pinged = false;
			this.peer.heardAgain();
		}
	}

	private void begin() {
		if (!this.looking) {
			this.looking = true;
			this.heard = true;
			this.lastLook = now();
			lookLater();
		}
	}

	private void lookLater() {
		this.eventLoop.schedule(this::look, INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
	}

	private void look() {
		boolean late = now() - this.lastLook > INTERVAL.toNanos() * LATE;
		this.lastLook = now();
		if (this.heard || late) {
			this.heard = false;
			this.pinged = false;
		}
		else {
			lookCloserSafely();
		}
		if (this.peer.isOpen() && (this.pinged || this.peer.awaitsAnswer())) {
			lookLater();
			return;
		}
		this.looking = false;
		// What was asked before that was seen has begun nothing.
		if (this.peer.isOpen() && this.peer.awaitsAnswer()) {
			begin();
		}
	}

	/** There may be no memory for a packet: the next look is as good. */
	private void lookCloserSafely() {
		try {
			lookCloser();
		}
		catch (RuntimeException | Error ex) {
			this.peer.failed(ex);
		}
	}

	/** Nothing was heard since the last look. */
	private void lookCloser() {
		if (!this.pinged) {
			if (this.peer.awaitsAnswer()) {
				this.pinged = true;
				this.pingedAt = now();
				this.peer.ping();
			}
			return;
		}
		long since = now() - this.pingedAt;
		if (!this.silent && since >= patience()) {
			this.silent = true;
			this.peer.silent(Duration.ofNanos(since).plus(INTERVAL));
		}
		if (this.silent) {
			this.peer.knock();
		}
	}

	private long patience() {
		return Math.max(PATIENCE.toNanos(), this.peer.roundTripNanos() * ROUND_TRIPS);
	}

	private long now() {
		return this.eventLoop.ticker().nanoTime();
	}

	/** What is watched, and what it can be asked. */
	interface Peer {

		boolean isOpen();

		/** Whether anything was asked that is not answered. */
		boolean awaitsAnswer();

		/** Sends something that is acknowledged at once. */
		void ping();

		/** The round trip, smoothed, as of the last ping. */
		long roundTripNanos();

		/** Sends a packet that a server which does not know the connection answers. */
		void knock();

		/** It could not be looked after for once. */
		void failed(Throwable cause);

		void silent(Duration since);

		void heardAgain();

	}

}
