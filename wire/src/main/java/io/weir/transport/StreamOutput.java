package io.weir.transport;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.QuicStreamChannel;

import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.FrameEncoder;

/**
 * The frames of one stream that wait to be written. What has been written is followed by
 * pings, the probes; until their answers say that the peer has read it, only so much is
 * written as the {@link FlightWindow} grants. Of the connection's event loop.
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

	private final Queue<Waiting> waiting = new ArrayDeque<>();

	private final Queue<Probe> probes = new ArrayDeque<>();

	private final FlightWindow window;

	/** The longest frame that the peer takes; longer ones go in fragments. */
	private final IntSupplier maxFrameSize;

	private final Runnable flush;

	/** Written, and not known to have been read. */
	private long inFlight;

	/** The part of it that no probe follows yet. */
	private long unprobed;

	private long lastProbe = System.nanoTime() - PROBE_INTERVAL;

	/** Frames that Netty still holds. */
	private int writing;

	/** Done when nothing waits any more. */
	private Runnable whenEmpty = () -> {
	};

	/**
	 * Creates the output.
	 * @param window shared by the streams of the connection
	 * @param maxFrameSize the longest frame that the peer takes, as of now
	 * @param flush sends what was written
	 */
	StreamOutput(FlightWindow window, IntSupplier maxFrameSize, Runnable flush) {
		this.window = window;
		this.maxFrameSize = maxFrameSize;
		this.flush = flush;
	}

	void write(QuicStreamChannel to, long requestId, Frame frame, CompletableFuture<Void> result) {
		this.waiting.add(new Waiting(requestId, frame, result));
		drain(to);
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
		probe(to, System.nanoTime());
		this.flush.run();
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
		if (this.waiting.isEmpty() && this.writing == 0) {
			this.whenEmpty.run();
		}
	}

	/** The stream has ended. */
	void fail(ProtocolException cause) {
		this.whenEmpty = () -> {
		};
		if (!this.probes.isEmpty()) {
			this.probes.clear();
			this.window.busy(false);
		}
		for (Waiting next = this.waiting.poll(); next != null; next = this.waiting.poll()) {
			next.frame.release();
			next.result.completeExceptionally(cause);
		}
	}

	private void drain(QuicStreamChannel to) {
		boolean written = false;
		while (!this.waiting.isEmpty() && this.inFlight < this.window.share()) {
			Waiting next = this.waiting.remove();
			write(to, next);
			written = true;
		}
		if (!this.waiting.isEmpty() && this.probes.isEmpty()) {
			// The share has shrunk below what no probe follows: nothing else would tell.
			probe(to, System.nanoTime());
			written = true;
		}
		if (written) {
			this.flush.run();
		}
	}

	private void write(QuicStreamChannel to, Waiting next) {
		ByteBuf bytes;
		try {
			bytes = FrameEncoder.encode(to.alloc(), next.requestId, next.frame, this.maxFrameSize.getAsInt());
		}
		catch (RuntimeException ex) {
			next.result.completeExceptionally(ex);
			return;
		}
		this.inFlight += bytes.readableBytes();
		this.unprobed += bytes.readableBytes();
		this.writing++;
		to.write(bytes).addListener((done) -> {
			this.writing--;
			runIfEmpty();
			if (done.isSuccess()) {
				next.result.complete(null);
			}
			else {
				next.result.completeExceptionally(TransportErrors.streamFailed(done.cause()));
			}
		});
		long now = System.nanoTime();
		if (this.unprobed * PROBES_PER_SHARE >= this.window.share() || now - this.lastProbe >= PROBE_INTERVAL) {
			probe(to, now);
		}
	}

	private void probe(QuicStreamChannel to, long now) {
		if (this.probes.isEmpty()) {
			this.window.busy(true);
		}
		this.probes.add(new Probe(this.unprobed, now));
		this.unprobed = 0;
		this.lastProbe = now;
		to.write(FrameEncoder.encode(to.alloc(), PROBE_ID, new Frame.Ping(0)));
	}

	private record Waiting(long requestId, Frame frame, CompletableFuture<Void> result) {
	}

	private record Probe(long bytes, long sentAt) {
	}

}
