package io.weir.broker.engine.dispatch;

import java.util.Collections;
import java.util.Comparator;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

import io.weir.broker.engine.context.Sparse;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;

/**
 * Messages that were given back to be delivered later, each when its time has come. Where
 * the order matters none overtakes an earlier one, which may make it wait longer.
 */
abstract sealed class DelayedMessages {

	static DelayedMessages of(SubscriptionType type) {
		return (type == SubscriptionType.EXCLUSIVE || type == SubscriptionType.FAILOVER) ? new InOrder() : new ByTime();
	}

	/** A message waits until a time. */
	abstract void add(MessageId id, long due);

	/** Whether a message must wait for an earlier one, though its time has come. */
	abstract boolean isBehind(MessageId id);

	/** When the next message comes, or {@link Long#MAX_VALUE}. */
	abstract long next();

	/**
	 * Forgets the messages whose time has come, and hands them over.
	 * @param isDelayed whether a message still is: it may have been acknowledged
	 */
	abstract void release(long now, Predicate<MessageId> isDelayed, Consumer<MessageId> to);

	/** In the order of the log. */
	private static final class InOrder extends DelayedMessages {

		private NavigableMap<MessageId, Long> due = Collections.emptyNavigableMap();

		@Override
		void add(MessageId id, long due) {
			this.due = Sparse.with(this.due, id, due);
		}

		@Override
		boolean isBehind(MessageId id) {
			return this.due.lowerKey(id) != null;
		}

		@Override
		long next() {
			return this.due.isEmpty() ? Long.MAX_VALUE : this.due.firstEntry().getValue();
		}

		@Override
		void release(long now, Predicate<MessageId> isDelayed, Consumer<MessageId> to) {
			while (!this.due.isEmpty()) {
				MessageId first = this.due.firstKey();
				if (isDelayed.test(first)) {
					if (next() > now) {
						return;
					}
					to.accept(first);
				}
				this.due = Sparse.without(this.due, first);
			}
		}

	}

	/** Whichever is due. */
	private static final class ByTime extends DelayedMessages {

		private NavigableSet<Delayed> queue = Collections.emptyNavigableSet();

		@Override
		void add(MessageId id, long due) {
			this.queue = Sparse.with(this.queue, new Delayed(id, due));
		}

		@Override
		boolean isBehind(MessageId id) {
			return false;
		}

		@Override
		long next() {
			return this.queue.isEmpty() ? Long.MAX_VALUE : this.queue.first().due();
		}

		@Override
		void release(long now, Predicate<MessageId> isDelayed, Consumer<MessageId> to) {
			while (next() <= now) {
				Delayed next = this.queue.first();
				this.queue = Sparse.without(this.queue, next);
				if (isDelayed.test(next.id())) {
					to.accept(next.id());
				}
			}
		}

	}

	private record Delayed(MessageId id, long due) implements Comparable<Delayed> {

		private static final Comparator<Delayed> ORDER = Comparator.comparingLong(Delayed::due)
			.thenComparing(Delayed::id);

		@Override
		public int compareTo(Delayed other) {
			return ORDER.compare(this, other);
		}

	}

}
