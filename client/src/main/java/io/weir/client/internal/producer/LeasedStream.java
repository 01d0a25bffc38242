package io.weir.client.internal.producer;

import io.weir.pool.Lease;
import io.weir.transport.RequestStream;

/** A leased stream on which a lane publishes. Only touched on the producer's executor. */
final class LeasedStream {

	private final Lease<RequestStream> lease;

	private final RequestStream stream;

	/** Whether the producer was opened here; the link ends that lease. */
	private final boolean home;

	private int inFlight;

	private boolean used;

	private boolean held;

	LeasedStream(Lease<RequestStream> lease, RequestStream stream, boolean home) {
		this.lease = lease;
		this.stream = stream;
		this.home = home;
	}

	RequestStream requests() {
		return this.stream;
	}

	/** How many batches wait for their receipt here. */
	int inFlight() {
		return this.inFlight;
	}

	/** A batch is on its way, or waits to be. */
	void sent() {
		this.inFlight++;
		this.used = true;
	}

	/** Its last batch waits to be sent, so nothing may be sent after it. */
	void hold(boolean held) {
		this.held = held;
	}

	boolean isHeld() {
		return this.held;
	}

	void answered() {
		this.inFlight--;
	}

	/**
	 * Whether the stream was idle since this was asked last, and can be given back.
	 */
	boolean wasIdle() {
		boolean idle = !this.home && !this.used && this.inFlight == 0;
		this.used = this.inFlight > 0;
		return idle;
	}

	/** Gives the stream back; one that still owes answers is not lent again. */
	void release() {
		if (this.home) {
			return;
		}
		if (this.inFlight == 0) {
			this.lease.close();
		}
		else {
			this.lease.invalidate();
		}
	}

	/** Has the stream ended. */
	void discard() {
		if (!this.home) {
			this.lease.invalidate();
		}
	}

}
