package io.weir.client.internal.consumer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import io.weir.message.MessageId;
import io.weir.wire.ProtocolException;

/**
 * What was delivered of one partition and not yet taken, what the application has in hand
 * of it, and how many permits the broker is owed for it. Guarded by the lock of all
 * inboxes of the consumer, under which no foreign code runs.
 *
 * @param <T> the type of the values
 */
final class Inbox<T> {

	private final Inboxes<T> all;

	private final ReentrantLock lock;

	@GuardedBy("lock")
	private final ReceivedQueue<T> queue = new ReceivedQueue<>();

	@GuardedBy("lock")
	private final PermitWindow permits;

	@GuardedBy("lock")
	private final UnacknowledgedMessages unacknowledged;

	/** Only a reader has one; it has nothing in hand, since it acknowledges nothing. */
	@GuardedBy("lock")
	private final @Nullable ReadPosition position;

	private final LongSupplier clock;

	/** Grants permits that are owed; set before anything is delivered. */
	private Runnable placeIsFree = () -> {
	};

	/** Whether it stands in the line of those with messages. */
	@GuardedBy("lock")
	private boolean ready;

	@GuardedBy("lock")
	private boolean closed;

	Inbox(ConsumerSettings settings, LongSupplier clock, Inboxes<T> all) {
		this.all = all;
		this.lock = all.lock;
		this.permits = new PermitWindow(settings.receiverQueueSize(), settings.receiverQueueBytes(), all.room);
		this.unacknowledged = new UnacknowledgedMessages(settings.ackTimeout().toNanos());
		this.position = (settings.readFrom() != null) ? new ReadPosition(settings.readFrom()) : null;
		this.clock = clock;
		all.add(this);
	}

	/** Says what grants permits that are owed. */
	void onPlaceFree(Runnable action) {
		this.placeIsFree = action;
	}

	/** A place may be free; without the lock. */
	void placeIsFree() {
		this.all.placeIsFree(this);
	}

	/** Grants permits if they are owed; without the lock. */
	void grant() {
		this.placeIsFree.run();
	}

	/** Whether it has messages, and did not stand in the line of those that have. */
	boolean becomesReady() {
		this.lock.lock();
		try {
			boolean became = !this.ready && !this.queue.isEmpty();
			this.ready |= became;
			return became;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Whether it has no messages, and so leaves that line. */
	boolean isEmptyNow() {
		this.lock.lock();
		try {
			this.ready = !this.queue.isEmpty();
			return !this.ready;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Takes what was delivered, for which the broker used a permit each.
	 * @param messages the messages to give to the application
	 */
	void deliver(List<ReceivedMessage<T>> messages) {
		List<Runnable> handOvers;
		this.lock.lock();
		try {
			this.permits.used(messages.size());
			if (!this.closed) {
				for (ReceivedMessage<T> message : messages) {
					if (isNew(message) && this.queue.add(message)) {
						this.permits.enter(message.size());
					}
				}
			}
			handOvers = this.all.arrived(this);
		}
		finally {
			this.lock.unlock();
		}
		handOvers.forEach(Runnable::run);
	}

	/** Takes messages that nobody can read; returns those that nobody has. */
	List<MessageId> unreadable(List<MessageId> ids, int redeliveryCount) {
		this.lock.lock();
		try {
			this.permits.used(ids.size());
			List<MessageId> unreadable = new ArrayList<>(ids);
			for (MessageId id : ids) {
				if (this.unacknowledged.holds(id, redeliveryCount)) {
					unreadable.remove(id);
				}
			}
			return unreadable;
		}
		finally {
			this.lock.unlock();
		}
	}

	@GuardedBy("lock")
	private boolean isNew(ReceivedMessage<T> message) {
		if (this.position == null) {
			return !this.unacknowledged.holds(message.id(), message.redeliveryCount());
		}
		// One that was put back may be delivered again.
		MessageId last = this.queue.last();
		if (this.position.isPast(message.id()) || (last != null && message.id().compareTo(last) <= 0)) {
			return false;
		}
		this.position.received(message.id());
		return true;
	}

	/** Takes the first message, which there is. */
	ReceivedMessage<T> takeFirst() {
		this.lock.lock();
		try {
			ReceivedMessage<T> message = this.queue.remove();
			this.permits.leave(message.size());
			if (this.position != null) {
				this.position.taken(message.id());
			}
			else {
				this.unacknowledged.give(message.id(), message.redeliveryCount(), this.clock.getAsLong());
			}
			return message;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A message was taken that nobody got; if it has come again meanwhile, as it came
	 * last.
	 */
	void putBack(ReceivedMessage<T> message) {
		List<Runnable> handOvers = List.of();
		this.lock.lock();
		try {
			if (!this.closed && letGo(message.id())) {
				ReceivedMessage<T> copy = removeCopy(message.id());
				this.permits.reenter(message.size());
				this.queue.addFirst((copy != null) ? copy : message);
				handOvers = this.all.arrived(this);
			}
		}
		finally {
			this.lock.unlock();
		}
		handOvers.forEach(Runnable::run);
		placeIsFree();
	}

	@GuardedBy("lock")
	private boolean letGo(MessageId id) {
		return (this.position != null) ? this.position.putBack(id) : this.unacknowledged.putBack(id);
	}

	/**
	 * Does something about what is in hand.
	 * @param action runs under the lock
	 * @return what it returns
	 */
	<R extends @Nullable Object> R unacknowledged(Function<UnacknowledgedMessages, R> action) {
		this.lock.lock();
		try {
			return action.apply(this.unacknowledged);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Decides about a message, of which the application is then not given a copy.
	 * @param action runs under the lock
	 * @return what it returns; nothing is decided if that is {@code null}
	 */
	<R> @Nullable R decide(MessageId id, Function<UnacknowledgedMessages, @Nullable R> action) {
		R decision;
		boolean free;
		this.lock.lock();
		try {
			decision = action.apply(this.unacknowledged);
			free = decision != null && removeCopy(id) != null;
		}
		finally {
			this.lock.unlock();
		}
		placeIsFree(free);
		return decision;
	}

	/** As {@link UnacknowledgedMessages#expire}, with their copies. */
	List<MessageId> expire(long now) {
		List<MessageId> expired;
		boolean free = false;
		this.lock.lock();
		try {
			expired = this.unacknowledged.expire(now);
			for (MessageId id : expired) {
				free |= removeCopy(id) != null;
			}
		}
		finally {
			this.lock.unlock();
		}
		placeIsFree(free);
		return expired;
	}

	/** As {@link UnacknowledgedMessages#acknowledgeUpTo}, with their copies. */
	void acknowledgeUpTo(MessageId last) {
		boolean free;
		this.lock.lock();
		try {
			this.unacknowledged.acknowledgeUpTo(last);
			free = removeIf((message) -> message.id().compareTo(last) <= 0);
		}
		finally {
			this.lock.unlock();
		}
		placeIsFree(free);
	}

	private void placeIsFree(boolean free) {
		if (free) {
			placeIsFree();
		}
	}

	/** Removes a message that has come again, if it has. */
	@GuardedBy("lock")
	private @Nullable ReceivedMessage<T> removeCopy(MessageId id) {
		ReceivedMessage<T> copy = this.queue.remove(id);
		if (copy != null) {
			this.permits.leave(copy.size());
		}
		return copy;
	}

	/** The broker has stored acknowledgements. */
	void confirmed(Acknowledgements.Group group) {
		this.lock.lock();
		try {
			MessageId upTo = group.upTo();
			if (upTo == null) {
				this.unacknowledged.confirmed(group.ids());
			}
			else {
				this.unacknowledged.confirmedUpTo(upTo);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Says whether it has removed any. */
	@GuardedBy("lock")
	private boolean removeIf(Predicate<ReceivedMessage<T>> filter) {
		List<ReceivedMessage<T>> removed = this.queue.removeIf(filter);
		for (ReceivedMessage<T> message : removed) {
			this.permits.leave(message.size());
		}
		return !removed.isEmpty();
	}

	/**
	 * Forgets what is queued: the broker will deliver it again, with what is in hand.
	 */
	void clear() {
		this.lock.lock();
		try {
			removeIf((message) -> true);
			this.unacknowledged.awaitAll();
			this.permits.shut();
		}
		finally {
			this.lock.unlock();
		}
		placeIsFree();
	}

	/** Forgets what is queued and in hand: the subscription was moved. */
	void move(@Nullable SeekTarget place) {
		this.lock.lock();
		try {
			removeIf((message) -> true);
			this.unacknowledged.clear();
			if (this.position != null && place != null) {
				this.position.moved(place);
			}
			this.permits.reopen();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Does something about permits.
	 * @param action runs under the lock
	 * @return what it returns
	 */
	<R extends @Nullable Object> R permits(Function<PermitWindow, R> action) {
		this.lock.lock();
		try {
			return action.apply(this.permits);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Where a reader is.
	 * @param question asked under the lock
	 * @return the answer; {@code null} also if this is no reader's
	 */
	<R> @Nullable R position(Function<ReadPosition, @Nullable R> question) {
		this.lock.lock();
		try {
			return (this.position != null) ? question.apply(this.position) : null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Has no messages any more, and fails those who wait for some. */
	void close(ProtocolException cause) {
		this.lock.lock();
		try {
			this.closed = true;
			removeIf((message) -> true);
			this.permits.end();
		}
		finally {
			this.lock.unlock();
		}
		this.all.closed(this, cause);
	}

}
