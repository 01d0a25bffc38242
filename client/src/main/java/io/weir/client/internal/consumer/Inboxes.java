package io.weir.client.internal.consumer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import io.weir.message.Message;
import io.weir.wire.ProtocolException;

/**
 * Who waits for messages of a consumer, and which of its inboxes have any: one for each
 * partition, which give a message each in turn. One lock guards all, theirs as well, so
 * that a message is always either in a queue or in hand. No foreign code runs under it.
 *
 * @param <T> the type of the values
 */
public final class Inboxes<T> {

	final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	/** Guarded by the lock, but for what says that it needs none. */
	final TotalRoom room;

	private final List<Inbox<T>> all = new CopyOnWriteArrayList<>();

	/** Those with messages, and some that had; each once. */
	@GuardedBy("lock")
	private final Deque<Inbox<T>> ready = new ArrayDeque<>();

	@GuardedBy("lock")
	private final Deque<CompletableFuture<Message<T>>> waiting = new ArrayDeque<>();

	private final Function<ProtocolException, RuntimeException> failures;

	@GuardedBy("lock")
	private @Nullable ProtocolException closed;

	/** Whether the consumer ends with any of them. */
	private final boolean ofOneTopic;

	/**
	 * Creates it, without inboxes, for the partitions of one topic.
	 * @param settings what the consumer was told
	 */
	public Inboxes(ConsumerSettings settings) {
		this(settings, true);
	}

	Inboxes(ConsumerSettings settings, boolean ofOneTopic) {
		this.failures = settings.failures();
		this.room = new TotalRoom(settings.receiverQueueSize(), settings.receiverQueueBytes());
		this.ofOneTopic = ofOneTopic;
	}

	void add(Inbox<T> inbox) {
		this.all.add(inbox);
	}

	/** A place of an inbox may be free, for which others may have had to wait. */
	void placeIsFree(Inbox<T> inbox) {
		if (this.room.isShort() && wasShort()) {
			this.all.forEach(Inbox::grant);
		}
		else {
			inbox.grant();
		}
	}

	private boolean wasShort() {
		this.lock.lock();
		try {
			return this.room.wasShort();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * An inbox has messages, which may be given to those who wait.
	 * @return hands them over, to be run without the lock
	 */
	List<Runnable> arrived(Inbox<T> inbox) {
		List<Runnable> handOvers = new ArrayList<>();
		this.lock.lock();
		try {
			if (inbox.becomesReady()) {
				this.ready.add(inbox);
			}
			Inbox<T> next = this.waiting.isEmpty() ? null : next();
			while (next != null && !this.waiting.isEmpty()) {
				CompletableFuture<Message<T>> waiter = this.waiting.remove();
				if (!waiter.isDone()) {
					Taken<T> taken = takeFrom(next);
					handOvers.add(() -> handOver(taken, waiter));
				}
				next = next();
			}
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		return handOvers;
	}

	/** A waiter that was cancelled at the last moment takes nothing. */
	private void handOver(Taken<T> taken, CompletableFuture<Message<T>> waiter) {
		if (!waiter.complete(taken.message())) {
			taken.putBack();
		}
	}

	/** The inbox whose turn it is; {@code null} if all are empty. */
	@GuardedBy("lock")
	private @Nullable Inbox<T> next() {
		Inbox<T> next = this.ready.peek();
		while (next != null && next.isEmptyNow()) {
			this.ready.remove();
			next = this.ready.peek();
		}
		return next;
	}

	/** Takes the first message of the inbox whose turn it is. */
	@GuardedBy("lock")
	private Taken<T> takeFrom(Inbox<T> next) {
		if (this.ready.size() > 1) {
			this.ready.add(this.ready.remove());
		}
		return new Taken<>(next, next.takeFirst());
	}

	/**
	 * Takes the next message, waiting for it.
	 * @param nanos how long to wait
	 * @return the message, or {@code null} if none came in time
	 */
	@Nullable Taken<T> take(long nanos) throws InterruptedException {
		Taken<T> taken;
		long left = nanos;
		this.lock.lockInterruptibly();
		try {
			Inbox<T> next = next();
			while (next == null) {
				throwIfClosed();
				if (left <= 0) {
					return null;
				}
				left = this.changed.awaitNanos(left);
				next = next();
			}
			throwIfClosed();
			taken = takeFrom(next);
		}
		finally {
			this.lock.unlock();
		}
		taken.inbox().placeIsFree();
		return taken;
	}

	CompletableFuture<Message<T>> takeAsync() {
		Taken<T> taken;
		this.lock.lock();
		try {
			if (this.closed != null) {
				return CompletableFuture.failedFuture(this.failures.apply(this.closed));
			}
			Inbox<T> next = this.waiting.isEmpty() ? next() : null;
			if (next == null) {
				CompletableFuture<Message<T>> waiter = new CompletableFuture<>();
				this.waiting.removeIf(CompletableFuture::isDone);
				this.waiting.add(waiter);
				return waiter;
			}
			taken = takeFrom(next);
		}
		finally {
			this.lock.unlock();
		}
		taken.inbox().placeIsFree();
		return CompletableFuture.completedFuture(taken.message());
	}

	/** One of them is closed, and with it the partition of a topic. */
	void closed(Inbox<T> inbox, ProtocolException cause) {
		this.all.remove(inbox);
		if (this.ofOneTopic) {
			close(cause);
		}
	}

	/** The consumer is closed: fails those who wait and those who come. */
	void close(ProtocolException cause) {
		List<CompletableFuture<Message<T>>> failing;
		this.lock.lock();
		try {
			this.closed = (this.closed != null) ? this.closed : cause;
			failing = List.copyOf(this.waiting);
			this.waiting.clear();
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		failing.forEach((waiter) -> waiter.completeExceptionally(this.failures.apply(cause)));
	}

	@GuardedBy("lock")
	private void throwIfClosed() {
		if (this.closed != null) {
			throw this.closed;
		}
	}

	/**
	 * A message that was taken.
	 *
	 * @param inbox where it was
	 * @param message the message
	 */
	record Taken<T>(Inbox<T> inbox, ReceivedMessage<T> message) {

		/** Nobody got it. */
		void putBack() {
			this.inbox.putBack(this.message);
		}

	}

}
