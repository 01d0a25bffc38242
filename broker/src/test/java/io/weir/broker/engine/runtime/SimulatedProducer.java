package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.store.Durability;
import io.weir.broker.store.Entry;
import io.weir.broker.store.MessageIndex;
import io.weir.message.AccessMode;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** A producer that resends, reconnects and remembers what it was promised. */
final class SimulatedProducer {

	private final Simulation simulation;

	private final String name;

	/** Sent and not answered: first sequence to count. */
	private final Map<Long, Integer> unanswered = new TreeMap<>();

	/** What receipts promised. */
	private final Map<Long, Position> receipts = new HashMap<>();

	private final SimulatedDelays delays;

	/** When messages of a batch expire, by its first sequence id. */
	private final Map<Long, Long> expiresAt = new HashMap<>();

	private Peer peer;

	private boolean open;

	private Peer opening;

	private long epoch = -1;

	private long nextSequence;

	SimulatedProducer(Simulation simulation, String name) {
		this.simulation = simulation;
		this.name = name;
		this.delays = new SimulatedDelays(simulation);
	}

	void step() {
		int dice = this.simulation.random().nextInt(100);
		if (!this.open) {
			open();
		}
		else if (dice < 2) {
			// The old session may look alive to the broker, or not.
			if (dice == 0) {
				this.simulation.send(new Command.SessionEnded(this.peer.session()));
			}
			disconnected();
		}
		else if (dice < 40 && !this.unanswered.isEmpty()) {
			resend();
		}
		else if (dice < 43) {
			this.delays.cancel(this.peer);
		}
		else if (this.unanswered.size() < 20) {
			int count = 1 + this.simulation.random().nextInt(5);
			if (count == 1) {
				this.delays.decide(this.nextSequence);
			}
			if (this.simulation.random().nextInt(8) == 0) {
				this.expiresAt.put(this.nextSequence,
						this.simulation.clock().now() + this.simulation.random().nextInt(60_000));
			}
			this.unanswered.put(this.nextSequence, count);
			publish(this.nextSequence, count);
			this.nextSequence += count;
		}
	}

	String name() {
		return this.name;
	}

	/**
	 * The machine that the broker runs on has lost its power: receipts are void of what
	 * is not stored any more.
	 * @param stored the first sequence id of each batch that is
	 */
	void powerLost(Set<Long> stored, Durability durability) {
		Set<Long> lost = new HashSet<>(this.receipts.keySet());
		lost.removeAll(stored);
		lost.removeIf(this.delays::contains);
		Simulation.require(lost.isEmpty() || durability == Durability.OS, "%s has lost what it has receipts for: %s",
				this.name, lost);
		this.receipts.keySet().removeAll(lost);
		this.delays.powerLost(stored);
	}

	void settle() {
		if (!this.open) {
			open();
		}
		else {
			new TreeMap<>(this.unanswered).forEach(this::publish);
		}
	}

	boolean isSettled() {
		return this.unanswered.isEmpty();
	}

	/** The broker has removed a producer. */
	void closed(Peer producer) {
		if (this.open && producer.equals(this.peer)) {
			disconnected();
		}
	}

	void disconnected() {
		this.open = false;
		this.opening = null;
	}

	/** Each batch must be stored once, and where the receipt says. */
	void check(List<Entry> log) {
		Map<Long, Position> stored = new HashMap<>();
		for (Entry entry : log) {
			if (entry.header().producerName().equals(this.name)) {
				Position twice = stored.put(entry.header().firstSequence(), entry.position());
				assertThat(twice).as("%s stored batch %s twice", this.name, entry.header().firstSequence()).isNull();
			}
		}
		this.delays.check(stored.keySet());
		stored.keySet().removeIf(this.delays::contains);
		this.receipts.keySet().removeIf(this.delays::contains);
		assertThat(stored).as("what %s was promised", this.name).isEqualTo(this.receipts);
	}

	private void open() {
		if (this.opening != null && this.simulation.random().nextInt(20) > 0) {
			return;
		}
		Peer given = this.opening;
		this.opening = null;
		if (given != null && this.epoch < 0) {
			// Else nobody could tell this producer from another one.
			this.simulation.send(new Command.SessionEnded(given.session()));
		}
		// The answer to an earlier attempt may be lost, so the epoch may be an old one.
		Peer next = this.simulation.newPeer();
		this.opening = next;
		this.simulation.send(new Command.OpenProducer(this.simulation.ask(next, (answer) -> opened(next, answer)), next,
				this.name, false, this.epoch, AccessMode.SHARED));
	}

	private void opened(Peer next, Effect.Telling answer) {
		if (!next.equals(this.opening)) {
			return;
		}
		if (answer instanceof Effect.Refused refused
				&& (refused.code() == ErrorCode.STORAGE_FAILED || refused.code() == ErrorCode.STORAGE_UNAVAILABLE)) {
			this.opening = null;
			return;
		}
		assertThat(answer).isInstanceOfSatisfying(Effect.ProducerOpened.class, (opened) -> {
			assertThat(opened.epoch()).isGreaterThan(this.epoch);
			this.epoch = opened.epoch();
		});
		this.peer = next;
		this.open = true;
		this.opening = null;
	}

	private void resend() {
		long first = this.simulation.pick(new ArrayList<>(this.unanswered.keySet()));
		publish(first, this.unanswered.get(first));
	}

	private void publish(long first, int count) {
		Peer by = this.peer;
		this.simulation.send(this.simulation.messages()
			.publish(this.simulation.ask(by, (answer) -> answered(by, first, answer)), by, this.name, first, count,
					this.delays.dueAt(first), this.expiresAt.getOrDefault(first, MessageIndex.NEVER)));
	}

	private void answered(Peer by, long first, Effect.Telling answer) {
		if (answer instanceof Effect.Stored stored) {
			Position position = Objects.requireNonNull(stored.position(), "Nothing is forgotten so soon");
			Position before = this.receipts.putIfAbsent(first, position);
			assertThat(before).as("receipt of %s", first).isIn(null, position);
			this.delays.stored(first, position);
			this.simulation.reached(stored.duplicate() ? Reached.DUPLICATE_RECEIPT : Reached.RECEIPT);
			this.unanswered.remove(first);
		}
		else {
			assertThat(answer).isInstanceOfSatisfying(Effect.Refused.class, (refused) -> {
				if (by.equals(this.peer) && refused.code() == ErrorCode.UNKNOWN_PRODUCER) {
					disconnected();
				}
			});
		}
	}

}
