package io.weir.broker.engine.dispatch;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.engine.context.TopicContext;
import io.weir.broker.engine.dispatch.PendingEntry.Place;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.message.SubscriptionType;
import io.weir.wire.FailureReport;
import io.weir.wire.Position;
import io.weir.wire.RedeliveryPolicy;

/**
 * What becomes of messages that were delivered and not acknowledged, as the policy of
 * their subscription says: they are delivered again, at once or later, and at last become
 * dead letters.
 */
public final class Redeliveries {

	/** Of an acknowledgement timeout, how much later a message may come back. */
	private static final int TIMEOUT_PARTS = 20;

	private static final long COARSEST = 1_000;

	private final Backlog backlog;

	private final TopicContext context;

	private final SlowStart slowStart;

	private final DelayedMessages delayed;

	private final DeadLetters deadLetters;

	private final EffectivePolicy effective;

	/** Whether some may have to be acknowledged by a time. */
	private boolean timed;

	private boolean released;

	private long redelivered;

	Redeliveries(SubscriptionId subscription, SubscriptionType type, Backlog backlog, SlowStart slowStart,
			TopicContext context) {
		this.backlog = backlog;
		this.context = context;
		this.slowStart = slowStart;
		this.delayed = DelayedMessages.of(type);
		this.effective = new EffectivePolicy(subscription.name(), context);
		this.deadLetters = new DeadLetters(subscription, backlog.ledger(), context);
	}

	/** What administrators say does not count. */
	public void onlyAsStated() {
		this.effective.onlyAsStated();
	}

	/** What consumers stated last. */
	public RedeliveryPolicy stated() {
		return this.effective.stated();
	}

	/** Consumers state something else; what is delayed stays so. */
	public void state(RedeliveryPolicy policy) {
		this.effective.state(policy);
	}

	private RedeliveryPolicy policy() {
		return this.effective.policy();
	}

	/**
	 * Until when what is delivered now is to be acknowledged, by a clock that nobody
	 * sets: else messages would come again that a consumer has only just been given.
	 */
	long deadline() {
		long timeout = policy().ackTimeout();
		if (timeout == 0) {
			return PendingEntry.NEVER;
		}
		// Rounded up, so that not each delivery has one of its own.
		long step = Math.max(1, Math.min(COARSEST, timeout / TIMEOUT_PARTS));
		long deadline = ((this.context.time().steady() + timeout) / step + 1) * step;
		this.timed = true;
		this.context.time().wakeAtSteady(deadline);
		return deadline;
	}

	/**
	 * Messages go out.
	 * @param redeliveries how often they were delivered in vain
	 */
	void delivered(int messages, int redeliveries) {
		if (redeliveries > 0) {
			this.redelivered += messages;
			this.context.figures().redelivered(messages);
		}
	}

	/** An entry was read of which an earlier life of the broker knew. */
	void read(PendingEntry entry) {
		BitSet waiting = entry.waiting();
		for (int index = waiting.nextSetBit(0); index >= 0; index = waiting.nextSetBit(index + 1)) {
			int redeliveries = entry.redeliveries(index);
			if (policy().isExhausted(redeliveries)) {
				giveUp(entry, index, redeliveries, redeliveries - 1, FailureReport.NONE);
			}
		}
		this.deadLetters.forward();
	}

	/**
	 * Whether something up to a message was given up before the broker was started, and
	 * is not known to be on its way to the dead letters until it is read, which begins
	 * now.
	 */
	public boolean mustReadFirst(MessageId upTo) {
		boolean unread = policy().isExhausted(this.backlog.ledger().highestUnreadCount(Position.of(upTo)));
		if (unread) {
			this.backlog.readOn();
		}
		return unread;
	}

	/**
	 * A consumer gives messages back.
	 * @param delay how much later they are to be delivered, or -1 to leave that to the
	 * policy
	 * @param forGood whether they are to become dead letters now
	 * @param report what is wrong with them
	 */
	public void giveBack(SubscriptionConsumer consumer, List<MessageId> ids, long delay, boolean forGood,
			FailureReport report) {
		for (MessageId id : ids) {
			PendingEntry entry = this.backlog.ledger().find(Position.of(id));
			if (entry != null && entry.isWith(consumer, MessageIds.index(id))) {
				giveBack(entry, id, delay, forGood, report);
			}
		}
		this.slowStart.decided(consumer, ids);
		settle();
	}

	private void giveBack(PendingEntry entry, MessageId id, long delay, boolean forGood, FailureReport report) {
		int index = MessageIds.index(id);
		int redeliveries = entry.redeliveries(index);
		if (policy().isExhausted(next(redeliveries)) || (forGood && policy().deadLetterTopic() != null)) {
			giveUp(entry, index, next(Math.max(redeliveries, policy().maxRedeliveries())), redeliveries, report);
			return;
		}
		long wait = (delay >= 0) ? delay : policy().backoff().delay(redeliveries, chance(id, redeliveries));
		comeBack(entry, index, next(redeliveries), wait);
	}

	/** A message is delivered again, after a while and not before an earlier one. */
	private void comeBack(PendingEntry entry, int index, int redeliveries, long wait) {
		MessageId id = entry.position().message(index);
		boolean later = wait > 0 || this.delayed.isBehind(id);
		move(entry, index, later ? Place.DELAYED : Place.WAITING, redeliveries);
		if (later) {
			this.delayed.add(id, this.context.time().now() + wait);
		}
		else {
			this.backlog.addWaiting(entry);
		}
	}

	private void giveUp(PendingEntry entry, int index, int counted, int redeliveries, FailureReport report) {
		String topic = policy().deadLetterTopic();
		if (topic != null) {
			move(entry, index, Place.DEAD, counted);
			this.slowStart.gone(List.of(entry.position().message(index)));
			this.backlog.forgetUnlessWaiting(entry.position());
			this.deadLetters.add(entry.position().message(index), redeliveries, topic, report);
		}
	}

	private void move(PendingEntry entry, int index, Place place, int redeliveries) {
		entry.move(index, place, redeliveries);
		this.backlog.ledger().counted(entry);
	}

	/**
	 * A consumer is gone. What it has is delivered again; each counts, but if there are
	 * several none becomes a dead letter for that: nobody knows which of them it was.
	 * @param died whether it was lost with its session
	 */
	public void giveBackAll(SubscriptionConsumer consumer, boolean died) {
		boolean alone = died && consumer.inFlight() == 1;
		List<MessageId> held = new ArrayList<>();
		for (PendingEntry entry : this.backlog.ledger().pending()) {
			BitSet messages = entry.with(consumer);
			for (int index = messages.nextSetBit(0); index >= 0; index = messages.nextSetBit(index + 1)) {
				if (comeBack(entry, index, alone, "Its consumer was lost before it had decided about the message")) {
					held.add(entry.position().message(index));
				}
			}
		}
		if (died && policy().deadLetterTopic() != null) {
			this.slowStart.died(held);
		}
		settle();
	}

	/** Whether the message comes again. */
	private boolean comeBack(PendingEntry entry, int index, boolean toBlame, String error) {
		int redeliveries = entry.redeliveries(index);
		boolean exhausted = policy().isExhausted(next(redeliveries));
		if (exhausted && toBlame) {
			giveUp(entry, index, next(redeliveries), redeliveries, FailureReport.of(error));
			return false;
		}
		comeBack(entry, index, exhausted ? redeliveries : next(redeliveries), 0);
		return true;
	}

	/** How often a message was delivered again, once more; that has an end. */
	private static int next(int redeliveries) {
		return (redeliveries < Integer.MAX_VALUE) ? redeliveries + 1 : redeliveries;
	}

	/** Whether dead letters are made of what has expired. */
	boolean keepsExpired() {
		return this.effective.deadLettersOfExpired() != null;
	}

	/**
	 * Makes dead letters of messages that have expired, if that was said. Nothing else is
	 * stored of it: they are expired, too, after a restart of the broker.
	 * @return whether it was said
	 */
	boolean giveUpExpired(PendingEntry entry, BitSet messages) {
		String topic = this.effective.deadLettersOfExpired();
		if (topic == null) {
			return false;
		}
		messages.stream().forEach((index) -> {
			MessageId id = entry.position().message(index);
			int redeliveries = entry.redeliveries(index);
			entry.move(index, Place.DEAD, redeliveries);
			this.slowStart.gone(List.of(id));
			this.deadLetters.add(id, redeliveries, topic, FailureReport.of("It has expired"));
		});
		settle();
		return true;
	}

	/** Messages of an entry have expired. */
	void expired(Position position, BitSet messages) {
		this.slowStart.gone(messages.stream().mapToObj(position::message).toList());
	}

	/** What stands before a position is gone. */
	void trimmed(Position first) {
		this.slowStart.goneBefore(first.message(0));
		releaseDue();
	}

	/** A message was acknowledged, or some: others may have waited for them. */
	public void acknowledged() {
		releaseDue();
	}

	/**
	 * Time goes by.
	 * @return whether something can be delivered that could not be before
	 */
	public boolean tick() {
		boolean overdue = expire();
		boolean released = releaseDue();
		boolean wider = this.slowStart.tick();
		settle();
		return overdue || released || wider;
	}

	private boolean expire() {
		if (!this.timed) {
			return false;
		}
		long now = this.context.time().steady();
		long next = PendingEntry.NEVER;
		boolean any = false;
		for (PendingEntry entry : this.backlog.ledger().pending()) {
			BitSet overdue = entry.overdue(now);
			for (int index = overdue.nextSetBit(0); index >= 0; index = overdue.nextSetBit(index + 1)) {
				this.slowStart.gone(List.of(entry.position().message(index)));
				comeBack(entry, index, true, "It was not acknowledged in time");
				any = true;
			}
			next = Math.min(next, entry.deadline());
		}
		this.timed = next < PendingEntry.NEVER;
		this.context.time().wakeAtSteady(next);
		return any;
	}

	private boolean releaseDue() {
		this.released = false;
		this.delayed.release(this.context.time().now(), this::isDelayed, this::release);
		return this.released;
	}

	private boolean isDelayed(MessageId id) {
		PendingEntry entry = this.backlog.ledger().find(Position.of(id));
		return entry != null && entry.isDelayed(MessageIds.index(id));
	}

	private void release(MessageId id) {
		PendingEntry entry = this.backlog.ledger().find(Position.of(id));
		if (entry != null) {
			int index = MessageIds.index(id);
			entry.move(index, Place.WAITING, entry.redeliveries(index));
			this.backlog.addWaiting(entry);
			this.released = true;
		}
	}

	/** Has done what has become possible, and asks to be woken for the rest. */
	private void settle() {
		this.deadLetters.forward();
		this.context.time().wakeAt(this.delayed.next());
		this.context.time().wakeAtSteady(this.deadLetters.next());
	}

	/** A message has become a dead letter, and is to be acknowledged. */
	public void forwarded(MessageId id) {
		this.deadLetters.stored(id);
		this.backlog.acknowledge(id);
		settle();
	}

	/** It has not, and will be tried again. */
	public void forwardFailed(MessageId id, StorageFailure failure) {
		this.deadLetters.failed(id, failure);
		settle();
	}

	/** What is acknowledged stays so, because it is stored or because it need not be. */
	public void acknowledgementsStored() {
		this.deadLetters.acknowledgementsStored();
	}

	/** The subscription is moved or gone: nothing of this life comes again. */
	public void end() {
		this.deadLetters.end();
	}

	/** Dead letters are no longer counted. */
	void close() {
		this.deadLetters.close();
	}

	/** How many messages went out that had been delivered before. */
	public long redelivered() {
		return this.redelivered;
	}

	/** How many messages wait for their time to be delivered again. */
	public int delayed() {
		return this.backlog.ledger().pending().stream().mapToInt(PendingEntry::delayed).sum();
	}

	/**
	 * Whether nothing is known that the next life of the topic would not know: what is to
	 * come later, is on its way to be a dead letter, or may have killed a consumer.
	 */
	public boolean isQuiet() {
		return deadLetters() == 0 && !this.slowStart.hasSuspects() && delayed() == 0;
	}

	/** How many messages are not stored as dead letters yet. */
	public int deadLetters() {
		return this.deadLetters.size();
	}

	/** How many messages have become dead letters. */
	public long deadLettersMade() {
		return this.deadLetters.made();
	}

	/** What looks like chance, and is the same each time. */
	private static double chance(MessageId id, int redeliveries) {
		int mixed = (31 * id.hashCode() + redeliveries) * 0x9E37_79B9;
		return (mixed >>> 8) / (double) (1 << 24);
	}

}
