package io.weir.broker.engine.runtime;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.store.Entry;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.wire.Position;

/**
 * A durable subscription of a topic with partitions, and the one consumer that it has now
 * and then: who is away while there are more partitions must be given what was published
 * there.
 */
final class SimulatedAudience {

	private final Simulation simulation;

	private final SimulatedPartitions partitions;

	private final String name;

	private final SubscriptionType type;

	/** The consumers of the partitions that the present consumer knows of. */
	private final Map<Integer, SimulatedSeat> seats = new TreeMap<>();

	/** After which message of each partition all must come. */
	private final Map<Integer, Position> promised = new HashMap<>();

	private final Map<Integer, Set<MessageId>> asked = new HashMap<>();

	private final Map<Integer, Set<MessageId>> confirmed = new HashMap<>();

	/** Whether it was made. */
	private boolean there;

	SimulatedAudience(Simulation simulation, SimulatedPartitions partitions, String name, SubscriptionType type) {
		this.simulation = simulation;
		this.partitions = partitions;
		this.name = name;
		this.type = type;
	}

	boolean isThere() {
		return this.there;
	}

	/** It was made in a partition; the first one says whether it was made at all. */
	void joined(int partition) {
		if (partition == 0 && !this.there) {
			this.there = true;
			this.promised.put(0, this.partitions.part(0).topic().first().before());
		}
	}

	/** Before anything is published to a partition. */
	void mustHaveAll(int partition) {
		if (this.there) {
			this.promised.put(partition, Position.BEFORE_FIRST);
		}
	}

	/** There are no partitions from this number on. */
	void needNotHave(int from) {
		this.promised.keySet().removeIf((partition) -> partition >= from);
	}

	void step() {
		Random random = this.simulation.random();
		if (this.seats.isEmpty()) {
			if (random.nextInt(this.there ? 15 : 2) == 0) {
				arrive();
			}
			return;
		}
		if (random.nextInt(60) == 0) {
			leave();
			return;
		}
		if (random.nextInt(30) == 0) {
			learn(InitialPosition.EARLIEST);
		}
		SimulatedSeat seat = this.seats.get(random.nextInt(this.seats.size()));
		seat.step();
	}

	/** Who comes is told of all partitions, and begins with what is published then. */
	void arrive() {
		learn(this.there ? InitialPosition.LATEST : InitialPosition.EARLIEST);
	}

	private void learn(InitialPosition position) {
		for (int number = this.seats.size(); number < this.partitions.count(); number++) {
			this.seats.put(number, new SimulatedSeat(this.simulation, this.partitions, this, number, position));
		}
	}

	private void leave() {
		this.seats.values().forEach(SimulatedSeat::leave);
		this.seats.clear();
	}

	void settle() {
		learn(this.there ? InitialPosition.LATEST : InitialPosition.EARLIEST);
		this.seats.values().forEach(SimulatedSeat::settle);
	}

	boolean isSettled() {
		return this.seats.size() == this.partitions.count()
				&& this.seats.values().stream().allMatch(SimulatedSeat::isSettled);
	}

	void brokerDied() {
		this.seats.clear();
	}

	boolean delivered(int partition, Effect.Deliver deliver) {
		SimulatedSeat seat = this.seats.get(partition);
		return seat != null && seat.delivered(deliver);
	}

	void closed(int partition, Peer consumer) {
		SimulatedSeat seat = this.seats.get(partition);
		if (seat != null) {
			seat.closed(consumer);
		}
	}

	Set<MessageId> asked(int partition) {
		return this.asked.computeIfAbsent(partition, (none) -> new HashSet<>());
	}

	Set<MessageId> confirmed(int partition) {
		return this.confirmed.computeIfAbsent(partition, (none) -> new HashSet<>());
	}

	String name() {
		return this.name;
	}

	SubscriptionType type() {
		return this.type;
	}

	/** Remembers what is stored, and makes it so again before the broker is started. */
	Runnable checkpoint() {
		boolean there = this.there;
		Map<Integer, Position> promised = new HashMap<>(this.promised);
		Map<Integer, Set<MessageId>> asked = copy(this.asked);
		Map<Integer, Set<MessageId>> confirmed = copy(this.confirmed);
		return () -> {
			this.there = there;
			replace(this.promised, promised);
			replace(this.asked, asked);
			replace(this.confirmed, confirmed);
		};
	}

	private static Map<Integer, Set<MessageId>> copy(Map<Integer, Set<MessageId>> ids) {
		Map<Integer, Set<MessageId>> copy = new HashMap<>();
		ids.forEach((partition, each) -> copy.put(partition, new HashSet<>(each)));
		return copy;
	}

	private static <T> void replace(Map<Integer, T> present, Map<Integer, T> former) {
		present.clear();
		present.putAll(former);
	}

	/** All that was promised has come, and was acknowledged. */
	void check(SimulatedPartition partition) {
		Position after = this.promised.get(partition.number());
		if (after != null) {
			for (Entry entry : partition.topic().archive().between(after, partition.topic().lastStored())) {
				SimulatedArchive.ids(entry)
					.forEach((id) -> Simulation.require(asked(partition.number()).contains(id),
							"'%s' was never given %s of partition %s", this.name, id, partition.number()));
			}
		}
	}

}
