package io.weir.client.internal.producer;

import java.time.Duration;
import java.util.function.Supplier;

import io.weir.client.internal.link.BrokerLink;
import io.weir.client.internal.schedule.ClientTimer.Scheduled;
import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.wire.ProtocolException;

/**
 * Looks now and then for messages that have waited for longer than the send timeout. Only
 * touched on the producer's executor.
 */
final class SendTimeouts {

	private final SerialExecutor executor;

	private final BrokerLink link;

	private final PendingMessages pending;

	private final Supplier<ProtocolException> cause;

	private final Duration interval;

	private Scheduled next = () -> {
	};

	private boolean stopped;

	/**
	 * Creates it.
	 * @param timeout the send timeout
	 * @param cause what those fail with that have no receipt
	 */
	SendTimeouts(Duration timeout, SerialExecutor executor, BrokerLink link, PendingMessages pending,
			Supplier<ProtocolException> cause) {
		this.executor = executor;
		this.link = link;
		this.pending = pending;
		this.cause = cause;
		// A twentieth of the timeout, from 10 milliseconds to a second.
		this.interval = Duration.ofMillis(Math.max(10, Math.min(1000, timeout.toMillis() / 20)));
	}

	/** Looks, and will again. */
	void look() {
		if (this.stopped) {
			return;
		}
		try {
			expire();
		}
		finally {
			this.next = this.executor.schedule(this.interval, this::look);
		}
	}

	void stop() {
		this.stopped = true;
		this.next.cancel();
	}

	private void expire() {
		ProtocolException failure = this.cause.get();
		if (this.pending.expire(failure, this.link.trouble()) && this.link.isAttached()) {
			this.link.reattach(failure);
		}
		this.pending.drain();
	}

}
