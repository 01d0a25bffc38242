package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import io.weir.broker.engine.Peer;
import io.weir.broker.store.Durability;

/**
 * Publishes messages with keys to the partitions that it knows of, each key to one of
 * them, and in order. It learns of more partitions after a while.
 */
final class SimulatedPublisher {

	private static final int KEYS = 12;

	private final Simulation simulation;

	private final SimulatedPartitions partitions;

	private final String name;

	/** One for each partition that is known. */
	private final List<SimulatedLane> lanes = new ArrayList<>();

	SimulatedPublisher(Simulation simulation, SimulatedPartitions partitions, String name) {
		this.simulation = simulation;
		this.partitions = partitions;
		this.name = name;
		learn(1);
	}

	private void learn(int count) {
		for (int number = this.lanes.size(); number < count; number++) {
			this.lanes.add(new SimulatedLane(this.simulation, this.partitions, this.name + "-" + number, number));
		}
	}

	private int partitionOf(int key) {
		return key % this.lanes.size();
	}

	void step() {
		Random random = this.simulation.random();
		if (random.nextInt(20) == 0) {
			learn(this.partitions.count());
		}
		int key = random.nextInt(KEYS);
		int partition = partitionOf(key);
		int[] keys = IntStream.range(0, KEYS).filter((each) -> partitionOf(each) == partition).toArray();
		this.lanes.get(partition)
			.step(IntStream.generate(() -> keys[random.nextInt(keys.length)]).limit(1 + random.nextInt(3)).toArray());
	}

	void settle() {
		learn(this.partitions.count());
		this.lanes.forEach(SimulatedLane::settle);
	}

	boolean isSettled() {
		return this.lanes.stream().allMatch(SimulatedLane::isSettled);
	}

	void closed(Peer producer) {
		this.lanes.forEach((lane) -> lane.closed(producer));
	}

	void brokerDied() {
		this.lanes.forEach(SimulatedLane::disconnected);
	}

	void powerLost(Durability durability) {
		this.lanes.forEach((lane) -> lane.powerLost(durability));
	}

	void check() {
		this.lanes.forEach(SimulatedLane::check);
	}

}
