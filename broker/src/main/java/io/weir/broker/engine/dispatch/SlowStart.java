package io.weir.broker.engine.dispatch;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;

import io.weir.broker.engine.context.Sparse;
import io.weir.broker.engine.context.TopicTime;
import io.weir.message.MessageId;

/**
 * How many messages each consumer of a subscription may have after two have died, one
 * after the other, with the same message: perhaps it kills whoever gets it, which is to
 * be found without blaming the others that they had. Until all of them are decided, that
 * is one message at first, one more for each that the consumer decides about, and twice
 * as many each time that it has lived for a while. With each death that follows, that
 * while is twice as long: so what kills slowly is alone with its consumer at last.
 */
public final class SlowStart {

	static final int FIRST_PATIENCE = 1_000;

	static final int LONGEST_PATIENCE = 64_000;

	private final ConsumerGroup consumers;

	private final TopicTime time;

	/** With a consumer that died, and not decided since. */
	private NavigableSet<MessageId> suspects = Collections.emptyNavigableSet();

	private boolean active;

	/** Whether it has ended since the last tick. */
	private boolean ended;

	/** In milliseconds. */
	private int patience = FIRST_PATIENCE;

	/**
	 * Nobody has died yet.
	 * @param consumers those of the subscription, now and later
	 */
	SlowStart(ConsumerGroup consumers, TopicTime time) {
		this.consumers = consumers;
		this.time = time;
	}

	/** A consumer comes. */
	void joined(SubscriptionConsumer consumer) {
		if (this.active) {
			begin(consumer);
		}
	}

	/** A consumer has died that had messages. */
	void died(Collection<MessageId> messages) {
		boolean again = messages.stream().anyMatch(this.suspects::contains);
		this.suspects = Sparse.withAll(this.suspects, messages);
		if (again) {
			this.patience = this.active ? Math.min(LONGEST_PATIENCE, 2 * this.patience) : FIRST_PATIENCE;
			this.active = true;
			this.consumers.all().forEach(this::begin);
		}
	}

	private void begin(SubscriptionConsumer consumer) {
		consumer.limit(1, this.time.now() + this.patience);
		this.time.wakeAt(this.time.now() + this.patience);
	}

	/**
	 * A consumer, which lives, has said what becomes of messages.
	 * @return whether something can be delivered that could not be before
	 */
	public boolean decided(SubscriptionConsumer consumer, Collection<MessageId> messages) {
		boolean active = this.active;
		if (active) {
			consumer.widen(messages.size());
		}
		gone(messages);
		return active;
	}

	/**
	 * As {@link #decided}, of all messages up to one.
	 */
	public boolean decidedUpTo(SubscriptionConsumer consumer, MessageId last) {
		return decided(consumer, List.copyOf(this.suspects.headSet(last, true)));
	}

	/** Messages are not delivered any more, whoever said so. */
	void gone(Collection<MessageId> messages) {
		if (!this.suspects.isEmpty()) {
			this.suspects = Sparse.withoutAll(this.suspects, messages);
			endIfDecided();
		}
	}

	/** What stands before a message is not delivered any more. */
	void goneBefore(MessageId first) {
		gone(List.copyOf(this.suspects.headSet(first, false)));
	}

	boolean hasSuspects() {
		return !this.suspects.isEmpty();
	}

	/** The subscription is moved: what was with consumers is forgotten. */
	public void reset() {
		this.suspects = Collections.emptyNavigableSet();
		endIfDecided();
	}

	private void endIfDecided() {
		if (this.active && this.suspects.isEmpty()) {
			this.active = false;
			this.consumers.all().forEach(SubscriptionConsumer::unlimit);
			// Whoever ended it may not know that something is blocked.
			this.ended = true;
			this.time.wakeAt(this.time.now());
		}
	}

	/**
	 * Time goes by.
	 * @return whether something can be delivered that could not be before
	 */
	boolean tick() {
		boolean wider = this.ended;
		this.ended = false;
		if (this.active) {
			for (SubscriptionConsumer consumer : this.consumers.all()) {
				wider |= consumer.livedUntil(this.time.now(), this.patience);
				this.time.wakeAt(consumer.nextStep());
			}
		}
		return wider;
	}

}
