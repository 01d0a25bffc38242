package io.weir.broker.engine.runtime;

import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.store.Durability;
import io.weir.broker.store.Entry;
import io.weir.message.AccessMode;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A producer of one partition, which has what it was not told of stored again, in the
 * same order: so the partition has the messages of each key in order.
 */
final class SimulatedLane {

	private static final int MOST_UNANSWERED = 10;

	private final Simulation simulation;

	private final SimulatedPartitions partitions;

	private final String name;

	private final int partition;

	/** The keys of each batch, by its first sequence id. */
	private final TreeMap<Long, int[]> unanswered = new TreeMap<>();

	private final Map<Long, Position> receipts = new TreeMap<>();

	private @Nullable Peer opening;

	private @Nullable Peer peer;

	/** Whether it has sent again what was not answered when it was opened. */
	private boolean caughtUp;

	private long epoch = -1;

	private long nextSequence;

	SimulatedLane(Simulation simulation, SimulatedPartitions partitions, String name, int partition) {
		this.simulation = simulation;
		this.partitions = partitions;
		this.name = name;
		this.partition = partition;
	}

	/** Publishes messages with some keys, if it can now. */
	void step(int[] keys) {
		Peer producer = this.peer;
		if (producer == null) {
			open();
		}
		else if (this.simulation.random().nextInt(50) == 0) {
			disconnected();
		}
		else if (!this.caughtUp) {
			sendAgain(producer);
		}
		else if (this.unanswered.size() < MOST_UNANSWERED) {
			long first = this.nextSequence;
			this.unanswered.put(first, keys);
			this.nextSequence += keys.length;
			publish(producer, first, keys);
		}
	}

	/** Unless there is no such partition, or no more: it is tried again later. */
	private void open() {
		if (this.opening != null || this.partition >= this.partitions.count()) {
			return;
		}
		Peer next = this.partitions.newPeer();
		this.opening = next;
		send(new Command.OpenProducer(this.partitions.questions().ask(next, (answer) -> {
			if (next.equals(this.opening)) {
				this.opening = null;
				if (answer instanceof Effect.ProducerOpened opened) {
					this.epoch = opened.epoch();
					this.peer = next;
				}
			}
		}), next, this.name, false, this.epoch, AccessMode.SHARED));
	}

	private void sendAgain(Peer by) {
		this.caughtUp = true;
		new TreeMap<>(this.unanswered).forEach((first, keys) -> publish(by, first, keys));
	}

	private void publish(Peer by, long first, int[] keys) {
		send(this.simulation.messages()
			.publish(this.partitions.questions().ask(by, (answer) -> answered(by, first, answer)), by, this.name, first,
					keys));
	}

	private void answered(Peer by, long first, Effect.Answer answer) {
		if (answer instanceof Effect.Stored stored) {
			Position position = Objects.requireNonNull(stored.position(), "Nothing is forgotten so soon");
			Position before = this.receipts.putIfAbsent(first, position);
			assertThat(before).as("receipt of %s of %s", first, this.name).isIn(null, position);
			this.unanswered.remove(first);
		}
		else if (by.equals(this.peer)) {
			disconnected();
		}
	}

	private void send(Command command) {
		this.partitions.part(this.partition).send(command);
	}

	void settle() {
		Peer producer = this.peer;
		if (producer == null) {
			open();
		}
		else if (!this.caughtUp) {
			sendAgain(producer);
		}
	}

	boolean isSettled() {
		return this.unanswered.isEmpty();
	}

	void closed(Peer producer) {
		if (producer.equals(this.peer)) {
			disconnected();
		}
	}

	void disconnected() {
		this.peer = null;
		this.opening = null;
		this.caughtUp = false;
	}

	/** Receipts are void of what is not stored any more. */
	void powerLost(Durability durability) {
		Set<Long> lost = new HashSet<>(this.receipts.keySet());
		lost.removeAll(this.partitions.part(this.partition).topic().sequencesOf(this.name));
		Simulation.require(lost.isEmpty() || durability == Durability.OS, "%s has lost what it has receipts for: %s",
				this.name, lost);
		this.receipts.keySet().removeAll(lost);
	}

	/** Each batch is stored once, where the receipt says, and after those before it. */
	void check() {
		Map<Long, Position> stored = new TreeMap<>();
		long last = -1;
		for (Entry entry : this.partitions.part(this.partition).topic().archive().all()) {
			if (entry.header().producerName().equals(this.name)) {
				long first = entry.header().firstSequence();
				Simulation.require(first > last, "%s has %s stored after %s", this.name, first, last);
				last = first;
				stored.put(first, entry.position());
			}
		}
		assertThat(stored).as("what %s was promised", this.name).isEqualTo(this.receipts);
	}

}
