package io.weir.client.internal.producer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.callback.CallbackFuture;
import io.weir.message.MessageId;
import io.weir.wire.MessageRecord;

/**
 * A message on its way to the broker, and the future that completes when it is stored or
 * has failed: by which the client waits; the application has another one, whose
 * dependents are {@linkplain #run() told} elsewhere. Until it is {@link #claim() claimed}
 * for a batch it can be cancelled, from any thread; one or the other happens, never both.
 */
final class OutgoingMessage extends CompletableFuture<MessageId> implements Runnable {

	private static final AtomicIntegerFieldUpdater<OutgoingMessage> CLAIMED = AtomicIntegerFieldUpdater
		.newUpdater(OutgoingMessage.class, "claimed");

	private final MessageRecord record;

	private final int size;

	/** The application's own; {@code null} if somebody waits for this one. */
	private final @Nullable CallbackFuture<MessageId> told;

	/** Through {@link #CLAIMED} only. */
	@SuppressWarnings("UnusedVariable")
	private volatile int claimed;

	/** Who looks after it; written by who does. */
	private volatile PendingMessages owner;

	// Only touched on the producer's executor once the message was handed over.

	private long waitingSince;

	private boolean queued;

	private boolean settled;

	/**
	 * Creates a message.
	 * @param record what to publish
	 * @param size how many bytes it takes in a batch
	 * @param now the time, in the timer's nanoseconds
	 * @param owner looks after it; told, on the thread that cancels, that it is not to be
	 * sent any more
	 * @param callbacks whether the application has a future for it
	 */
	OutgoingMessage(MessageRecord record, int size, long now, PendingMessages owner, boolean callbacks) {
		this.record = record;
		this.size = size;
		this.waitingSince = now;
		this.owner = owner;
		this.told = callbacks ? new CallbackFuture<>(this) : null;
	}

	/** The future for whoever asked for it: this one, or the application's own. */
	CompletableFuture<MessageId> future() {
		return (this.told != null) ? this.told : this;
	}

	boolean hasCallbacks() {
		return this.told != null;
	}

	/** Runs the application's dependents, if it has a future. */
	@Override
	public void run() {
		if (this.told != null) {
			this.told.tell();
		}
	}

	/**
	 * Takes the message back.
	 * @return whether it will not be published; {@code false} if it has been put into a
	 * batch, which goes on as if nothing had been asked
	 */
	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		if (isDone() || !claim()) {
			return isCancelled();
		}
		boolean cancelled = super.cancel(mayInterruptIfRunning);
		this.owner.takenBack(this);
		return cancelled;
	}

	PendingMessages owner() {
		return this.owner;
	}

	/** Another one looks after it from now on. */
	void movedTo(PendingMessages owner) {
		this.owner = owner;
	}

	/**
	 * Decides what becomes of the message.
	 * @return whether this was the first claim
	 */
	boolean claim() {
		return CLAIMED.compareAndSet(this, 0, 1);
	}

	MessageRecord record() {
		return this.record;
	}

	boolean isDelayed() {
		return this.record.times().isDelayed();
	}

	int size() {
		return this.size;
	}

	/**
	 * There is room for it: from now on it waits for its receipt, in whichever queue.
	 */
	void queuedAt(long now) {
		if (!this.queued) {
			this.queued = true;
			this.waitingSince = now;
		}
	}

	/**
	 * Since when it waits: for room at first, then for its receipt.
	 * @return the time, in the timer's nanoseconds
	 */
	long queuedAt() {
		return this.waitingSince;
	}

	/**
	 * Takes note that nothing more is to be done for it.
	 * @return whether this was the first time
	 */
	boolean settle() {
		boolean first = !this.settled;
		this.settled = true;
		return first;
	}

}
