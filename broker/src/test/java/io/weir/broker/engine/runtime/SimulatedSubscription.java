package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

	/** Grows when what was known of the subscription counts no more. */
	private int life;

	private final @Nullable SimulatedKeys keys;

	private final Map<Peer, SimulatedConsumer> consumers = new HashMap<>();

	private final Set<MessageId> asked = new HashSet<>();

	private final Set<MessageId> confirmed = new HashSet<>();

	private final Map<MessageId, SimulatedConsumer> held = new HashMap<>();

	/** What could not be stored, to be asked again. */
	private final List<MessageId> unstored = new ArrayList<>();

	private Position storedUpTo = Position.BEFORE_FIRST;

	private final Map<Position, BitSet> storedEntries = new HashMap<>();

	SimulatedSubscription(Simulation simulation, String name, SubscriptionType type, boolean givesBack) {
		this.simulation = simulation;
		this.name = name;
		this.type = type;
		this.givesBack = givesBack;
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
			withKeys((keys) -> keys.givenBack(id));
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
		return !this.consumers.isEmpty() && this.held.isEmpty() && this.confirmed.size() == this.asked.size()
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
			withKeys((keys) -> consumer.holding.forEach(keys::givenBack));
		}
	}

	/**
	 * What was not stored is forgotten; the client asks no more, for it is sent again.
	 */
	void brokerDied() {
		this.asked.stream().filter(this::isStored).forEach(this.confirmed::add);
		this.asked.retainAll(this.confirmed);
		this.unstored.clear();
		this.consumers.clear();
		this.held.clear();
		withKeys((keys) -> keys.restart(this.asked::contains));
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
		List<MessageId> ids = this.simulation.entriesBetween(this.storedUpTo, Position.of(last))
			.stream()
			.flatMap(SimulatedSubscription::ids)
			.filter((id) -> id.compareTo(last) <= 0)
			.toList();
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
		this.asked.addAll(ids);
		withKeys((keys) -> ids.forEach(keys::acknowledged));
	}

	private ReplyTo askAbout(SimulatedConsumer consumer, List<MessageId> ids) {
		int asking = this.life;
		return this.simulation.ask(consumer.peer, (answer) -> acknowledged(asking, ids, answer));
	}

	private void acknowledged(int asking, List<MessageId> ids, Effect.Telling answer) {
		if (asking != this.life) {
			return;
		}
		if (answer instanceof Effect.Done) {
			assertThat(ids).as("what was confirmed").allMatch(this::isStored);
			this.confirmed.addAll(ids);
		}
		else {
			this.unstored.addAll(ids);
		}
	}

	private boolean isStored(MessageId id) {
		BitSet bits = this.storedEntries.get(Position.of(id));
		return !Position.of(id).isAfter(this.storedUpTo) || (bits != null && bits.get(MessageIds.index(id)));
	}

	private void retryUnstored(SimulatedConsumer consumer) {
		if (!this.unstored.isEmpty()) {
			List<MessageId> again = new ArrayList<>(this.unstored);
			this.unstored.clear();
			acknowledge(consumer, again);
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
		require(consumer.permits >= 0, "%s was given more than it asked for: %s", consumer.peer, consumer.permits);
		consumer.unwritten += deliver.bytes();
		consumer.quiet = 0;
		for (int i = 0; i < deliver.count(); i++) {
			MessageId id = entry.position().message(deliver.firstIndex() + i);
			ByteBuf message = batch.readSlice(length);
			require(message.readInt() == entry.header().producerName().hashCode()
					&& message.readLong() == entry.header().firstSequence() + MessageIds.index(id),
					"%s has other bytes", id);
			message(consumer, id, deliver.passOver().get(i));
		}
		entry.release();
	}

	private void message(SimulatedConsumer consumer, MessageId id, boolean passedOver) {
		if (passedOver) {
			require(this.asked.contains(id) || this.givesBack || this.keys != null, "%s was passed over", id);
			return;
		}
		require(!this.confirmed.contains(id), "%s was delivered after its acknowledgement was confirmed", id);
		require(this.held.put(id, consumer) == null, "%s is with two consumers", id);
		consumer.holding.add(id);
		if (!this.givesBack && this.keys == null) {
			require(consumer.last == null || id.compareTo(consumer.last) > 0, "%s came after %s", id, consumer.last);
			consumer.last = id;
		}
		withKeys((keys) -> keys.delivered(id, consumer.peer));
	}

	/** No cursor may pass what nobody acknowledged. */
	void checkCursor(Storing.StoreAcknowledgements acks) {
		for (Entry entry : this.simulation.entriesBetween(this.storedUpTo, acks.acknowledgedUpTo())) {
			for (int i = 0; i < entry.header().count(); i++) {
				MessageId id = entry.position().message(i);
				require(this.asked.contains(id), "The cursor passed %s, which was not acknowledged", id);
			}
		}
		acks.entries()
			.forEach((position, bits) -> bits.stream()
				.forEach((i) -> require(this.asked.contains(position.message(i)), "%s:%s was not acknowledged",
						position, i)));
	}

	void acknowledgementsStored(Storing.StoreAcknowledgements acks) {
		assertThat(acks.acknowledgedUpTo()).as("the cursor").isGreaterThanOrEqualTo(this.storedUpTo);
		this.storedUpTo = acks.acknowledgedUpTo();
		this.storedEntries.putAll(acks.entries());
		this.storedEntries.keySet().removeIf((position) -> !position.isAfter(this.storedUpTo));
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
		long entry = random.nextLong(this.simulation.lastStored().entry() + 3);
		return new SubscriptionChange.MoveToMessage(new Position(0, entry).message(random.nextInt(6)));
	}

	/** What is before the new cursor counts as acknowledged, and nothing else. */
	void moved(Storing.MoveCursor move) {
		deleted();
		this.storedUpTo = move.target().acknowledgedUpTo();
		this.storedEntries.putAll(move.target().entries());
		this.simulation.entriesBetween(Position.BEFORE_FIRST, move.target().acknowledgedUpTo().after())
			.stream()
			.flatMap(SimulatedSubscription::ids)
			.filter(this::isStored)
			.forEach(this.asked::add);
		this.confirmed.addAll(this.asked);
		this.held.clear();
		this.consumers.values().forEach((consumer) -> {
			consumer.holding.clear();
			consumer.last = null;
		});
		withKeys((keys) -> keys.restart(this.asked::contains));
	}

	/** The subscription is removed; the next of its name is a new one. */
	void deleted() {
		this.life++;
		this.asked.clear();
		this.confirmed.clear();
		this.unstored.clear();
		this.storedUpTo = Position.BEFORE_FIRST;
		this.storedEntries.clear();
		withKeys((keys) -> keys.restart((id) -> false));
	}

	/** Who seeks may name messages that there are not, of an entry that was not read. */
	void checkBacklog(long backlog, long stored) {
		require(this.seeking || backlog == stored - this.asked.size(), "%s has a backlog of %s, not of %s", this.name,
				backlog, stored - this.asked.size());
	}

	/** At the end, everything that is stored must have been acknowledged. */
	void check(List<Entry> log) {
		Set<MessageId> all = log.stream().flatMap(SimulatedSubscription::ids).collect(Collectors.toSet());
		assertThat(all.equals(this.confirmed))
			.as("%s: %s of %s messages acknowledged", this.name, this.confirmed.size(), all.size())
			.isTrue();
	}

	private static Stream<MessageId> ids(Entry entry) {
		return IntStream.range(0, entry.header().count()).mapToObj((index) -> entry.position().message(index));
	}

	/** Plain, for assertions look at collections element by element. */
	private static void require(boolean condition, String otherwise, Object... details) {
		if (!condition) {
			throw new AssertionError(String.format(otherwise, details));
		}
	}

	private List<MessageId> pickSome(List<MessageId> holding) {
		List<MessageId> some = new ArrayList<>();
		int count = 1 + this.simulation.random().nextInt(Math.min(6, holding.size()));
		int from = this.simulation.random().nextInt(holding.size() - count + 1);
		some.addAll(holding.subList(from, from + count));
		return some;
	}

	private static final class SimulatedConsumer {

		private final Peer peer;

		private final List<MessageId> holding = new ArrayList<>();

		private long permits;

		private int unwritten;

		private int quiet;

		private @Nullable MessageId last;

		SimulatedConsumer(Peer peer) {
			this.peer = peer;
		}

	}

}
