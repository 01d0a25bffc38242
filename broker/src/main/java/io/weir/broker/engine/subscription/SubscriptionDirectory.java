package io.weir.broker.engine.subscription;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Peer;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.engine.context.Sparse;

/** The subscriptions of a topic, by name, and the one that each consumer belongs to. */
final class SubscriptionDirectory {

	private NavigableMap<String, Subscription> byName = Collections.emptyNavigableMap();

	/** Also of consumers that wait for a subscription to be stored. */
	private NavigableMap<Peer, Subscription> byConsumer = Collections.emptyNavigableMap();

	private long incarnations;

	private long removals;

	/**
	 * An incarnation of a subscription begins, with a number that no other has had since
	 * the topic was opened.
	 */
	SubscriptionId newIncarnation(String name) {
		return new SubscriptionId(name, ++this.incarnations);
	}

	void add(Subscription subscription) {
		this.byName = Sparse.with(this.byName, subscription.name(), subscription);
	}

	/** Another number whenever a subscription has begun, was moved or has ended. */
	long generation() {
		return this.incarnations + this.removals;
	}

	/** Removes a subscription with its consumers. */
	void remove(Subscription subscription) {
		this.removals++;
		if (this.byName.get(subscription.name()) == subscription) {
			this.byName = Sparse.without(this.byName, subscription.name());
		}
		List<Peer> consumers = this.byConsumer.keySet().stream().filter((peer) -> of(peer) == subscription).toList();
		consumers.forEach(this::leave);
	}

	@Nullable Subscription find(String name) {
		return this.byName.get(name);
	}

	/** A subscription, unless that incarnation of it is over. */
	@Nullable Subscription find(SubscriptionId id) {
		Subscription subscription = this.byName.get(id.name());
		return (subscription != null && subscription.id().equals(id)) ? subscription : null;
	}

	/** A consumer belongs to a subscription from now on, or waits for it. */
	void enter(Peer consumer, Subscription subscription) {
		this.byConsumer = Sparse.with(this.byConsumer, consumer, subscription);
	}

	void leave(Peer consumer) {
		this.byConsumer = Sparse.without(this.byConsumer, consumer);
	}

	/** The subscription that a consumer belongs to, or waits for. */
	@Nullable Subscription of(Peer consumer) {
		return this.byConsumer.get(consumer);
	}

	/** How many consumers there are, or wait to be one. */
	int consumers() {
		return this.byConsumer.size();
	}

	List<Peer> consumersOf(long session) {
		return this.byConsumer.keySet().stream().filter((peer) -> peer.session() == session).toList();
	}

	/** The subscriptions in the order of their names, which must not change meanwhile. */
	Collection<Subscription> all() {
		return this.byName.values();
	}

	int size() {
		return this.byName.size();
	}

}
