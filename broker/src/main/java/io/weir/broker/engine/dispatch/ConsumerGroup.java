package io.weir.broker.engine.dispatch;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Peer;
import io.weir.broker.engine.context.TopicTime;
import io.weir.message.SubscriptionType;
import io.weir.wire.ConsumerInstance;

/**
 * The consumers of a subscription, in the order in which they came, and whose turn it is.
 */
public final class ConsumerGroup {

	private final SubscriptionType type;

	private final SlowStart slowStart;

	/** Never changed, but replaced: who goes through it may let consumers go. */
	private List<SubscriptionConsumer> consumers = List.of();

	private int turn;

	public ConsumerGroup(SubscriptionType type, TopicTime time) {
		this.type = type;
		this.slowStart = new SlowStart(this, time);
	}

	/** The type of their subscription. */
	public SubscriptionType type() {
		return this.type;
	}

	/** How many messages each may have when one has died. */
	public SlowStart slowStart() {
		return this.slowStart;
	}

	public void add(SubscriptionConsumer consumer) {
		List<SubscriptionConsumer> all = new ArrayList<>(this.consumers);
		all.add(consumer);
		this.consumers = List.copyOf(all);
		this.slowStart.joined(consumer);
	}

	public @Nullable SubscriptionConsumer remove(Peer peer) {
		SubscriptionConsumer removed = find(peer);
		if (removed != null) {
			int index = this.consumers.indexOf(removed);
			this.consumers = this.consumers.stream().filter((consumer) -> consumer != removed).toList();
			this.turn -= (index < this.turn) ? 1 : 0;
		}
		return removed;
	}

	/** A consumer that has come back keeps its place. */
	public void replace(SubscriptionConsumer former, SubscriptionConsumer next) {
		this.consumers = this.consumers.stream().map((consumer) -> (consumer == former) ? next : consumer).toList();
		this.slowStart.joined(next);
	}

	/** The consumer as it was introduced before. */
	public @Nullable SubscriptionConsumer find(ConsumerInstance instance) {
		for (SubscriptionConsumer consumer : this.consumers) {
			if (consumer.instance().id().equals(instance.id())) {
				return consumer;
			}
		}
		return null;
	}

	public @Nullable SubscriptionConsumer find(Peer peer) {
		for (SubscriptionConsumer consumer : this.consumers) {
			if (consumer.peer().equals(peer)) {
				return consumer;
			}
		}
		return null;
	}

	/** The next in turn who may be sent something; it stays its turn until it was. */
	public @Nullable SubscriptionConsumer next() {
		int candidates = isForFirst() ? Math.min(1, this.consumers.size()) : this.consumers.size();
		for (int i = 0; i < candidates; i++) {
			int index = (this.turn + i) % this.consumers.size();
			if (this.consumers.get(index).isAvailable()) {
				this.turn = index;
				return this.consumers.get(index);
			}
		}
		return null;
	}

	/** The one whose turn it was got something. */
	public void advance() {
		this.turn += isForFirst() ? 0 : 1;
	}

	/** Whether all is for the first, and the others wait until it is gone. */
	private boolean isForFirst() {
		return this.type == SubscriptionType.FAILOVER;
	}

	boolean isAnyAvailable() {
		for (SubscriptionConsumer consumer : this.consumers) {
			if (consumer.isAvailable()) {
				return true;
			}
		}
		return false;
	}

	public boolean hasOthersThan(@Nullable Peer peer) {
		return this.consumers.stream().anyMatch((consumer) -> !consumer.peer().equals(peer));
	}

	public boolean isEmpty() {
		return this.consumers.isEmpty();
	}

	public List<SubscriptionConsumer> all() {
		return this.consumers;
	}

}
