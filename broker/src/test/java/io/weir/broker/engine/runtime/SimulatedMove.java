package io.weir.broker.engine.runtime;

import java.util.Random;

import io.weir.broker.engine.SubscriptionChange;
import io.weir.wire.Position;

/** Where subscriptions are moved to. */
final class SimulatedMove {

	private SimulatedMove() {
	}

	/** A time, or a message that there may be. */
	static SubscriptionChange any(Simulation simulation) {
		Random random = simulation.random();
		if (random.nextInt(3) == 0) {
			return new SubscriptionChange.MoveToTime(random.nextLong(simulation.clock().now() + 2));
		}
		long entry = random.nextLong(simulation.topic().lastStored().entry() + 3);
		return new SubscriptionChange.MoveToMessage(new Position(0, entry).message(random.nextInt(6)));
	}

}
