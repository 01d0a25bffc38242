package io.weir.broker.session;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

import io.weir.transport.FrameStream;
import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;

/**
 * Bounds what a session has asked for and was not answered. Above the bound its streams
 * are not read, so that QUIC holds the client back, until half of it is answered. When
 * all sessions together have asked for too much, each is allowed little.
 */
final class Credit {

	/** What each session may ask for, however much the others have. */
	static final long LITTLE = 64 * 1024;

	/** What is used by a session that has ended, however much is given back later. */
	private static final long ENDED = Long.MIN_VALUE / 2;

	private final AtomicLong used = new AtomicLong();

	/** Those to be held back. */
	private final Map<Long, FrameStream> streams = new ConcurrentHashMap<>();

	private final Executor eventLoop;

	/** The most bytes of requests under way, but for what was read already. */
	private final Budget bound;

	private final Budget all;

	private volatile boolean exhausted;

	Credit(Executor eventLoop, Budgets budgets) {
		this.eventLoop = eventLoop;
		this.bound = budgets.of(BrokerLimit.REQUEST_MEMORY_PER_CONNECTION);
		this.all = budgets.of(BrokerLimit.INCOMING_MEMORY);
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
		long now = this.used.addAndGet(amount);
		if (now < 0) {
			return;
		}
		this.all.take(amount);
		if (now > allowed() && !this.exhausted) {
			this.exhausted = true;
			this.bound.countRefusal();
			this.streams.values().forEach((stream) -> stream.setReading(false));
			replenishIfAnswered();
		}
	}

	/** A request was answered; on any thread. */
	void giveBack(int amount) {
		long now = this.used.addAndGet(-amount);
		if (now < 0) {
			return;
		}
		this.all.giveBack(amount);
		if (now <= allowed() / 2 && this.exhausted) {
			this.eventLoop.execute(this::replenishIfAnswered);
		}
	}

	/** The session has ended; what is answered later counts no more. */
	void end() {
		this.all.giveBack(this.used.getAndSet(ENDED));
	}

	private long allowed() {
		return this.all.isExceeded() ? Math.min(LITTLE, this.bound.limit()) : this.bound.limit();
	}

	private void replenishIfAnswered() {
		if (this.exhausted && this.used.get() <= allowed() / 2) {
			this.exhausted = false;
			this.streams.values().forEach((stream) -> stream.setReading(true));
		}
	}

}
