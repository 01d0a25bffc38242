package io.weir.broker.engine.runtime;

import io.weir.broker.engine.Asleep;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.Storing;

/** One of the partitions of a simulated topic. */
final class SimulatedPartition implements SimulatedTopic.World {

	private final Simulation simulation;

	private final SimulatedPartitions partitions;

	private final int number;

	private final SimulatedTopic topic;

	SimulatedPartition(Simulation simulation, SimulatedPartitions partitions, int number) {
		this.simulation = simulation;
		this.partitions = partitions;
		this.number = number;
		this.topic = new SimulatedTopic(SimulatedPartitions.NAME.partition(number), simulation, this, () -> {
			throw new IllegalStateException("Nothing is forwarded");
		});
	}

	SimulatedTopic topic() {
		return this.topic;
	}

	int number() {
		return this.number;
	}

	void open() {
		this.topic.open();
		send(new Command.Opened(Policies.none(), Asleep.UNTIL_NOW));
	}

	/** Alone, while the others go on. */
	void restart() {
		this.topic.lose();
		open();
	}

	@Override
	public void send(Command command) {
		this.simulation.clock().next();
		this.topic.handle(command).forEach((effect) -> this.partitions.tell(this.number, effect));
	}

	@Override
	public void asked(Storing effect) {
		// It is seen when it is stored.
	}

	@Override
	public void stored(Storing effect, Command outcome) {
		if (effect instanceof Storing.CreateCursor) {
			this.partitions.subscribed(this.number);
		}
	}

}
