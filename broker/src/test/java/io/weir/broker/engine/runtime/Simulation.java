package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Asleep;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.time.BackoffRule;
import io.weir.wire.Position;
import io.weir.wire.RedeliveryPolicy;

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

	private final SimulatedTopic topic;

	private final SimulatedDeadLetters deadLetters;

	private final Map<Long, Consumer<Effect.Answer>> questions = new HashMap<>();

	private final List<SimulatedProducer> producers = new ArrayList<>();

	private final List<SimulatedSubscription> subscriptions = new ArrayList<>();

	/** What an administrator said last. */
	private Policies policies = Policies.none();

	/** Whether what is not acknowledged may go. */
	private boolean mayDrop;

	private long requests;

	private long sessions;

	Simulation(long seed) {
		this.random = new Random(seed);
		this.messages = new SimulatedMessages(this.random);
		this.deadLetters = new SimulatedDeadLetters(this);
		this.topic = new SimulatedTopic(new Topic("topic"), this, this, this.deadLetters::forwarder);
		for (int i = 0; i < 3; i++) {
			this.producers.add(new SimulatedProducer(this, "p" + i));
		}
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
		open();
	}

	private SimulatedSubscription add(String name, SubscriptionType type, boolean givesBack,
			@Nullable RedeliveryPolicy policy) {
		SimulatedSubscription subscription = new SimulatedSubscription(this, name, type, givesBack, policy);
		this.subscriptions.add(subscription);
		return subscription;
	}

	private static RedeliveryPolicy policy(long ackTimeout, BackoffRule backoff, int maxRedeliveries) {
		return new RedeliveryPolicy(ackTimeout, backoff, maxRedeliveries, SimulatedDeadLetters.NAME);
	}

	private void open() {
		this.topic.open();
		send(new Command.Opened(this.policies, Asleep.UNTIL_NOW));
	}

	void run(int steps) {
		for (int i = 0; i < steps; i++) {
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
			this.clock.pass(this.random.nextInt(20_000));
			send(new Command.Tick());
		}
		else if (dice < 300) {
			pick(this.producers).step();
		}
		else if (dice < 650) {
			pick(this.subscriptions).step();
		}
		else if (dice < 651) {
			setPolicies(SimulatedPolicies.any(this.random));
		}
		else if (dice < 652 && this.random.nextInt(4) == 0) {
			this.topic.fence();
			reached(Reached.FENCED);
		}
		else if (dice < 700) {
			this.deadLetters.step();
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

	/** Only what everybody has acknowledged may go, unless the quota says otherwise. */
	private void trimmed(Position first) {
		if (!this.mayDrop) {
			this.subscriptions.forEach((subscription) -> subscription.checkTrim(first));
		}
		this.subscriptions.forEach((subscription) -> subscription.trimmed(first));
		reached(this.mayDrop ? Reached.DROPPED_UNACKNOWLEDGED : Reached.TRIMMED);
	}

	/** At any time, unless it is being looked up where a cursor stands. */
	private void checkBacklogs() {
		if (this.topic.isAsked(Storing.FindOrdinal.class)) {
			return;
		}
		for (TopicSnapshot.Subscription subscription : this.topic.snapshot().subscriptions()) {
			subscription(subscription.name()).checkBacklog(subscription, this.topic.storedMessages());
		}
		reached(Reached.BACKLOG_CHECKED);
	}

	/** Everything heals; then all that was stored must have been acknowledged, once. */
	private void settle() {
		if (this.topic.isBroken()) {
			crash();
		}
		// All messages are to be published, and come.
		setPolicies(Policies.none());
		for (int rounds = 0; rounds < 20_000 && !isSettled(); rounds++) {
			this.clock.pass(2_000);
			this.clock.set(10 * SimulatedClock.DAY);
			send(new Command.Tick());
			this.producers.forEach(SimulatedProducer::settle);
			this.subscriptions.forEach(SimulatedSubscription::settle);
			this.topic.carryOutAll();
			this.deadLetters.handleAll();
			this.deadLetters.settle();
			this.deadLetters.handleAll();
		}
		this.producers.forEach((producer) -> producer.check(this.topic.archive()));
		this.subscriptions.forEach((subscription) -> subscription.check(this.topic.archive()));
		this.topic.checkNoBacklog();
		this.topic.close();
		this.deadLetters.close();
		this.messages.checkReleased();
		this.trace.end();
	}

	private boolean isSettled() {
		return this.topic.isSettled() && this.deadLetters.isSettled()
				&& this.producers.stream().allMatch(SimulatedProducer::isSettled)
				&& this.subscriptions.stream().allMatch(SimulatedSubscription::isSettled);
	}

	/** The broker dies; what it had asked of the store has happened up to some point. */
	private void crash() {
		reached(Reached.CRASH);
		if (this.topic.snapshot().subscriptions().stream().anyMatch((each) -> each.deadLetters() > 0)) {
			reached(Reached.DIED_WHILE_FORWARDING);
		}
		this.topic.crash();
		this.deadLetters.handleAll();
		this.deadLetters.crash();
		this.questions.clear();
		this.producers.forEach(SimulatedProducer::disconnected);
		this.subscriptions.forEach(SimulatedSubscription::brokerDied);
		this.messages.checkReleased();
		this.deadLetters.open();
		open();
	}

	/** The topic opens again with what is stored, and its clients come again. */
	private void loseLog() {
		reached(Reached.LOG_LOST);
		this.topic.lose();
		require(this.questions.isEmpty(), "Questions %s were not answered", this.questions.keySet());
		this.producers.forEach(SimulatedProducer::disconnected);
		this.subscriptions.forEach(SimulatedSubscription::logLost);
		open();
	}

	@Override
	public void stored(Storing effect, Command outcome) {
		if (outcome instanceof Outcome.Trimmed trimmed) {
			trimmed(trimmed.first());
		}
		else if (effect instanceof Storing.StoreAcknowledgements acks) {
			subscription(acks.subscription()).acknowledgementsStored(acks);
		}
		else if (effect instanceof Storing.CreateCursor create) {
			subscription(create.subscription()).created();
		}
		else if (effect instanceof Storing.MoveCursor move) {
			subscription(move.subscription()).moved(move);
			subscription(move.subscription()).trimmed(this.topic.first());
		}
		else if (effect instanceof Storing.DeleteCursor delete) {
			subscription(delete.subscription()).deleted(delete);
			subscription(delete.subscription()).trimmed(this.topic.first());
		}
	}

	@Override
	public void send(Command command) {
		this.clock.next();
		foresee(command);
		this.topic.handle(command).forEach(this::tell);
	}

	/** What a command does to messages without anybody being told. */
	private void foresee(Command command) {
		this.subscriptions.forEach(SimulatedSubscription::timePasses);
		if (command instanceof Command.Tick || command instanceof Command.PoliciesChanged) {
			this.subscriptions.forEach(SimulatedSubscription::tick);
		}
		if (command instanceof Command.LogLost) {
			this.subscriptions.forEach(SimulatedSubscription::losesLog);
		}
		if (command instanceof Outcome.Failed failed && failed.effect() instanceof Storing.OfSubscription<?> effect) {
			subscription(effect.subscription()).failed(effect);
		}
	}

	@Override
	public void asked(Storing effect) {
		if (effect instanceof Storing.StoreAcknowledgements acks) {
			subscription(acks.subscription()).checkCursor(acks);
		}
		else if (effect instanceof Storing.ForwardCopy copy
				&& this.deadLetters.has(copy.subscription().name(), copy.source().message(copy.index()))) {
			reached(Reached.FORWARDED_AGAIN);
		}
	}

	private void tell(Effect.Telling effect) {
		if (effect instanceof Effect.Answer answer) {
			Consumer<Effect.Answer> question = this.questions.remove(answer.to().ticket());
			if (question != null) {
				question.accept(answer);
			}
		}
		else if (effect instanceof Effect.Deliver deliver) {
			this.messages.seen(deliver.entry().batch());
			SimulatedSubscription to = this.subscriptions.stream()
				.filter((subscription) -> subscription.has(deliver.consumer()))
				.findFirst()
				.orElseThrow(() -> new AssertionError("A delivery to nobody: " + deliver));
			to.delivered(deliver);
		}
		else if (effect instanceof Effect.ConsumerClosed closed) {
			this.subscriptions.forEach((subscription) -> subscription.consumerClosed(closed.consumer()));
		}
		else if (effect instanceof Effect.ProducerClosed closed) {
			this.producers.forEach((producer) -> producer.closed(closed.producer()));
		}
	}

	/** An address to which one answer may come. */
	ReplyTo ask(Peer peer, Consumer<Effect.Answer> onAnswer) {
		long request = ++this.requests;
		this.questions.put(request, onAnswer);
		return new ReplyTo(peer.session(), request);
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

	SimulatedTopic topic() {
		return this.topic;
	}

	SimulatedDeadLetters deadLetters() {
		return this.deadLetters;
	}

	<T> T pick(List<T> list) {
		return list.get(this.random.nextInt(list.size()));
	}

	private SimulatedSubscription subscription(SubscriptionId id) {
		return subscription(id.name());
	}

	SimulatedSubscription subscription(String name) {
		return this.subscriptions.stream().filter((each) -> each.name().equals(name)).findFirst().orElseThrow();
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
