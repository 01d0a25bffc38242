package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.time.BackoffRule;
import io.weir.wire.Position;
import io.weir.wire.RedeliveryPolicy;

/** All subscriptions of a simulation's topic. */
final class SimulatedSubscriptions {

	private final Simulation simulation;

	private final List<SimulatedSubscription> all = new ArrayList<>();

	SimulatedSubscriptions(Simulation simulation) {
		this.simulation = simulation;
		add("ordered", SubscriptionType.EXCLUSIVE, false, null);
		add("exclusive", SubscriptionType.EXCLUSIVE, true, policy(0, new BackoffRule(500, 2, 4_000, 0.5), 3));
		add("shared", SubscriptionType.SHARED, true, policy(15_000, new BackoffRule(200, 2, 5_000, 0), 2));
		add("failover", SubscriptionType.FAILOVER, false, null);
		add("moving", SubscriptionType.FAILOVER, false, null).seeking();
		add("restless", SubscriptionType.SHARED, true,
				new RedeliveryPolicy(10_000, new BackoffRule(300, 2, 3_000, 0.2), 0, null))
			.seeking()
			.unsubscribing();
		add("by key", SubscriptionType.KEY_SHARED, false, null);
		add("by key, moody", SubscriptionType.KEY_SHARED, true, policy(20_000, new BackoffRule(1_000, 1, 1_000, 1), 1));
		add("by key, restless", SubscriptionType.KEY_SHARED, true, null).seeking().unsubscribing();
	}

	private SimulatedSubscription add(String name, SubscriptionType type, boolean givesBack,
			@Nullable RedeliveryPolicy policy) {
		SimulatedSubscription subscription = new SimulatedSubscription(this.simulation, name, type, givesBack, policy);
		this.all.add(subscription);
		return subscription;
	}

	private static RedeliveryPolicy policy(long ackTimeout, BackoffRule backoff, int maxRedeliveries) {
		return new RedeliveryPolicy(ackTimeout, backoff, maxRedeliveries, SimulatedDeadLetters.NAME);
	}

	List<SimulatedSubscription> all() {
		return this.all;
	}

	SimulatedSubscription named(String name) {
		return this.all.stream().filter((each) -> each.name().equals(name)).findFirst().orElseThrow();
	}

	/** Others are of readers. */
	private boolean isKnown(String name) {
		return this.all.stream().anyMatch((each) -> each.name().equals(name));
	}

	private SimulatedSubscription of(SubscriptionId id) {
		return named(id.name());
	}

	/** The topic asks something of the store. */
	void asked(Storing effect) {
		if (effect instanceof Storing.StoreAcknowledgements acks) {
			of(acks.subscription()).checkCursor(acks);
		}
	}

	/**
	 * The store has done something.
	 * @param first the first entry that is left
	 */
	void stored(Storing effect, Position first) {
		if (effect instanceof Storing.StoreAcknowledgements acks) {
			of(acks.subscription()).acknowledgementsStored(acks);
		}
		else if (effect instanceof Storing.CreateCursor create) {
			of(create.subscription()).created();
		}
		else if (effect instanceof Storing.MoveCursor move) {
			of(move.subscription()).moved(move);
			of(move.subscription()).trimmed(first);
		}
		else if (effect instanceof Storing.DeleteCursor delete) {
			of(delete.subscription()).deleted(delete);
			of(delete.subscription()).trimmed(first);
		}
	}

	/** What a command does to messages without anybody being told. */
	void foresee(Command command) {
		this.all.forEach(SimulatedSubscription::timePasses);
		if (command instanceof Command.Tick || command instanceof Command.PoliciesChanged) {
			this.all.forEach(SimulatedSubscription::tick);
		}
		if (command instanceof Command.LogLost) {
			this.all.forEach(SimulatedSubscription::losesLog);
		}
		if (command instanceof Outcome.Failed failed && failed.effect() instanceof Storing.OfSubscription<?> effect
				&& isKnown(effect.subscription().name())) {
			of(effect.subscription()).failed(effect);
		}
	}

	void delivered(Effect.Deliver deliver) {
		this.all.stream()
			.filter((subscription) -> subscription.has(deliver.consumer()))
			.findFirst()
			.orElseThrow(() -> new AssertionError("A delivery to nobody: " + deliver))
			.delivered(deliver);
	}

	void checkBacklogs(TopicSnapshot snapshot, long stored) {
		for (TopicSnapshot.Subscription subscription : snapshot.subscriptions()) {
			if (isKnown(subscription.name())) {
				named(subscription.name()).checkBacklog(subscription, stored);
			}
		}
	}

	/**
	 * The beginning of the log is gone.
	 * @param mayDrop whether some of it may not have been acknowledged
	 */
	void trimmed(Position first, boolean mayDrop) {
		if (!mayDrop) {
			this.all.forEach((subscription) -> subscription.checkTrim(first));
		}
		this.all.forEach((subscription) -> subscription.trimmed(first));
	}

	/**
	 * Entries were taken out of the middle of the log: each message has a later one with
	 * its key, and everybody has acknowledged it.
	 */
	void removed(Set<Position> entries, SimulatedTopic from) {
		SimulatedArchive archive = from.archive();
		entries.forEach((entry) -> Simulation.require(archive.isSuperseded(entry),
				"%s is gone, and has the latest message of a key", entry));
		List<MessageId> gone = archive.ids(entries).toList();
		this.all.forEach((subscription) -> subscription.checkGone(gone));
		archive.remove(entries);
		this.all.forEach((subscription) -> subscription.trimmed(from.first()));
	}

	/** Remembers what is stored, and makes it so again. */
	Runnable checkpoint() {
		List<Runnable> back = this.all.stream().map(SimulatedSubscription::checkpoint).toList();
		return () -> back.forEach(Runnable::run);
	}

}
