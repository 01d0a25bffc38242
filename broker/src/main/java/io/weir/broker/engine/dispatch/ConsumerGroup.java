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

	private final ArrayList<SubscriptionConsumer> consumers = new ArrayList<>();

	/** Whether all is for the first, and the others wait until it is gone. */
	private final boolean firstOnly;

	private final SlowStart slowStart;

	private int turn;

	public ConsumerGroup(SubscriptionType type, TopicTime time) {
		this.slowStart = new SlowStart(this.consumers, time);
		this.firstOnly = (type == SubscriptionType.FAILOVER);
	}

	/** How many messages each may have when one has died. */
	public SlowStart slowStart() {
		return this.slowStart;
	}

	public void add(SubscriptionConsumer consumer) {
		this.consumers.add(consumer);
		this.slowStart.joined(consumer);
	}

	public @Nullable SubscriptionConsumer remove(Peer peer) {
		SubscriptionConsumer removed = find(peer);
		if (removed != null) {
			int index = this.consumers.indexOf(removed);
			this.consumers.remove(index);
			this.turn -= (index < this.turn) ? 1 : 0;
			if (this.consumers.isEmpty()) {
				// There are many subscriptions without consumers.
				this.consumers.trimToSize();
			}
		}
		return removed;
	}

	/** A consumer that has come back keeps its place. */
	public void replace(SubscriptionConsumer former, SubscriptionConsumer next) {
		this.consumers.set(this.consumers.indexOf(former), next);
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
		int candidates = this.firstOnly ? Math.min(1, this.consumers.size()) : this.consumers.size();
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
		this.turn += this.firstOnly ? 0 : 1;
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
		return List.copyOf(this.consumers);
	}

}
