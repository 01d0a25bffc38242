package io.weir.broker.engine.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

import io.weir.broker.engine.ClientSessions;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.LocalSession;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.store.Durability;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.Budgets;

/**
 * A topic that is given more and more partitions while it is used. The broker dies now
 * and then, most often while it gives it some.
 */
final class SimulatedPartitions {

	static final Topic NAME = new Topic("split");

	private static final int MOST = 6;

	private static final int ACTIONS = 5;

	/** So many subscriptions are made later. */
	private static final int LATE = 2;

	/** Sessions of clients have higher numbers than those of the broker itself. */
	private static final long CLIENTS = 1_000_000;

	private final Simulation simulation;

	/** Those that were ever used; there may be more than are known. */
	private final List<SimulatedPartition> all = new ArrayList<>();

	private final List<SimulatedPublisher> publishers;

	private final List<SimulatedAudience> audiences = new ArrayList<>();

	private final SimulatedQuestions questions = new SimulatedQuestions();

	/** What the broker asks partitions. */
	private final Deque<Sent> commands = new ArrayDeque<>();

	private final SimulatedRaise raise;

	private ClientSessions sessions = new ClientSessions();

	private LocalSession local;

	private long clients = CLIENTS;

	SimulatedPartitions(Simulation simulation) {
		this.simulation = simulation;
		this.raise = new SimulatedRaise(simulation, this);
		this.publishers = List.of(new SimulatedPublisher(simulation, this, "a"),
				new SimulatedPublisher(simulation, this, "b"));
		for (SubscriptionType type : SubscriptionType.values()) {
			this.audiences.add(new SimulatedAudience(simulation, this, "all of " + type, type));
		}
		part(0);
	}

	void open() {
		this.sessions = new ClientSessions();
		ClientSessions living = this.sessions;
		this.local = LocalSession.open(living, (to, command) -> {
			if (living == this.sessions) {
				this.commands.add(new Sent(to.partition(), command));
			}
			else {
				command.release();
			}
		}, Budgets.unlimited());
		this.all.forEach(SimulatedPartition::open);
		this.raise.open(this.local);
		if (this.audiences.stream().noneMatch(SimulatedAudience::isThere)) {
			// They are there before anything is published.
			while (!this.audiences.stream().allMatch(SimulatedAudience::isThere)) {
				this.audiences.forEach(SimulatedAudience::settle);
				this.all.forEach((each) -> each.topic().carryOutAll());
			}
		}
	}

	/** How many partitions the broker knows of. */
	int count() {
		return this.raise.count();
	}

	/** One of them, which is made unless it is there. */
	SimulatedPartition part(int number) {
		for (int next = this.all.size(); next <= number; next++) {
			SimulatedPartition part = new SimulatedPartition(this.simulation, this, next);
			this.all.add(part);
			if (this.local != null) {
				part.open();
			}
		}
		return this.all.get(number);
	}

	void step() {
		for (int i = 0; i < ACTIONS; i++) {
			act();
			handleAll();
		}
		Random random = this.simulation.random();
		if (this.raise.isGoing() && random.nextInt(15) == 0) {
			this.simulation.crash();
		}
		else if (!this.raise.isGoing() && count() < MOST && random.nextInt(30) == 0) {
			this.raise.begin(Math.min(MOST, count() + 1 + random.nextInt(2)));
		}
	}

	private void act() {
		Random random = this.simulation.random();
		int dice = random.nextInt(100);
		if (dice < 20) {
			this.simulation.pick(this.publishers).step();
		}
		else if (dice < 55) {
			this.simulation.pick(this.audiences).step();
		}
		else if (dice < 59) {
			this.raise.step();
		}
		else if (dice < 60) {
			SimulatedPartition part = this.simulation.pick(this.all);
			if (part.topic().isBroken() || random.nextInt(5) == 0) {
				part.restart();
			}
		}
		else if (dice < 61 && this.audiences.size() < SubscriptionType.values().length + LATE) {
			SimulatedAudience late = new SimulatedAudience(this.simulation, this, "late " + this.audiences.size(),
					SubscriptionType.SHARED);
			this.audiences.add(late);
			late.arrive();
		}
		else {
			this.simulation.pick(this.all).topic().carryOutNext(random.nextInt(100) == 0);
		}
	}

	void settle() {
		this.all.stream().filter((each) -> each.topic().isBroken()).forEach(SimulatedPartition::restart);
		if (!this.raise.isGoing() && count() < MOST) {
			this.raise.begin(MOST);
		}
		this.raise.settle();
		handleAll();
		this.all.forEach((each) -> each.send(new Command.Tick()));
		this.publishers.forEach(SimulatedPublisher::settle);
		this.audiences.forEach(SimulatedAudience::settle);
		this.all.forEach((each) -> each.topic().carryOutAll());
		handleAll();
	}

	boolean isSettled() {
		return count() == MOST && !this.raise.isGoing()
				&& this.all.stream().allMatch((each) -> each.topic().isSettled())
				&& this.publishers.stream().allMatch(SimulatedPublisher::isSettled)
				&& this.audiences.stream().allMatch(SimulatedAudience::isSettled);
	}

	/** What was stored is there once and in order, and everybody has had it. */
	void check() {
		this.publishers.forEach(SimulatedPublisher::check);
		this.all.forEach((each) -> {
			this.audiences.forEach((audience) -> audience.check(each));
			each.topic().checkNoBacklog();
			each.topic().close();
		});
		this.local.close();
	}

	void crash(boolean powerFails) {
		this.raise.crash(powerFails);
		LocalSession former = this.local;
		this.sessions = new ClientSessions();
		this.all.forEach((each) -> each.topic().crash(powerFails));
		this.commands.forEach((sent) -> sent.command().release());
		this.commands.clear();
		former.close();
		this.questions.forget();
		this.publishers.forEach(SimulatedPublisher::brokerDied);
		this.audiences.forEach(SimulatedAudience::brokerDied);
	}

	/** The power has failed, and what is left is known. */
	void powerLost(Durability durability) {
		this.publishers.forEach((each) -> each.powerLost(durability));
	}

	/** Remembers what is stored, and makes it so again before the broker is started. */
	Runnable checkpoint() {
		List<SimulatedAudience> audiences = List.copyOf(this.audiences);
		int parts = this.all.size();
		List<Runnable> back = new ArrayList<>();
		this.all.forEach((each) -> back.add(each.topic().checkpoint()));
		audiences.forEach((each) -> back.add(each.checkpoint()));
		return () -> {
			this.all.subList(parts, this.all.size()).clear();
			this.audiences.retainAll(audiences);
			back.forEach(Runnable::run);
		};
	}

	/** What goes on in the partitions that can be opened at some time from now on. */
	CompletionStage<List<TopicSnapshot>> snapshot() {
		return this.raise.later(() -> CompletableFuture.completedStage(this.all.stream()
			.filter((each) -> !each.topic().isBroken())
			.map((each) -> each.topic().snapshot())
			.toList()));
	}

	/** The broker gives the topic partitions up to a number. */
	void raising(int from, int to) {
		this.audiences.forEach((each) -> IntStream.range(from, to).forEach(each::mustHaveAll));
	}

	/** It has not, or no more. */
	void notRaised() {
		this.audiences.forEach((each) -> each.needNotHave(count()));
	}

	private void handleAll() {
		while (!this.commands.isEmpty()) {
			Sent next = this.commands.remove();
			part(next.partition()).send(next.command());
		}
	}

	void tell(int partition, Effect.Telling effect) {
		if (effect.session() <= CLIENTS) {
			this.sessions.tell(effect);
		}
		else if (effect instanceof Effect.Answer answer) {
			this.questions.answered(answer);
		}
		else if (effect instanceof Effect.Deliver deliver) {
			this.simulation.messages().seen(deliver.entry().batch());
			Simulation.require(this.audiences.stream().anyMatch((each) -> each.delivered(partition, deliver)),
					"A delivery to nobody: %s", deliver);
			deliver.entry().release();
		}
		else if (effect instanceof Effect.ConsumerClosed closed) {
			this.audiences.forEach((each) -> each.closed(partition, closed.consumer()));
		}
		else if (effect instanceof Effect.ProducerClosed closed) {
			this.publishers.forEach((each) -> each.closed(closed.producer()));
		}
	}

	SimulatedQuestions questions() {
		return this.questions;
	}

	Peer newPeer() {
		return new Peer(++this.clients, 1);
	}

	/** The store has made a subscription in a partition. */
	void subscribed(int partition) {
		this.raise.subscribed(partition);
	}

	private record Sent(int partition, Command command) {
	}

}
