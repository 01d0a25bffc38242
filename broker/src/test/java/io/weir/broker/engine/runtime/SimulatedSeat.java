package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.MessageRecord;

/** A consumer of one partition. */
final class SimulatedSeat {

	private final Simulation simulation;

	private final SimulatedPartitions partitions;

	private final SimulatedAudience audience;

	private final int partition;

	private final InitialPosition position;

	private final List<MessageId> holding = new ArrayList<>();

	/** What could not be stored, to be asked again. */
	private final List<MessageId> unstored = new ArrayList<>();

	private @Nullable Peer peer;

	private boolean open;

	private long permits;

	private int unwritten;

	/** The last message of each key, or of all of them, where messages come in order. */
	private final Map<String, MessageId> last = new HashMap<>();

	private int unanswered;

	private int quiet;

	SimulatedSeat(Simulation simulation, SimulatedPartitions partitions, SimulatedAudience audience, int partition,
			InitialPosition position) {
		this.simulation = simulation;
		this.partitions = partitions;
		this.audience = audience;
		this.partition = partition;
		this.position = position;
		subscribe();
	}

	private void subscribe() {
		Peer next = this.partitions.newPeer();
		this.peer = next;
		send(new Command.Subscribe(this.partitions.questions().ask(next, (answer) -> {
			if (next.equals(this.peer)) {
				this.open = answer instanceof Effect.Done;
				if (this.open) {
					this.audience.joined(this.partition);
				}
				else {
					closed(next);
				}
			}
		}), next, this.audience.name(), this.audience.type(), this.position, "c", true, ConsumerInstance.once()));
	}

	void step() {
		Random random = this.simulation.random();
		Peer consumer = this.peer;
		if (consumer == null) {
			subscribe();
		}
		else if (this.open && random.nextBoolean()) {
			grant(consumer, 1 + random.nextInt(5));
		}
		else if (this.open) {
			acknowledge(consumer, random.nextInt(this.holding.size() + 1));
		}
	}

	private void grant(Peer consumer, int more) {
		int bytes = this.unwritten;
		this.permits += more;
		this.unwritten = 0;
		if (bytes > 0) {
			send(new Command.DeliveryWritten(consumer, bytes));
		}
		send(new Command.Flow(consumer, more));
	}

	/** Some of what it holds, and what could not be stored before. */
	private void acknowledge(Peer consumer, int count) {
		List<MessageId> ids = new ArrayList<>(this.holding.subList(0, count));
		this.holding.removeAll(ids);
		ids.addAll(this.unstored);
		this.unstored.clear();
		if (ids.isEmpty()) {
			return;
		}
		this.audience.asked(this.partition).addAll(ids);
		this.unanswered++;
		send(new Command.Acknowledge(
				this.partitions.questions().ask(consumer, (answer) -> acknowledged(consumer, ids, answer)), consumer,
				ids));
	}

	private void acknowledged(Peer consumer, List<MessageId> ids, Effect.Answer answer) {
		if (answer instanceof Effect.Done) {
			this.audience.confirmed(this.partition).addAll(ids);
		}
		if (consumer.equals(this.peer)) {
			this.unanswered--;
			if (!(answer instanceof Effect.Done)) {
				this.unstored.addAll(ids);
			}
		}
	}

	void settle() {
		Peer consumer = this.peer;
		if (consumer == null) {
			subscribe();
		}
		else if (this.open) {
			grant(consumer, 50);
			this.quiet = (this.holding.isEmpty() && this.unstored.isEmpty()) ? this.quiet + 1 : 0;
			acknowledge(consumer, this.holding.size());
		}
	}

	boolean isSettled() {
		return this.open && this.unanswered == 0 && this.quiet > 3;
	}

	/** The whole consumer goes, perhaps without a word. */
	void leave() {
		Peer consumer = this.peer;
		this.peer = null;
		if (consumer != null) {
			send(this.simulation.random().nextBoolean() ? new Command.SessionEnded(consumer.session())
					: new Command.CloseConsumer(this.partitions.questions().ask(consumer, (answer) -> {
					}), consumer));
		}
	}

	void closed(Peer consumer) {
		if (consumer.equals(this.peer)) {
			this.peer = null;
			this.open = false;
			this.permits = 0;
			this.unwritten = 0;
			this.holding.clear();
			this.unstored.clear();
			this.unanswered = 0;
			this.quiet = 0;
			this.last.clear();
		}
	}

	/**
	 * Each message comes in order, as far as there is one, and not after it was
	 * acknowledged for good.
	 */
	boolean delivered(Effect.Deliver deliver) {
		if (!deliver.consumer().equals(this.peer)) {
			return false;
		}
		List<MessageRecord> messages = SimulatedMessages.checkBytes(deliver);
		this.permits -= deliver.count() - deliver.passOver().cardinality();
		Simulation.require(this.permits >= 0, "%s was given more than it asked for", this.peer);
		this.unwritten += deliver.bytes();
		for (int i = 0; i < deliver.count(); i++) {
			if (!deliver.passOver().get(i)) {
				delivered(deliver.entry().position().message(deliver.firstIndex() + i), messages.get(i));
			}
		}
		return true;
	}

	private void delivered(MessageId id, MessageRecord message) {
		Simulation.require(!this.audience.confirmed(this.partition).contains(id),
				"%s of partition %s was delivered after its acknowledgement was confirmed", id, this.partition);
		this.holding.add(id);
		if (this.audience.type() != SubscriptionType.SHARED) {
			boolean byKey = this.audience.type() == SubscriptionType.KEY_SHARED;
			MessageId before = this.last.put(byKey ? Objects.requireNonNull(message.key()) : "all", id);
			Simulation.require(before == null || id.compareTo(before) > 0, "%s of partition %s came after %s", id,
					this.partition, before);
		}
	}

	private void send(Command command) {
		this.partitions.part(this.partition).send(command);
	}

}
