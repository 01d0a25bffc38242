package io.weir.broker.engine.subscription;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.engine.dispatch.SubscriptionConsumer;
import io.weir.wire.Position;

/**
 * Counts the messages that were trimmed before subscriptions were given them, and tells
 * their consumers and, of durable ones, the log: soon, and then no more than once in a
 * while, of all since. Who has no consumer meanwhile has its next one told.
 */
final class TrimmedMessages {

	/** How long nothing more is said of a subscription. */
	static final long PAUSE_MILLIS = 60_000;

	private final TopicContext context;

	/** Of most topics nobody ever misses anything. */
	private Map<SubscriptionId, Count> counts = Collections.emptyMap();

	TrimmedMessages(TopicContext context) {
		this.context = context;
	}

	/** The beginning of the log is gone. */
	void trimmed(SubscriptionLife life) {
		long before = undelivered(life);
		life.trimmed();
		count(life, before - undelivered(life));
	}

	/** What was trimmed unread may be known only now. */
	void ordinalFound(SubscriptionLife life, Outcome.OrdinalFound found) {
		long before = undelivered(life);
		life.handle(found);
		if (found.position().equals(firstKept().before())) {
			count(life, before - undelivered(life));
		}
	}

	/** What consumers have they may still acknowledge. */
	private static long undelivered(SubscriptionLife life) {
		List<SubscriptionConsumer> consumers = life.consumers().all();
		return life.backlog().messages() - consumers.stream().mapToLong((each) -> each.snapshot().inFlight()).sum();
	}

	private void count(SubscriptionLife life, long messages) {
		if (messages <= 0) {
			return;
		}
		if (this.counts.isEmpty()) {
			this.counts = new LinkedHashMap<>();
		}
		Count count = this.counts.computeIfAbsent(life.id(), (id) -> new Count());
		count.messages += messages;
		count.toLog += messages;
		count.toConsumers += messages;
		if (life.isDurable()) {
			this.context.figures().trimmed(messages);
		}
		tell(life);
	}

	/** Tells what was not told yet, if it is time. */
	void tell(SubscriptionLife life) {
		Count count = this.counts.get(life.id());
		if (count == null || count.toLog == 0) {
			return;
		}
		long now = this.context.time().steady();
		if (now < count.nextTelling) {
			this.context.time().wakeAtSteady(count.nextTelling);
			return;
		}
		count.nextTelling = now + PAUSE_MILLIS;
		if (life.isDurable()) {
			this.context.out().accept(new Effect.SubscriptionTrimmed(life.id().name(), count.toLog, firstKept()));
		}
		count.toLog = 0;
		List<SubscriptionConsumer> consumers = life.consumers().all();
		if (!consumers.isEmpty() && count.toConsumers > 0) {
			consumers.forEach((each) -> tell(each.peer(), count));
			count.toConsumers = 0;
		}
	}

	/** A consumer has come, perhaps: it may be the first since something was trimmed. */
	void attached(SubscriptionLife life, Peer consumer) {
		Count count = this.counts.get(life.id());
		if (count != null && count.toConsumers > 0 && life.consumers().find(consumer) != null) {
			tell(consumer, count);
			count.toConsumers = 0;
		}
	}

	private void tell(Peer consumer, Count count) {
		this.context.out().accept(new Effect.MessagesTrimmed(consumer, count.toConsumers, firstKept()));
	}

	private Position firstKept() {
		return this.context.topic().first();
	}

	/** How many it was of a subscription. */
	long of(SubscriptionId id) {
		Count count = this.counts.get(id);
		return (count != null) ? count.messages : 0;
	}

	/** Of what is over nobody asks any more. */
	void forgetAllBut(Predicate<SubscriptionId> present) {
		if (!this.counts.isEmpty()) {
			this.counts.keySet().removeIf(present.negate());
		}
	}

	private static final class Count {

		private long messages;

		/** Not told to the log yet, nor to the consumers that there are. */
		private long toLog;

		/** Not told to any consumer yet. */
		private long toConsumers;

		/** By a clock that nobody sets. */
		private long nextTelling = Long.MIN_VALUE;

	}

}
