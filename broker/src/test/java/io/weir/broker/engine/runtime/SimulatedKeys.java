package io.weir.broker.engine.runtime;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;

import io.weir.broker.engine.Peer;
import io.weir.broker.store.Entry;
import io.weir.message.MessageId;
import io.weir.wire.Position;

/**
 * What consumers of a KEY_SHARED subscription may expect of the messages of one key: they
 * come in order, and to one consumer at a time.
 */
final class SimulatedKeys {

	private final Simulation simulation;

	private final SimulatedAcknowledgements acknowledgements;

	private final Map<MessageId, Integer> keys = new HashMap<>();

	/** Of each key, what is neither with a consumer nor acknowledged. */
	private final Map<Integer, NavigableSet<MessageId>> waiting = new HashMap<>();

	private final Map<Integer, Map<MessageId, Peer>> held = new HashMap<>();

	private Position knownUpTo = Position.BEFORE_FIRST;

	SimulatedKeys(Simulation simulation, SimulatedAcknowledgements acknowledgements) {
		this.simulation = simulation;
		this.acknowledgements = acknowledgements;
	}

	/** A message is delivered: none of its key may wait before it, or be with another. */
	void delivered(MessageId id, Peer consumer) {
		learn((unknown) -> true);
		int key = this.keys.get(id);
		NavigableSet<MessageId> before = waiting(key).headSet(id, false);
		before.removeIf(this.acknowledgements::mayBeGone);
		if (!before.isEmpty()) {
			throw new AssertionError("Message " + id + " overtakes " + before.first() + " of the same key");
		}
		waiting(key).remove(id);
		Map<MessageId, Peer> holders = this.held.computeIfAbsent(key, (none) -> new HashMap<>());
		holders.put(id, consumer);
		if (holders.values().stream().anyMatch((holder) -> !holder.equals(consumer))) {
			throw new AssertionError("Several consumers have messages of one key: " + holders);
		}
	}

	void acknowledged(MessageId id) {
		learn((unknown) -> true);
		Integer key = this.keys.get(id);
		if (key != null) {
			waiting(key).remove(id);
			held(key).remove(id);
		}
	}

	/** A message comes back, and comes again unless it is gone from the log. */
	void givenBack(MessageId id, boolean comesAgain) {
		int key = this.keys.get(id);
		held(key).remove(id);
		if (comesAgain) {
			waiting(key).add(id);
		}
	}

	/** Messages are gone: their keys are free, also if somebody still has some. */
	void trimmed(List<MessageId> ids) {
		learn((unknown) -> true);
		for (MessageId id : ids) {
			waiting(this.keys.get(id)).remove(id);
			held(this.keys.get(id)).remove(id);
		}
	}

	/** All that was known counts no more; these messages are acknowledged. */
	void restart(Predicate<MessageId> acknowledged) {
		this.waiting.clear();
		this.held.clear();
		this.knownUpTo = Position.BEFORE_FIRST;
		learn(acknowledged.negate());
	}

	private void learn(Predicate<MessageId> waits) {
		for (Entry entry : this.simulation.topic()
			.archive()
			.between(this.knownUpTo, this.simulation.topic().lastStored())) {
			this.knownUpTo = entry.position();
			for (int i = 0; i < entry.header().count(); i++) {
				MessageId id = entry.position().message(i);
				int key = SimulatedMessages.key(entry.header().producerName(), entry.header().firstSequence() + i);
				this.keys.put(id, key);
				if (waits.test(id)) {
					waiting(key).add(id);
				}
			}
		}
	}

	private NavigableSet<MessageId> waiting(int key) {
		return this.waiting.computeIfAbsent(key, (none) -> new TreeSet<>());
	}

	private Map<MessageId, Peer> held(int key) {
		return this.held.computeIfAbsent(key, (none) -> new HashMap<>());
	}

}
