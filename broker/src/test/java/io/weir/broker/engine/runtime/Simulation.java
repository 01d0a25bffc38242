package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

import io.weir.broker.engine.Asleep;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.Compacting;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.Storing;
import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.broker.store.Durability;
import io.weir.message.Topic;

/**
 * Drives a topic with random producers, consumers, storage and crashes, and checks each
 * effect against what producers and consumers know.
 */
final class Simulation implements SimulatedTopic.World {

	private final Random random;

	private final Set<Reached> reached = EnumSet.noneOf(Reached.class);

	private final SimulatedMessages messages;

	private final SimulatedClock clock = new SimulatedClock();

	private final SimulatedTrace trace = new SimulatedTrace();

	private final SimulatedQuestions questions = new SimulatedQuestions();

	private final Durability durability;

	private final SimulatedDisk disk;

	private final SimulatedPower power;

	private final SimulatedTopic topic;

	private final SimulatedDeadLetters deadLetters;

	private final List<SimulatedProducer> producers = new ArrayList<>();

	private final SimulatedSubscriptions subscriptions;

	private final SimulatedReader reader = new SimulatedReader(this);

	private final SimulatedPartitions partitions;

	/** What an administrator said last. */
	private Policies policies = Policies.none();

	/** Whether what is not acknowledged may go. */
	private boolean mayDrop;

	private long sessions;

	Simulation(long seed) {
		this.random = new Random(seed);
		this.messages = new SimulatedMessages(this.random);
		this.durability = (Math.floorMod(seed, 3) == 0) ? Durability.OS : Durability.FSYNC;
		this.disk = new SimulatedDisk(this.durability, this.messages);
		this.power = new SimulatedPower(this, this.disk);
		this.deadLetters = new SimulatedDeadLetters(this);
		this.topic = new SimulatedTopic(new Topic("topic"), this, this, this.deadLetters::forwarder);
		for (int i = 0; i < 3; i++) {
			this.producers.add(new SimulatedProducer(this, "p" + i));
		}
		this.subscriptions = new SimulatedSubscriptions(this);
		this.partitions = new SimulatedPartitions(this);
		this.partitions.open();
		open();
	}

	private void open() {
		this.topic.open();
		send(new Command.Opened(this.policies, Asleep.UNTIL_NOW));
	}

	void run(int steps) {
		for (int i = 0; i < steps; i++) {
			if (this.power.hasFailed()) {
				losePower();
			}
			step();
			this.deadLetters.handleAll();
			if (i % 50 == 0) {
				checkBacklogs();
			}
		}
		settle();
	}

	private void step() {
		int dice = this.random.nextInt(1000);
		if (dice < 2) {
			crash();
		}
		else if (dice < 3 && this.random.nextInt(this.topic.isBroken() ? 1 : 2) == 0) {
			loseLog();
		}
		else if (dice < 4) {
			this.clock.set((this.random.nextBoolean() ? 1 : -1) * SimulatedClock.DAY);
			reached(Reached.CLOCK_SET);
		}
		else if (dice < 7) {
			this.clock.pass(this.random.nextInt(20_000) + ((this.random.nextInt(3) == 0) ? 30_000 : 0));
			send(new Command.Tick());
		}
		else if (dice < 300) {
			pick(this.producers).step();
		}
		else if (dice < 650) {
			pick(this.subscriptions.all()).step();
		}
		else if (dice < 651) {
			setPolicies(SimulatedPolicies.any(this.random));
		}
		else if (dice < 652 && this.random.nextInt(4) == 0) {
			this.topic.fence();
			reached(Reached.FENCED);
		}
		else if (dice < 653) {
			this.power.threaten();
		}
		else if (dice < 668) {
			this.reader.step();
		}
		else if (dice < 700) {
			this.deadLetters.step();
		}
		else if (dice < 760) {
			this.partitions.step();
		}
		else {
			this.topic.carryOutNext(dice > 997);
		}
	}

	private void setPolicies(Policies policies) {
		boolean drops = policies.backlogQuota() < Policies.UNLIMITED
				&& policies.backlogQuotaPolicy() == BacklogQuotaPolicy.DROP_OLDEST;
		// What was begun before is still carried out.
		this.mayDrop = drops || (this.mayDrop && this.topic.isAsked(Storing.Trim.class, Storing.FindNewest.class));
		this.policies = policies;
		this.clock.setTimeToLive(policies.messageTtl());
		send(new Command.PoliciesChanged(policies));
	}

	/** At any time, unless it is being looked up where a cursor stands. */
	private void checkBacklogs() {
		if (!this.topic.isAsked(Storing.FindOrdinal.class)) {
			this.subscriptions.checkBacklogs(this.topic.snapshot(), this.topic.storedMessages());
			reached(Reached.BACKLOG_CHECKED);
		}
	}

	/** Everything heals; then all that was stored must have been acknowledged, once. */
	private void settle() {
		this.power.stay();
		this.reader.leave();
		if (this.topic.isBroken()) {
			crash();
		}
		// All messages are to be published, and come.
		setPolicies(SimulatedPolicies.calm(this.random.nextBoolean()));
		for (int rounds = 0; rounds < 20_000 && (rounds < 30 || !isSettled()); rounds++) {
			this.clock.pass(2_000);
			this.clock.set(10 * SimulatedClock.DAY);
			send(new Command.Tick());
			this.producers.forEach(SimulatedProducer::settle);
			this.subscriptions.all().forEach(SimulatedSubscription::settle);
			this.topic.carryOutAll();
			this.deadLetters.handleAll();
			this.deadLetters.settle();
			this.partitions.settle();
			this.deadLetters.handleAll();
		}
		this.producers.forEach((producer) -> producer.check(this.topic.archive().all()));
		this.subscriptions.all().forEach((subscription) -> subscription.check(this.topic.archive().all()));
		this.topic.checkNoBacklog();
		this.topic.close();
		this.deadLetters.close();
		this.partitions.check();
		this.messages.checkReleased();
		this.trace.end();
	}

	private boolean isSettled() {
		return this.topic.isSettled() && this.deadLetters.isSettled() && this.partitions.isSettled()
				&& this.producers.stream().allMatch(SimulatedProducer::isSettled)
				&& this.subscriptions.all().stream().allMatch(SimulatedSubscription::isSettled);
	}

	/** The broker dies; what it had asked of the store has happened up to some point. */
	void crash() {
		reached(Reached.CRASH);
		die(false, () -> {
		});
	}

	/** The machine dies with the broker, and what was not synced is lost. */
	private void losePower() {
		reached(Reached.POWER_LOST);
		die(true, this.power::lose);
		this.producers
			.forEach((producer) -> producer.powerLost(this.topic.sequencesOf(producer.name()), this.durability));
		this.partitions.powerLost(this.durability);
	}

	private void die(boolean powerFails, Runnable loss) {
		if (this.topic.snapshot().subscriptions().stream().anyMatch((each) -> each.deadLetters() > 0)) {
			reached(Reached.DIED_WHILE_FORWARDING);
		}
		this.topic.crash(powerFails);
		this.deadLetters.handleAll();
		this.deadLetters.crash(powerFails);
		this.partitions.crash(powerFails);
		this.questions.forget();
		this.reader.forget();
		loss.run();
		this.producers.forEach(SimulatedProducer::disconnected);
		this.subscriptions.all().forEach(SimulatedSubscription::brokerDied);
		this.messages.checkReleased();
		this.deadLetters.open();
		this.partitions.open();
		open();
	}

	/** Remembers what is stored, and makes it so again while there is no broker. */
	Runnable checkpoint() {
		List<Runnable> back = List.of(this.topic.checkpoint(), this.deadLetters.checkpoint(),
				this.subscriptions.checkpoint(), this.partitions.checkpoint());
		return () -> back.forEach(Runnable::run);
	}

	/** The topic opens again with what is stored, and its clients come again. */
	private void loseLog() {
		reached(Reached.LOG_LOST);
		this.topic.lose();
		this.questions.checkAnswered();
		this.producers.forEach(SimulatedProducer::disconnected);
		this.subscriptions.all().forEach(SimulatedSubscription::logLost);
		open();
	}

	@Override
	public void stored(Storing effect, Command outcome) {
		if (outcome instanceof Outcome.Trimmed trimmed) {
			// Only what everybody has acknowledged may go, unless the quota says so.
			this.subscriptions.trimmed(trimmed.first(), this.mayDrop);
			reached(this.mayDrop ? Reached.DROPPED_UNACKNOWLEDGED : Reached.TRIMMED);
		}
		else if (effect instanceof Compacting.RemoveSuperseded remove) {
			this.subscriptions.removed(remove.entries(), this.topic);
			reached(Reached.COMPACTED);
		}
		else {
			this.subscriptions.stored(effect, this.topic.first());
		}
	}

	@Override
	public void send(Command command) {
		this.clock.next();
		this.subscriptions.foresee(command);
		List<Effect.Telling> told = this.topic.handle(command);
		this.subscriptions.all().forEach(SimulatedSubscription::handled);
		told.forEach(this::tell);
	}

	@Override
	public void asked(Storing effect) {
		this.subscriptions.asked(effect);
		if (effect instanceof Storing.ForwardCopy copy
				&& this.deadLetters.has(copy.subscription().name(), copy.source().message(copy.index()))) {
			reached(Reached.FORWARDED_AGAIN);
		}
	}

	private void tell(Effect.Telling effect) {
		if (effect instanceof Effect.Answer answer) {
			this.questions.answered(answer);
		}
		else if (effect instanceof Effect.Deliver deliver) {
			this.messages.seen(deliver.entry().batch());
			if (this.reader.is(deliver.consumer())) {
				this.reader.delivered(deliver);
			}
			else {
				this.subscriptions.delivered(deliver);
			}
		}
		else if (effect instanceof Effect.ConsumerClosed closed) {
			this.subscriptions.all().forEach((subscription) -> subscription.consumerClosed(closed.consumer()));
			if (this.reader.is(closed.consumer())) {
				this.reader.forget();
			}
		}
		else if (effect instanceof Effect.ProducerClosed closed) {
			this.producers.forEach((producer) -> producer.closed(closed.producer()));
		}
	}

	/** An address to which one answer may come. */
	ReplyTo ask(Peer peer, Consumer<Effect.Answer> onAnswer) {
		return this.questions.ask(peer, onAnswer);
	}

	Peer newPeer() {
		return new Peer(++this.sessions, this.random.nextInt(3));
	}

	SimulatedMessages messages() {
		return this.messages;
	}

	Random random() {
		return this.random;
	}

	SimulatedClock clock() {
		return this.clock;
	}

	SimulatedTrace trace() {
		return this.trace;
	}

	SimulatedDisk disk() {
		return this.disk;
	}

	SimulatedPower power() {
		return this.power;
	}

	SimulatedTopic topic() {
		return this.topic;
	}

	SimulatedDeadLetters deadLetters() {
		return this.deadLetters;
	}

	<T> T pick(List<T> list) {
		return list.get(this.random.nextInt(list.size()));
	}

	SimulatedSubscription subscription(String name) {
		return this.subscriptions.named(name);
	}

	void reached(Reached what) {
		this.reached.add(what);
	}

	/** What has happened, that checks were of use for. */
	Set<Reached> reached() {
		return this.reached;
	}

	/** Plain, for assertions look at collections element by element. */
	static void require(boolean condition, String otherwise, Object... details) {
		if (!condition) {
			throw new AssertionError(String.format(otherwise, details));
		}
	}

}
