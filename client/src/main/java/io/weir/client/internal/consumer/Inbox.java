package io.weir.client.internal.consumer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.wire.ProtocolException;

/**
 * What was delivered and not yet taken, who waits for it, what the application has in
 * hand, and how many permits the broker is owed for it. One lock guards all, so that a
 * message is always either in the queue or in hand. No foreign code runs under the lock.
 *
 * @param <T> the type of the values
 */
final class Inbox<T> {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Deque<Message<T>> queue = new ArrayDeque<>();

	private final Deque<CompletableFuture<Message<T>>> waiting = new ArrayDeque<>();

	/**
	 * Given to the application and neither given back nor known to be acknowledged. When
	 * the broker delivers one of these again, which it does after a reconnect, it is
	 * dropped.
	 */
	private final Set<MessageId> inHand = new HashSet<>();

	private final int capacity;

	private int owedPermits;

	private final Function<ProtocolException, RuntimeException> failures;

	private @Nullable ProtocolException closed;

	Inbox(int capacity, Function<ProtocolException, RuntimeException> failures) {
		this.capacity = capacity;
		this.failures = failures;
	}

	/**
	 * Takes what was delivered.
	 * @param messages the messages to give to the application
	 * @param permits how many permits the broker used for them, and for others that were
	 * passed over
	 */
	void deliver(List<Message<T>> messages, int permits) {
		List<Runnable> handOvers = new ArrayList<>();
		this.lock.lock();
		try {
			int fresh = 0;
			if (this.closed == null) {
				for (Message<T> message : messages) {
					if (!this.inHand.contains(message.id())) {
						this.queue.add(message);
						fresh++;
					}
				}
			}
			this.owedPermits += permits - fresh;
			match(handOvers);
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		handOvers.forEach(Runnable::run);
	}

	/** Gives messages to those who wait. Under the lock; the hand-overs run outside. */
	private void match(List<Runnable> handOvers) {
		while (!this.queue.isEmpty() && !this.waiting.isEmpty()) {
			CompletableFuture<Message<T>> waiter = this.waiting.remove();
			if (!waiter.isDone()) {
				Message<T> message = takeFirst();
				handOvers.add(() -> handOver(message, waiter));
			}
		}
	}

	private Message<T> takeFirst() {
		Message<T> message = this.queue.remove();
		this.inHand.add(message.id());
		this.owedPermits++;
		return message;
	}

	/** A waiter that was cancelled at the last moment takes nothing. */
	private void handOver(Message<T> message, CompletableFuture<Message<T>> waiter) {
		if (!waiter.complete(message)) {
			putBack(message);
		}
	}

	private void putBack(Message<T> message) {
		List<Runnable> handOvers = new ArrayList<>();
		this.lock.lock();
		try {
			if (this.inHand.remove(message.id()) && this.closed == null) {
				this.owedPermits--;
				this.queue.addFirst(message);
				match(handOvers);
				this.changed.signalAll();
			}
		}
		finally {
			this.lock.unlock();
		}
		handOvers.forEach(Runnable::run);
	}

	/**
	 * Takes the next message, waiting for it.
	 * @param nanos how long to wait
	 * @return the message, or {@code null} if none came in time
	 */
	@Nullable Message<T> take(long nanos) throws InterruptedException {
		long left = nanos;
		this.lock.lockInterruptibly();
		try {
			while (this.queue.isEmpty()) {
				throwIfClosed();
				if (left <= 0) {
					return null;
				}
				left = this.changed.awaitNanos(left);
			}
			throwIfClosed();
			return takeFirst();
		}
		finally {
			this.lock.unlock();
		}
	}

	CompletableFuture<Message<T>> takeAsync() {
		this.lock.lock();
		try {
			if (this.closed != null) {
				return CompletableFuture.failedFuture(this.failures.apply(this.closed));
			}
			if (!this.queue.isEmpty() && this.waiting.isEmpty()) {
				return CompletableFuture.completedFuture(takeFirst());
			}
			CompletableFuture<Message<T>> waiter = new CompletableFuture<>();
			this.waiting.removeIf(CompletableFuture::isDone);
			this.waiting.add(waiter);
			return waiter;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The application has given a message back: it is welcome again. */
	boolean giveBack(MessageId id) {
		this.lock.lock();
		try {
			return this.inHand.remove(id);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The broker will not deliver these again. */
	void acknowledged(List<MessageId> ids) {
		this.lock.lock();
		try {
			ids.forEach(this.inHand::remove);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Forgets what is queued: the broker will deliver it again. */
	void clear() {
		this.lock.lock();
		try {
			this.queue.clear();
			this.owedPermits = 0;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The broker begins to count anew: it is owed a permit for each free place. */
	void restart() {
		this.lock.lock();
		try {
			this.owedPermits = this.capacity - this.queue.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Whether so many permits are owed that granting them is worth a frame. */
	boolean owesMany() {
		this.lock.lock();
		try {
			return this.owedPermits >= (this.capacity + 1) / 2;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Takes the permits that are owed, to be granted.
	 * @return how many; none unless many are owed
	 */
	int permitsToGrant() {
		this.lock.lock();
		try {
			if (this.owedPermits < (this.capacity + 1) / 2) {
				return 0;
			}
			int permits = this.owedPermits;
			this.owedPermits = 0;
			return permits;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Fails those who wait and those who come. */
	void close(ProtocolException cause) {
		List<CompletableFuture<Message<T>>> failing;
		this.lock.lock();
		try {
			if (this.closed == null) {
				this.closed = cause;
			}
			failing = List.copyOf(this.waiting);
			this.waiting.clear();
			this.queue.clear();
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		failing.forEach((waiter) -> waiter.completeExceptionally(this.failures.apply(cause)));
	}

	private void throwIfClosed() {
		if (this.closed != null) {
			throw this.closed;
		}
	}

}
