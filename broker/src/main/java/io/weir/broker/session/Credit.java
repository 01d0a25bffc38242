package io.weir.broker.session;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

import io.weir.transport.FrameStream;

/**
 * Bounds what a session has asked for and was not answered. Above the bound its streams
 * are not read, so that QUIC holds the client back, until half of it is answered.
 */
final class Credit {

	/** The most bytes of requests under way, but for what was read already. */
	static final long BOUND = 8L * 1024 * 1024;

	private final AtomicLong used = new AtomicLong();

	/** Those to be held back. */
	private final Map<Long, FrameStream> streams = new ConcurrentHashMap<>();

	private final Executor eventLoop;

	private volatile boolean exhausted;

	Credit(Executor eventLoop) {
		this.eventLoop = eventLoop;
	}

	/** From now on the stream is held back with the others; on the event loop. */
	void add(FrameStream stream) {
		this.streams.put(stream.id(), stream);
		if (this.exhausted) {
			stream.setReading(false);
		}
	}

	/** The stream has ended; on the event loop. */
	void remove(FrameStream stream) {
		this.streams.remove(stream.id());
	}

	/** A request begins; on the event loop. */
	void use(int amount) {
		if (this.used.addAndGet(amount) > BOUND && !this.exhausted) {
			this.exhausted = true;
			this.streams.values().forEach((stream) -> stream.setReading(false));
			replenishIfAnswered();
		}
	}

	/** A request was answered; on any thread. */
	void giveBack(int amount) {
		if (this.used.addAndGet(-amount) <= BOUND / 2 && this.exhausted) {
			this.eventLoop.execute(this::replenishIfAnswered);
		}
	}

	private void replenishIfAnswered() {
		if (this.exhausted && this.used.get() <= BOUND / 2) {
			this.exhausted = false;
			this.streams.values().forEach((stream) -> stream.setReading(true));
		}
	}

}
