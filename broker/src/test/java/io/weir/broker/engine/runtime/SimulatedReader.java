package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.store.Entry;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.Position;

/**
 * A reader that begins at the beginning, goes to the end, and comes again; mostly one of
 * the compacted view. What it is told it has come to, it must have been given.
 */
final class SimulatedReader {

	static final String NAME = "reader";

	private final Simulation simulation;

	private boolean compacted;

	private @Nullable Peer peer;

	private long permits;

	private int unwritten;

	private boolean asked;

	private final List<MessageId> unacknowledged = new ArrayList<>();

	private final Set<MessageId> given = new HashSet<>();

	private @Nullable MessageId last;

	SimulatedReader(Simulation simulation) {
		this.simulation = simulation;
	}

	void step() {
		Random random = this.simulation.random();
		Peer reader = this.peer;
		if (reader == null) {
			begin();
			return;
		}
		grant(reader, 1 + random.nextInt(1_000));
		acknowledge(reader);
		if (!this.asked && is(reader) && random.nextBoolean()) {
			awaitEnd(reader);
		}
		else if (random.nextInt(40) == 0) {
			leave();
		}
	}

	/** It need not come to an end. */
	void leave() {
		Peer reader = this.peer;
		if (reader != null) {
			forget();
			this.simulation.send(new Command.CloseConsumer(this.simulation.ask(reader, (answer) -> {
			}), reader));
		}
	}

	boolean is(Peer consumer) {
		return consumer.equals(this.peer);
	}

	/** It is let go, or the broker has died. */
	void forget() {
		this.peer = null;
		this.permits = 0;
		this.unwritten = 0;
		this.asked = false;
		this.unacknowledged.clear();
		this.given.clear();
		this.last = null;
	}

	private void begin() {
		Peer reader = this.simulation.newPeer();
		this.compacted = this.simulation.random().nextInt(4) > 0;
		this.peer = reader;
		this.simulation.send(new Command.Subscribe(this.simulation.ask(reader, (answer) -> {
			if (!(answer instanceof Effect.Done) && is(reader)) {
				forget();
			}
		}), reader, NAME, SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST, "c", false, ConsumerInstance.once(),
				() -> true, null, this.compacted));
	}

	private void grant(Peer reader, int more) {
		this.permits += more;
		this.simulation.send(new Command.Flow(reader, more));
		int bytes = this.unwritten;
		this.unwritten = 0;
		if (bytes > 0 && is(reader)) {
			this.simulation.send(new Command.DeliveryWritten(reader, bytes));
		}
	}

	private void acknowledge(Peer reader) {
		if (!this.unacknowledged.isEmpty() && is(reader)) {
			List<MessageId> ids = List.copyOf(this.unacknowledged);
			this.unacknowledged.clear();
			this.simulation.send(new Command.Acknowledge(this.simulation.ask(reader, (answer) -> {
			}), reader, ids));
		}
	}

	private void awaitEnd(Peer reader) {
		Position end = this.simulation.topic().lastStored();
		this.asked = true;
		this.simulation.send(new Command.AwaitEnd(this.simulation.ask(reader, (answer) -> {
			if (answer instanceof Effect.Done && is(reader)) {
				checkUpTo(end);
				leave();
			}
		}), reader));
	}

	void delivered(Effect.Deliver deliver) {
		SimulatedMessages.checkBytes(deliver);
		this.permits -= deliver.count() - deliver.passOver().cardinality();
		Simulation.require(this.permits >= 0, "A reader was given more than it asked for: %s", this.permits);
		this.unwritten += deliver.bytes();
		for (int i = 0; i < deliver.count(); i++) {
			if (!deliver.passOver().get(i)) {
				MessageId id = deliver.entry().position().message(deliver.firstIndex() + i);
				Simulation.require(this.last == null || id.compareTo(this.last) > 0, "%s came to a reader after %s", id,
						this.last);
				this.last = id;
				this.given.add(id);
				this.unacknowledged.add(id);
			}
		}
		deliver.entry().release();
	}

	/**
	 * Nothing may be missing but what is gone, has expired, or has a later message of its
	 * key.
	 */
	private void checkUpTo(Position end) {
		SimulatedArchive archive = this.simulation.topic().archive();
		for (Entry entry : archive.between(this.simulation.topic().first().before(), end)) {
			List<MessageId> missing = SimulatedArchive.ids(entry)
				.filter((id) -> !this.given.contains(id) && !archive.mayHaveExpired(id))
				.toList();
			if (missing.isEmpty() || archive.isRemoved(entry.position())) {
				continue;
			}
			Simulation.require(this.compacted && archive.isSuperseded(entry.position()),
					"A reader came to the end without %s", missing);
			this.simulation.reached(Reached.PASSED_OVER);
		}
		this.simulation.reached(this.compacted ? Reached.COMPACTED_READ : Reached.READ);
	}

}
