package io.weir.broker.engine.runtime;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.CursorChange;
import io.weir.broker.store.RedeliveryCounts;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.wire.Position;
import io.weir.wire.RedeliveryPolicy;

/**
 * How often messages of a subscription were delivered in vain, as its consumers know it,
 * and what is to become of them for that. A crash takes no more of it than what was
 * counted since the last write began that was stored.
 */
final class SimulatedRedelivery {

	private final Simulation simulation;

	private final @Nullable RedeliveryPolicy stated;

	private final RedeliveryPolicy policy;

	/** Of this life of the broker. */
	private final Map<MessageId, Integer> counts = new HashMap<>();

	/** What this life began with. */
	private Map<Position, RedeliveryCounts> restored = Map.of();

	/** What the store has. */
	private Map<Position, RedeliveryCounts> onDisk = new HashMap<>();

	/** What it must have at least. */
	private final Map<MessageId, Integer> stored = new HashMap<>();

	private Map<MessageId, Integer> changed = new HashMap<>();

	/** By what the topic is about to be told, or is handling. */
	private final Set<MessageId> changedNow = new HashSet<>();

	private Map<MessageId, Integer> beingStored = new HashMap<>();

	/** Also in a life of the broker of which nothing is left. */
	private final Set<MessageId> everGivenUp = new HashSet<>();

	/** Of messages that were given back, until the clock has come there. */
	private final Map<MessageId, Long> notBefore = new HashMap<>();

	/** What came back, at once or later, and was not delivered again. */
	private final Set<MessageId> back = new HashSet<>();

	/** Of messages that are with consumers, by the steady clock. */
	private final Map<MessageId, Long> deadlines = new HashMap<>();

	SimulatedRedelivery(Simulation simulation, @Nullable RedeliveryPolicy stated) {
		this.simulation = simulation;
		this.stated = stated;
		this.policy = (stated != null) ? stated : RedeliveryPolicy.NONE;
	}

	/** What consumers state. */
	@Nullable RedeliveryPolicy stated() {
		return this.stated;
	}

	boolean hasDeadLetters() {
		return this.policy.deadLetterTopic() != null;
	}

	/** Whether a message comes again though its consumer may still work on it. */
	boolean isTimed() {
		return this.policy.ackTimeout() > 0;
	}

	private int count(MessageId id) {
		Integer count = this.counts.get(id);
		return (count != null) ? count : count(this.restored, id);
	}

	private static int count(Map<Position, RedeliveryCounts> counts, MessageId id) {
		return counts.getOrDefault(Position.of(id), RedeliveryCounts.NONE).of(MessageIds.index(id));
	}

	/** Whether a message is on its way to the dead letters, or there. */
	boolean isGivenUp(MessageId id) {
		return this.policy.isExhausted(count(id));
	}

	/** Whether a message came back, and perhaps waits for its time, or an earlier one. */
	boolean isBack(MessageId id) {
		return this.back.contains(id);
	}

	void delivered(MessageId id, int redeliveryCount) {
		Simulation.require(!isGivenUp(id), "%s was delivered though it is a dead letter", id);
		Simulation.require(redeliveryCount == count(id), "%s was delivered again %s times, which says %s", id,
				count(id), redeliveryCount);
		Simulation.require(!this.notBefore.containsKey(id), "%s was delivered before its time", id);
		this.back.remove(id);
		if (redeliveryCount > 0) {
			this.simulation.reached(Reached.DELIVERED_AGAIN);
		}
		if (isTimed()) {
			long timeout = this.policy.ackTimeout();
			long step = Math.min(1_000, timeout / 20);
			this.deadlines.put(id, ((this.simulation.clock().steady() + timeout) / step + 1) * step);
		}
	}

	/** Whether a message should have been acknowledged by now. */
	boolean isOverdue(MessageId id) {
		return isTimed() && this.deadlines.get(id) <= this.simulation.clock().steady();
	}

	/** A consumer gives a message back. */
	void givenBack(MessageId id, long delay, boolean forGood) {
		int count = count(id);
		if (this.policy.isExhausted(count + 1) || (forGood && hasDeadLetters())) {
			this.simulation
				.reached((count < this.policy.maxRedeliveries()) ? Reached.GIVEN_UP_FOR_GOOD : Reached.DEAD_LETTER);
			change(id, Math.max(count, this.policy.maxRedeliveries()) + 1);
			return;
		}
		change(id, count + 1);
		long shortest = (long) (this.policy.backoff().span(count) * (1 - this.policy.backoff().jitter()));
		long wait = (delay >= 0) ? delay : shortest;
		if (wait > 0) {
			this.simulation.reached((delay >= 0) ? Reached.GIVEN_BACK_WITH_DELAY : Reached.BACKED_OFF);
			this.notBefore.put(id, this.simulation.clock().now() + 1 + wait);
		}
	}

	/**
	 * A message was delivered in vain.
	 * @param toBlame whether it must have been the message
	 */
	void inVain(MessageId id, boolean toBlame) {
		if (toBlame || !this.policy.isExhausted(count(id) + 1)) {
			change(id, count(id) + 1);
		}
	}

	private void change(MessageId id, int count) {
		this.counts.put(id, count);
		this.changed.put(id, count);
		this.changedNow.add(id);
		this.back.add(id);
		if (isGivenUp(id)) {
			this.everGivenUp.add(id);
		}
	}

	/**
	 * A message is a dead letter when it was delivered again as often as the policy says.
	 * If that was not stored it may come again, though its copy is on its way.
	 */
	void check(DeadLetterOrigin origin) {
		Simulation.require(this.everGivenUp.contains(origin.messageId()), "%s came too soon", origin);
		Simulation.require(origin.redeliveryCount() <= this.policy.maxRedeliveries(), "%s was delivered too often",
				origin);
	}

	void timePasses() {
		if (!this.notBefore.isEmpty()) {
			this.notBefore.values().removeIf((time) -> time <= this.simulation.clock().now());
		}
	}

	/** The topic has handled what it was told. */
	void handled() {
		this.changedNow.clear();
	}

	/**
	 * The subscription has its state stored, and what was counted with it: perhaps
	 * without what the topic is handling just now.
	 */
	void beingStored() {
		this.beingStored = this.changed;
		this.changed = new HashMap<>(this.beingStored);
		this.changed.keySet().retainAll(this.changedNow);
		this.beingStored.keySet().removeAll(this.changedNow);
	}

	void stored(CursorChange change) {
		this.stored.putAll(this.beingStored);
		this.beingStored.clear();
		this.onDisk.putAll(change.redeliveries());
		this.onDisk.keySet().removeIf((position) -> !position.isAfter(change.acknowledgedUpTo()));
	}

	void notStored() {
		this.beingStored.forEach(this.changed::putIfAbsent);
		this.beingStored.clear();
	}

	/** Remembers what is stored, and makes it so again before the broker is started. */
	Runnable checkpoint() {
		Map<MessageId, Integer> stored = new HashMap<>(this.stored);
		Map<Position, RedeliveryCounts> onDisk = new HashMap<>(this.onDisk);
		Set<MessageId> givenUp = new HashSet<>(this.everGivenUp);
		return () -> {
			this.stored.clear();
			this.stored.putAll(stored);
			this.onDisk = onDisk;
			this.everGivenUp.addAll(givenUp);
		};
	}

	/**
	 * What is stored counts from now on.
	 * @param acknowledged what comes no more
	 */
	void brokerDied(Predicate<MessageId> acknowledged) {
		this.stored.keySet().removeIf(acknowledged);
		this.stored.forEach((id, count) -> Simulation.require(count(this.onDisk, id) >= count,
				"%s was delivered in vain %s times when that was stored last, and %s times now", id, count,
				count(this.onDisk, id)));
		if (this.counts.entrySet().stream().anyMatch((each) -> each.getValue() > count(this.onDisk, each.getKey()))) {
			this.simulation.reached(Reached.COUNT_LOST);
		}
		if (!this.stored.isEmpty()) {
			this.simulation.reached(Reached.COUNT_KEPT);
		}
		restart();
	}

	/** The subscription is moved or removed. */
	void forget() {
		this.stored.clear();
		this.onDisk.clear();
		this.everGivenUp.clear();
		restart();
	}

	private void restart() {
		this.counts.clear();
		this.restored = Map.copyOf(this.onDisk);
		this.changed.clear();
		this.changedNow.clear();
		this.beingStored.clear();
		this.notBefore.clear();
		this.back.clear();
		this.deadlines.clear();
	}

}
