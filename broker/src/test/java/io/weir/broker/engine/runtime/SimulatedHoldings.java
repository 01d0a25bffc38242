package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.store.Entry;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.wire.RedeliveryPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who has which message of a subscription, and what may be delivered to whom. What a
 * consumer holds itself may be more: a message may have come again to another since.
 */
final class SimulatedHoldings {

	private final Simulation simulation;

	private final SubscriptionType type;

	/** Whether messages come back, and so out of order. */
	private final boolean givesBack;

	private final SimulatedAcknowledgements acknowledgements;

	private final SimulatedRedelivery redelivery;

	private final @Nullable SimulatedKeys keys;

	private final Map<Peer, SimulatedConsumer> consumers = new HashMap<>();

	private final Map<MessageId, SimulatedConsumer> held = new HashMap<>();

	SimulatedHoldings(Simulation simulation, SubscriptionType type, boolean givesBack,
			@Nullable RedeliveryPolicy policy, SimulatedAcknowledgements acknowledgements) {
		this.simulation = simulation;
		this.type = type;
		this.givesBack = givesBack;
		this.acknowledgements = acknowledgements;
		this.redelivery = new SimulatedRedelivery(simulation, policy);
		this.keys = (type == SubscriptionType.KEY_SHARED) ? new SimulatedKeys(simulation, acknowledgements) : null;
	}

	SimulatedRedelivery redelivery() {
		return this.redelivery;
	}

	/** In the order in which they came. */
	List<SimulatedConsumer> consumers() {
		List<SimulatedConsumer> all = new ArrayList<>(this.consumers.values());
		all.sort(Comparator.comparingLong((consumer) -> consumer.peer.session()));
		return all;
	}

	boolean has(Peer consumer) {
		return this.consumers.containsKey(consumer);
	}

	/** All messages that are with consumers, in order. */
	List<MessageId> all() {
		return this.held.keySet().stream().sorted().toList();
	}

	void joined(Peer peer) {
		assertThat(this.type == SubscriptionType.EXCLUSIVE && !this.consumers.isEmpty()).as("two exclusive consumers")
			.isFalse();
		this.consumers.put(peer, new SimulatedConsumer(peer));
	}

	/**
	 * A consumer goes, and what it has comes again.
	 * @param died whether it is lost with its session
	 */
	void left(Peer peer, boolean died) {
		SimulatedConsumer consumer = this.consumers.remove(peer);
		if (consumer != null) {
			giveBackAll(consumer, died);
		}
	}

	/** All consumers are let go, and will be told so. */
	void letGo() {
		this.consumers.values().forEach((consumer) -> giveBackAll(consumer, false));
	}

	private void giveBackAll(SimulatedConsumer consumer, boolean died) {
		List<MessageId> all = this.held.keySet().stream().filter((id) -> this.held.get(id) == consumer).toList();
		boolean toBlame = died && all.size() == 1;
		all.forEach((id) -> {
			this.redelivery.inVain(id, toBlame);
			comesBack(id);
		});
	}

	/** What was not acknowledged in time comes again, also if its consumer lives. */
	void tick() {
		if (this.redelivery.isTimed()) {
			List<MessageId> overdue = this.held.keySet().stream().filter(this.redelivery::isOverdue).toList();
			overdue.forEach((id) -> {
				this.simulation.reached(Reached.NOT_ACKNOWLEDGED_IN_TIME);
				this.redelivery.inVain(id, true);
				comesBack(id);
			});
		}
	}

	/** A consumer gives a message back, unless that has come back already. */
	void givenBack(SimulatedConsumer consumer, MessageId id, long delay, boolean forGood) {
		consumer.holding.remove(id);
		if (this.held.get(id) == consumer) {
			this.redelivery.givenBack(id, delay, forGood);
			comesBack(id);
		}
	}

	/** A message is with no consumer any more. */
	private void comesBack(MessageId id) {
		this.held.remove(id);
		withKeys((keys) -> keys.givenBack(id, !this.acknowledgements.isAsked(id) && !this.redelivery.isGivenUp(id)));
	}

	/** Consumers acknowledge messages. */
	void acknowledged(SimulatedConsumer by, List<MessageId> ids) {
		for (MessageId id : ids) {
			SimulatedConsumer holder = this.held.remove(id);
			if (by.holding.remove(id) && holder != by) {
				this.simulation.reached(Reached.ACKNOWLEDGED_LATE);
			}
			if (holder != null) {
				holder.holding.remove(id);
			}
		}
		withKeys((keys) -> ids.forEach(keys::acknowledged));
	}

	/** Who has which of some messages. */
	Map<MessageId, SimulatedConsumer> heldOf(List<MessageId> ids) {
		Map<MessageId, SimulatedConsumer> held = new HashMap<>(this.held);
		held.keySet().retainAll(new HashSet<>(ids));
		return held;
	}

	/** They were not acknowledged after all. */
	void takeBack(Map<MessageId, SimulatedConsumer> held) {
		this.held.putAll(held);
		held.forEach((id, consumer) -> consumer.holding.add(id));
	}

	/** Messages go out. */
	void delivered(Effect.Deliver deliver) {
		SimulatedConsumer consumer = Objects.requireNonNull(this.consumers.get(deliver.consumer()));
		Entry entry = deliver.entry();
		if (this.type == SubscriptionType.FAILOVER) {
			assertThat(consumer).as("the active consumer").isSameAs(consumers().get(0));
		}
		consumer.permits -= deliver.count() - deliver.passOver().cardinality();
		Simulation.require(consumer.permits >= 0, "%s was given more than it asked for: %s", consumer.peer,
				consumer.permits);
		consumer.unwritten += deliver.bytes();
		consumer.quiet = 0;
		SimulatedMessages.checkBytes(deliver);
		for (int i = 0; i < deliver.count(); i++) {
			int index = deliver.firstIndex() + i;
			MessageId id = entry.position().message(index);
			if (deliver.passOver().get(i)) {
				passedOver(id);
			}
			else {
				Simulation.require(
						!this.simulation.clock().isTooOld(entry.header().publishTime())
								&& entry.header().index().expiresAt(index) > this.simulation.clock().now(),
						"%s was delivered though it has expired", id);
				delivered(consumer, id, deliver.redeliveryCount());
			}
		}
		entry.release();
	}

	private void passedOver(MessageId id) {
		Simulation.require(this.acknowledgements.isAsked(id) || this.givesBack || this.keys != null
				|| this.acknowledgements.mayBeGone(id), "%s was passed over", id);
	}

	private void delivered(SimulatedConsumer consumer, MessageId id, int redeliveryCount) {
		Simulation.require(!this.acknowledgements.isConfirmed(id),
				"%s was delivered after its acknowledgement was confirmed", id);
		Simulation.require(this.held.put(id, consumer) == null, "%s is with two consumers", id);
		this.redelivery.delivered(id, redeliveryCount);
		if (this.acknowledgements.isLost(id)) {
			this.simulation.reached(Reached.DELIVERED_AFTER_LOSS);
		}
		if (!consumer.holding.contains(id)) {
			consumer.holding.add(id);
		}
		if (!this.givesBack && this.keys == null) {
			Simulation.require(consumer.last == null || id.compareTo(consumer.last) > 0, "%s came after %s", id,
					consumer.last);
			consumer.last = id;
		}
		withKeys((keys) -> keys.delivered(id, consumer.peer));
	}

	/** Who is told of the end has got all that was stored, but for what is kept back. */
	void checkEnd(List<MessageId> notAcknowledged) {
		notAcknowledged.forEach(
				(id) -> Simulation.require(
						this.held.containsKey(id) || this.redelivery.isBack(id) || this.redelivery.isGivenUp(id)
								|| this.acknowledgements.mayBeGone(id),
						"The end was told before %s was delivered", id));
	}

	/** Messages are gone from the log: they are nobody's. */
	void trimmed(List<MessageId> gone) {
		this.held.keySet().removeAll(gone);
		withKeys((keys) -> keys.trimmed(gone));
	}

	/** The subscription is somewhere else, and what was delivered counts no more. */
	void moved() {
		this.consumers.values().forEach((consumer) -> {
			consumer.holding.clear();
			consumer.last = null;
		});
		forget();
	}

	/** The subscription is removed, or begins anew. */
	void forget() {
		this.held.clear();
		this.redelivery.forget();
		restart();
	}

	void brokerDied() {
		this.consumers.clear();
		this.held.clear();
		this.redelivery.brokerDied(this.acknowledgements::isAsked);
		restart();
	}

	private void restart() {
		withKeys((keys) -> keys.restart((id) -> this.acknowledgements.isAsked(id) || this.redelivery.isGivenUp(id)));
	}

	private void withKeys(Consumer<SimulatedKeys> action) {
		if (this.keys != null) {
			action.accept(this.keys);
		}
	}

}
