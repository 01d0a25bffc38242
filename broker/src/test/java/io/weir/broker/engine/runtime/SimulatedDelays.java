package io.weir.broker.engine.runtime;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Scheduling;
import io.weir.broker.store.ScheduledPosition;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The delayed messages of a simulated producer: when each is due, and what the producer
 * was told of those that it has taken back.
 */
final class SimulatedDelays {

	private final Simulation simulation;

	/** Of each batch that is delayed, by its first sequence id. */
	private final Map<Long, Long> dueAt = new HashMap<>();

	private final Map<Long, Position> receipts = new HashMap<>();

	/** Asked for, perhaps without an answer. */
	private final Set<Long> asked = new HashSet<>();

	private final Set<Long> cancelled = new HashSet<>();

	SimulatedDelays(Simulation simulation) {
		this.simulation = simulation;
	}

	/** A new batch of one message: it may be delayed. */
	void decide(long sequence) {
		if (this.simulation.random().nextInt(3) == 0) {
			this.dueAt.put(sequence, this.simulation.clock().now() + this.simulation.random().nextInt(20_000));
		}
	}

	boolean contains(long sequence) {
		return this.dueAt.containsKey(sequence);
	}

	/** When a batch is due; at once, if it is not delayed. */
	long dueAt(long sequence) {
		return this.dueAt.getOrDefault(sequence, Long.MIN_VALUE);
	}

	void stored(long sequence, Position position) {
		if (ScheduledPosition.isScheduled(position)) {
			assertThat(ScheduledPosition.due(position)).isEqualTo(this.dueAt.get(sequence));
			this.simulation.reached(Reached.DELAYED_MESSAGE);
			this.receipts.put(sequence, position);
		}
	}

	/** Takes some message back, due or not. */
	void cancel(Peer by) {
		if (!this.receipts.isEmpty()) {
			long sequence = this.simulation.pick(this.receipts.keySet().stream().sorted().toList());
			this.asked.add(sequence);
			this.simulation.send(new Command.CancelDelayed(
					this.simulation.ask(by, (answer) -> answered(sequence, answer)), by, this.receipts.get(sequence)));
		}
	}

	/**
	 * What was written last may be lost, and what was taken back last may be there again.
	 * @param stored the first sequence id of each batch that is stored
	 */
	void powerLost(Set<Long> stored) {
		this.receipts.keySet().retainAll(stored);
		this.cancelled.removeAll(stored);
	}

	private void answered(long sequence, Effect.Answer answer) {
		if (answer instanceof Effect.Done) {
			assertThat(this.cancelled.add(sequence)).as("%s cancelled once", sequence).isTrue();
			this.simulation.reached(Reached.CANCELLED_MESSAGE);
		}
		else {
			assertThat(answer).isInstanceOfSatisfying(Effect.Refused.class,
					(refused) -> assertThat(refused.code()).isIn(ErrorCode.NOT_FOUND, ErrorCode.STORAGE_FAILED,
							ErrorCode.STORAGE_UNAVAILABLE, ErrorCode.UNKNOWN_PRODUCER));
		}
	}

	/**
	 * What has a receipt must be in the log, unless it was taken back; once is checked
	 * elsewhere.
	 */
	void check(Set<Long> inTheLog) {
		assertThat(inTheLog).as("what was taken back").noneMatch(this.cancelled::contains);
		Set<Long> promised = new HashSet<>(this.receipts.keySet());
		promised.removeAll(this.asked);
		promised.removeAll(inTheLog);
		assertThat(promised).as("what has a receipt and is not in the log").isEmpty();
	}

	/** No message may come before it is due. */
	static void checkDue(List<Effect> effects, long upTo) {
		for (Effect effect : effects) {
			if (effect instanceof Scheduling.AppendDue append) {
				assertThat(ScheduledPosition.due(append.scheduled())).isLessThanOrEqualTo(upTo);
			}
		}
	}

}
