package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.SubscriptionChange;
import io.weir.broker.store.Entry;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.message.SubscriptionType;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** The consumers of a subscription, and what they may expect. */
final class SimulatedSubscription {

	private final Simulation simulation;

	private final String name;

	private final SubscriptionType type;

	/** Whether consumers give messages back, which lets them come out of order. */
	private final boolean givesBack;

	/** Whether it is removed now and then. */
	private boolean unsubscribing;

	/** Whether consumers move it now and then. */
	private boolean seeking;

	/** Whether it was created, and not removed. */
	private boolean stored;

	private final @Nullable SimulatedKeys keys;

	private final Map<Peer, SimulatedConsumer> consumers = new HashMap<>();

	private final SimulatedAcknowledgements acknowledgements;

	private final Map<MessageId, SimulatedConsumer> held = new HashMap<>();

	SimulatedSubscription(Simulation simulation, String name, SubscriptionType type, boolean givesBack) {
		this.simulation = simulation;
		this.name = name;
		this.type = type;
		this.givesBack = givesBack;
		this.acknowledgements = new SimulatedAcknowledgements(simulation);
		this.keys = (type == SubscriptionType.KEY_SHARED) ? new SimulatedKeys(simulation) : null;
	}

	SimulatedSubscription unsubscribing() {
		this.unsubscribing = true;
		return this;
	}

	SimulatedSubscription seeking() {
		this.seeking = true;
		return this;
	}

	String name() {
		return this.name;
	}

	void step() {
		int dice = this.simulation.random().nextInt(100);
		List<SimulatedConsumer> all = new ArrayList<>(this.consumers.values());
		all.sort((a, b) -> Long.compare(a.peer.session(), b.peer.session()));
		if (all.isEmpty() || (dice < 4 && all.size() < 4)) {
			subscribe();
			return;
		}
		SimulatedConsumer consumer = this.simulation.pick(all);
		retryUnstored(consumer);
		if (dice < 6) {
			leave(consumer);
		}
		else if (dice < 30) {
			grant(consumer, 1 + this.simulation.random().nextInt(8));
		}
		else if (dice < 40 && this.givesBack && !consumer.holding.isEmpty()) {
			MessageId id = this.simulation.pick(consumer.holding);
			consumer.holding.remove(id);
			this.held.remove(id);
			withKeys((keys) -> keys.givenBack(id, !this.acknowledgements.isAsked(id)));
			this.simulation.send(new Command.NegativeAcknowledge(consumer.peer, List.of(id)));
		}
		else if (dice < 41 && this.unsubscribing) {
			this.simulation.send(new Command.ChangeOwn(this.simulation.ask(consumer.peer, (answer) -> {
				assertThat(answer).isInstanceOfAny(Effect.Unsubscribed.class, Effect.Refused.class);
				if (answer instanceof Effect.Unsubscribed) {
					consumerClosed(consumer.peer);
				}
			}), consumer.peer, new SubscriptionChange.Delete()));
		}
		else if (dice < 43 && this.seeking) {
			seek(consumer);
		}
		else if (dice < 45 && this.type == SubscriptionType.EXCLUSIVE) {
			awaitEnd(consumer);
		}
		else if (dice < 60 && isOrdered() && !this.held.isEmpty()) {
			acknowledgeUpTo(consumer, this.simulation.pick(this.held.keySet().stream().sorted().toList()));
		}
		else if (!consumer.holding.isEmpty()) {
			acknowledge(consumer, pickSome(consumer.holding));
		}
		if (consumer.unwritten > 0) {
			int bytes = consumer.unwritten;
			consumer.unwritten = 0;
			this.simulation.send(new Command.DeliveryWritten(consumer.peer, bytes));
		}
	}

	void settle() {
		if (this.consumers.isEmpty()) {
			subscribe();
		}
		for (SimulatedConsumer consumer : new ArrayList<>(this.consumers.values())) {
			grant(consumer, 50);
			retryUnstored(consumer);
			int bytes = consumer.unwritten;
			consumer.unwritten = 0;
			this.simulation.send(new Command.DeliveryWritten(consumer.peer, bytes));
			if (!consumer.holding.isEmpty()) {
				acknowledge(consumer, new ArrayList<>(consumer.holding));
			}
		}
	}

	boolean isSettled() {
		return !this.consumers.isEmpty() && this.held.isEmpty() && this.acknowledgements.allConfirmed()
				&& this.consumers.values().stream().allMatch((consumer) -> consumer.quiet++ > 3);
	}

	boolean has(Peer consumer) {
		return this.consumers.containsKey(consumer);
	}

	private boolean isOrdered() {
		return this.type == SubscriptionType.EXCLUSIVE || this.type == SubscriptionType.FAILOVER;
	}

	private void subscribe() {
		Peer peer = this.simulation.newPeer();
		this.simulation.send(new Command.Subscribe(this.simulation.ask(peer, (answer) -> subscribed(peer, answer)),
				peer, this.name, this.type, InitialPosition.EARLIEST, "c", true, ConsumerInstance.once()));
	}

	private void subscribed(Peer peer, Effect.Telling answer) {
		if (answer instanceof Effect.Done) {
			assertThat(this.type == SubscriptionType.EXCLUSIVE && !this.consumers.isEmpty())
				.as("two exclusive consumers")
				.isFalse();
			this.consumers.put(peer, new SimulatedConsumer(peer));
		}
	}

	private void leave(SimulatedConsumer consumer) {
		consumerClosed(consumer.peer);
		this.simulation.send(new Command.SessionEnded(consumer.peer.session()));
	}

	void consumerClosed(Peer peer) {
		SimulatedConsumer consumer = this.consumers.remove(peer);
		if (consumer != null) {
			this.held.values().removeIf((holder) -> holder == consumer);
			withKeys(
					(keys) -> consumer.holding.forEach((id) -> keys.givenBack(id, !this.acknowledgements.isAsked(id))));
		}
	}

	/**
	 * What was not stored is forgotten; the client asks no more, for it is sent again.
	 */
	void brokerDied() {
		this.acknowledgements.brokerDied();
		this.consumers.clear();
		this.held.clear();
		withKeys((keys) -> keys.restart(this.acknowledgements::isAsked));
	}

	private void withKeys(Consumer<SimulatedKeys> action) {
		if (this.keys != null) {
			action.accept(this.keys);
		}
	}

	private void grant(SimulatedConsumer consumer, int permits) {
		consumer.permits += permits;
		this.simulation.send(new Command.Flow(consumer.peer, permits));
	}

	private void acknowledge(SimulatedConsumer consumer, List<MessageId> ids) {
		noteAsked(ids);
		this.simulation.send(new Command.Acknowledge(askAbout(consumer, ids), consumer.peer, ids));
	}

	private void acknowledgeUpTo(SimulatedConsumer consumer, MessageId last) {
		List<MessageId> ids = this.acknowledgements.upTo(last);
		noteAsked(ids);
		this.simulation.send(new Command.AcknowledgeUpTo(askAbout(consumer, ids), consumer.peer, last));
	}

	private void noteAsked(List<MessageId> ids) {
		for (MessageId id : ids) {
			SimulatedConsumer holder = this.held.remove(id);
			if (holder != null) {
				holder.holding.remove(id);
			}
		}
		this.acknowledgements.ask(ids);
		withKeys((keys) -> ids.forEach(keys::acknowledged));
	}

	private ReplyTo askAbout(SimulatedConsumer consumer, List<MessageId> ids) {
		int asking = this.acknowledgements.incarnation();
		return this.simulation.ask(consumer.peer, (answer) -> this.acknowledgements.answered(asking, ids, answer));
	}

	/** Who is told of the end has got all that was stored. */
	private void awaitEnd(SimulatedConsumer consumer) {
		Position end = this.simulation.topic().lastStored();
		ReplyTo replyTo = this.simulation.ask(consumer.peer, (answer) -> {
			if (answer instanceof Effect.Done) {
				this.acknowledgements.notAskedUpTo(end)
					.forEach((id) -> Simulation.require(this.held.containsKey(id),
							"The end at %s was told before %s was delivered", end, id));
			}
		});
		this.simulation.send(new Command.AwaitEnd(replyTo, consumer.peer));
	}

	private void retryUnstored(SimulatedConsumer consumer) {
		List<MessageId> unstored = this.acknowledgements.takeUnstored();
		if (!unstored.isEmpty()) {
			acknowledge(consumer, unstored);
		}
	}

	void delivered(Effect.Deliver deliver) {
		SimulatedConsumer consumer = Objects.requireNonNull(this.consumers.get(deliver.consumer()));
		Entry entry = deliver.entry();
		if (this.type == SubscriptionType.FAILOVER) {
			long oldest = this.consumers.keySet().stream().mapToLong(Peer::session).min().orElseThrow();
			assertThat(consumer.peer.session()).as("the active consumer").isEqualTo(oldest);
		}
		ByteBuf batch = entry.part(deliver.firstIndex(), deliver.count());
		int length = batch.readableBytes() / deliver.count();
		consumer.permits -= deliver.count() - deliver.passOver().cardinality();
		Simulation.require(consumer.permits >= 0, "%s was given more than it asked for: %s", consumer.peer,
				consumer.permits);
		consumer.unwritten += deliver.bytes();
		consumer.quiet = 0;
		for (int i = 0; i < deliver.count(); i++) {
			MessageId id = entry.position().message(deliver.firstIndex() + i);
			ByteBuf message = batch.readSlice(length);
			Simulation.require(
					message.readInt() == entry.header().producerName().hashCode()
							&& message.readLong() == entry.header().firstSequence() + MessageIds.index(id),
					"%s has other bytes", id);
			message(consumer, id, deliver.passOver().get(i));
		}
		entry.release();
	}

	private void message(SimulatedConsumer consumer, MessageId id, boolean passedOver) {
		if (passedOver) {
			Simulation.require(this.acknowledgements.isAsked(id) || this.givesBack || this.keys != null,
					"%s was passed over", id);
			return;
		}
		Simulation.require(!this.acknowledgements.isConfirmed(id),
				"%s was delivered after its acknowledgement was confirmed", id);
		Simulation.require(this.held.put(id, consumer) == null, "%s is with two consumers", id);
		consumer.holding.add(id);
		if (!this.givesBack && this.keys == null) {
			Simulation.require(consumer.last == null || id.compareTo(consumer.last) > 0, "%s came after %s", id,
					consumer.last);
			consumer.last = id;
		}
		withKeys((keys) -> keys.delivered(id, consumer.peer));
	}

	void checkCursor(Storing.StoreAcknowledgements acks) {
		this.acknowledgements.check(acks);
	}

	void acknowledgementsStored(Storing.StoreAcknowledgements acks) {
		this.acknowledgements.stored(acks);
	}

	private void seek(SimulatedConsumer consumer) {
		Random random = this.simulation.random();
		Peer peer = consumer.peer;
		ReplyTo replyTo = this.simulation.ask(peer, (answer) -> {
			assertThat(answer).isInstanceOfAny(Effect.Done.class, Effect.Refused.class);
			consumer.permits = (answer instanceof Effect.Done) ? 0 : consumer.permits;
		});
		// Perhaps it is not the consumer who asks.
		this.simulation.send((random.nextInt(4) > 0) ? new Command.ChangeOwn(replyTo, peer, anyMove(random))
				: new Command.ChangeSubscription(replyTo, this.name, anyMove(random)));
	}

	private SubscriptionChange anyMove(Random random) {
		if (random.nextInt(3) == 0) {
			return new SubscriptionChange.MoveToTime(random.nextLong(this.simulation.now() + 2));
		}
		long entry = random.nextLong(this.simulation.topic().lastStored().entry() + 3);
		return new SubscriptionChange.MoveToMessage(new Position(0, entry).message(random.nextInt(6)));
	}

	void moved(Storing.MoveCursor move) {
		this.acknowledgements.moved(move);
		this.held.clear();
		this.consumers.values().forEach((consumer) -> {
			consumer.holding.clear();
			consumer.last = null;
		});
		withKeys((keys) -> keys.restart(this.acknowledgements::isAsked));
	}

	/** It is stored: nothing of it may go from now on. */
	void created() {
		this.stored = true;
	}

	void checkTrim(Position first) {
		if (this.stored) {
			this.acknowledgements.checkTrim(this.name, first);
		}
	}

	/** The beginning of the log is gone: that counts as acknowledged. */
	void trimmed(Position first) {
		List<MessageId> gone = this.acknowledgements.trimmed(first);
		withKeys((keys) -> keys.trimmed(gone));
	}

	/** The subscription is removed; the next of its name is a new one. */
	void deleted() {
		this.stored = false;
		this.acknowledgements.deleted();
		withKeys((keys) -> keys.restart((id) -> false));
	}

	/** Who seeks may name messages that there are not, of an entry that was not read. */
	void checkBacklog(long backlog, long stored) {
		Simulation.require(this.seeking || backlog == stored - this.acknowledgements.asked(),
				"%s has a backlog of %s, not of %s", this.name, backlog, stored - this.acknowledgements.asked());
	}

	void check(List<Entry> log) {
		this.acknowledgements.checkAll(this.name, log);
	}

	private List<MessageId> pickSome(List<MessageId> holding) {
		List<MessageId> some = new ArrayList<>();
		int count = 1 + this.simulation.random().nextInt(Math.min(6, holding.size()));
		int from = this.simulation.random().nextInt(holding.size() - count + 1);
		some.addAll(holding.subList(from, from + count));
		return some;
	}

}
