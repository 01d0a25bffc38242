package io.weir.client.internal.consumer;

import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.message.MessageId;
import io.weir.wire.Frame;

/** Grants the broker the permits that the {@link Inbox} owes it. */
final class FlowControl {

	private static final Logger logger = LoggerFactory.getLogger(FlowControl.class);

	private final Inbox<?> inbox;

	private final BrokerChannel channel;

	private final Executor executor;

	private final BooleanSupplier withheld;

	private volatile boolean paused;

	/**
	 * Creates it.
	 * @param withheld whether nothing must be granted now: while the subscription is
	 * being moved, which takes all permits back, and once the consumer wants nothing more
	 */
	FlowControl(Inbox<?> inbox, BrokerChannel channel, Executor executor, BooleanSupplier withheld) {
		this.inbox = inbox;
		this.channel = channel;
		this.executor = executor;
		this.withheld = withheld;
	}

	/** On any thread. */
	void pause() {
		this.paused = true;
	}

	/** On any thread. */
	void resume() {
		this.paused = false;
		this.executor.execute(this::grant);
	}

	/** To be called when permits may be owed. On any thread. */
	void grantSoon() {
		if (!this.paused && this.inbox.permits(PermitWindow::owed) > 0) {
			this.executor.execute(this::grant);
		}
	}

	/** On the executor. */
	void grant() {
		if (this.paused || !this.channel.isAttached() || this.withheld.getAsBoolean()) {
			return;
		}
		int permits = this.inbox.permits((window) -> {
			int owed = window.owed();
			window.granted(owed);
			return owed;
		});
		if (permits > 0) {
			forgetRead();
			this.channel.send((consumerId) -> new Frame.Flow(consumerId, permits));
		}
	}

	/** Else the broker would remember all that a reader was given. */
	private void forgetRead() {
		MessageId read = this.inbox.position(ReadPosition::read);
		if (read != null) {
			this.channel.request((consumerId) -> new Frame.AcknowledgeUpTo(consumerId, read), (answer) -> {
			}, (cause) -> logger.debug("The broker does not forget what was read: {}", cause.getMessage()));
		}
	}

}
