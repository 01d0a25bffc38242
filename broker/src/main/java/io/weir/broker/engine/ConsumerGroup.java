package io.weir.broker.engine;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** The consumers of a subscription, and whose turn it is. */
final class ConsumerGroup {

	private final List<SubscriptionConsumer> consumers = new ArrayList<>();

	private int turn;

	void add(SubscriptionConsumer consumer) {
		this.consumers.add(consumer);
	}

	@Nullable SubscriptionConsumer remove(Peer peer) {
		SubscriptionConsumer removed = find(peer);
		if (removed != null) {
			int index = this.consumers.indexOf(removed);
			this.consumers.remove(index);
			this.turn -= (index < this.turn) ? 1 : 0;
		}
		return removed;
	}

	@Nullable SubscriptionConsumer find(Peer peer) {
		for (SubscriptionConsumer consumer : this.consumers) {
			if (consumer.peer().equals(peer)) {
				return consumer;
			}
		}
		return null;
	}

	/** The next in turn who may be sent something; it stays its turn until it was. */
	@Nullable SubscriptionConsumer next() {
		for (int i = 0; i < this.consumers.size(); i++) {
			int index = (this.turn + i) % this.consumers.size();
			if (this.consumers.get(index).isAvailable()) {
				this.turn = index;
				return this.consumers.get(index);
			}
		}
		return null;
	}

	/** The one whose turn it was got something. */
	void advance() {
		this.turn++;
	}

	boolean isEmpty() {
		return this.consumers.isEmpty();
	}

	List<SubscriptionConsumer> all() {
		return List.copyOf(this.consumers);
	}

}
