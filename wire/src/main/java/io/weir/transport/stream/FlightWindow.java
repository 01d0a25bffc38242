package io.weir.transport.stream;

import java.util.concurrent.TimeUnit;

/**
 * How much of a connection's data may be on the way to the peer's application at once. A
 * carrier fills every buffer between two machines, a network's until a packet is lost,
 * and whatever is sent next, be it a ping of the highest priority, waits behind all of
 * it. So streams keep the rest back, in proportion to the shortest round trip that was
 * seen: what a fast path carries in that time fits, and no more waits in queues. Of one
 * event loop.
 */
final class FlightWindow {

	/**
	 * For paths on one machine, where copying takes longer than the way. Chosen by
	 * measuring: with 256 KiB pings beside long frames wait more than ten times as long
	 * as alone, with 128 KiB a sixth of the throughput is gone.
	 */
	private static final long SMALLEST = 192 * 1024;

	private static final long LARGEST = 8L * 1024 * 1024;

	/** Never less for one stream, however many are busy. */
	private static final long SMALLEST_SHARE = 16 * 1024;

	/** The fastest path that is used to the full by one connection: 2 Gbit/s. */
	private static final long BYTES_PER_MICRO = 250;

	/** Unknown at first, which is soon over: every stream begins with a probe. */
	private long shortestMicros = Long.MAX_VALUE;

	private int busy;

	/** A probe came back. */
	void roundTrip(long nanos) {
		this.shortestMicros = Math.min(this.shortestMicros, TimeUnit.NANOSECONDS.toMicros(nanos));
	}

	/** A stream has something on the way, or has it no longer. */
	void busy(boolean more) {
		this.busy += more ? 1 : -1;
	}

	/** What one stream may have on the way. */
	long share() {
		return Math.max(SMALLEST_SHARE, size() / Math.max(1, this.busy));
	}

	private long size() {
		if (this.shortestMicros == Long.MAX_VALUE) {
			return SMALLEST;
		}
		return Math.min(LARGEST, Math.max(SMALLEST, this.shortestMicros * BYTES_PER_MICRO));
	}

}
