package io.weir.client.internal.connection;

import java.time.Duration;

import io.weir.time.Backoff;
import io.weir.wire.ProtocolException;

/** How long to wait before the next attempt to connect. On the manager's executor. */
final class RetryDelays {

	private final Backoff backoff;

	RetryDelays(Backoff backoff) {
		this.backoff = backoff;
	}

	/** What will not go away by itself is tried seldom. */
	Duration afterFailure(ProtocolException cause) {
		return cause.code().retryable() ? this.backoff.next() : this.backoff.longest();
	}

	/**
	 * A session that did not outlive the last delay does not count as a success.
	 * @param lasted how long it lasted, in nanoseconds
	 */
	Duration afterLoss(long lasted, ProtocolException cause) {
		if (lasted > this.backoff.span().toNanos()) {
			this.backoff.reset();
		}
		return afterFailure(cause);
	}

}
