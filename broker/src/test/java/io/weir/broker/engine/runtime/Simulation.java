package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.message.SubscriptionType;
import io.weir.wire.Position;

/**
 * Drives a topic with random producers, consumers, storage and crashes, and checks each
 * effect against what producers and consumers know.
 */
final class Simulation {

	private static final long DAY = 86_400_000;

	private final Random random;

	private final SimulatedMessages messages;

	private final SimulatedTopic topic;

	private final Map<Long, Consumer<Effect.Answer>> questions = new HashMap<>();

	private final List<SimulatedProducer> producers = new ArrayList<>();

	private final List<SimulatedSubscription> subscriptions = new ArrayList<>();

	/** What an administrator said last. */
	private Policies policies = Policies.none();

	/** Whether what is not acknowledged may go. */
	private boolean mayDrop;

	private long requests;

	private long sessions;

	/** Not so near to 1970 that it cannot be set back. */
	private long now = 1_000_000_000_000L;

	private long steady;

	Simulation(long seed) {
		this.random = new Random(seed);
		this.messages = new SimulatedMessages(this.random);
		this.topic = new SimulatedTopic(this);
		for (int i = 0; i < 3; i++) {
			this.producers.add(new SimulatedProducer(this, "p" + i));
		}
		this.subscriptions.add(new SimulatedSubscription(this, "ordered", SubscriptionType.EXCLUSIVE, false));
		this.subscriptions.add(new SimulatedSubscription(this, "exclusive", SubscriptionType.EXCLUSIVE, true));
		this.subscriptions.add(new SimulatedSubscription(this, "shared", SubscriptionType.SHARED, true));
		this.subscriptions.add(new SimulatedSubscription(this, "failover", SubscriptionType.FAILOVER, false));
		this.subscriptions.add(new SimulatedSubscription(this, "moving", SubscriptionType.FAILOVER, false).seeking());
		this.subscriptions
			.add(new SimulatedSubscription(this, "restless", SubscriptionType.SHARED, true).seeking().unsubscribing());
		this.subscriptions.add(new SimulatedSubscription(this, "by key", SubscriptionType.KEY_SHARED, false));
		this.subscriptions.add(new SimulatedSubscription(this, "by key, moody", SubscriptionType.KEY_SHARED, true));
		this.subscriptions
			.add(new SimulatedSubscription(this, "by key, restless", SubscriptionType.KEY_SHARED, true).seeking()
				.unsubscribing());
		open();
	}

	private void open() {
		this.topic.open();
		send(new Command.Opened(this.policies));
	}

	void run(int steps) {
		for (int i = 0; i < steps; i++) {
			step();
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
		else if (dice < 4) {
			// Somebody sets the clock.
			this.now += (this.random.nextBoolean() ? 1 : -1) * DAY;
		}
		else if (dice < 7) {
			int passed = this.random.nextInt(20_000);
			this.now += passed;
			this.steady += passed;
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
		send(new Command.PoliciesChanged(policies));
	}

	/** Only what everybody has acknowledged may go, unless the quota says otherwise. */
	private void trimmed(Position first) {
		if (!this.mayDrop) {
			this.subscriptions.forEach((subscription) -> subscription.checkTrim(first));
		}
		this.subscriptions.forEach((subscription) -> subscription.trimmed(first));
	}

	/** At any time, unless it is being looked up where a cursor stands. */
	private void checkBacklogs() {
		if (this.topic.isAsked(Storing.FindOrdinal.class)) {
			return;
		}
		for (TopicSnapshot.Subscription subscription : this.topic.snapshot().subscriptions()) {
			subscription(subscription.name()).checkBacklog(subscription.backlog(), this.topic.storedMessages());
		}
	}

	/** Everything heals; then all that was stored must have been acknowledged, once. */
	private void settle() {
		if (this.topic.isBroken()) {
			crash();
		}
		// All messages are to be published, and come.
		setPolicies(Policies.none());
		for (int rounds = 0; rounds < 50_000 && !isSettled(); rounds++) {
			this.now += 10 * DAY;
			send(new Command.Tick());
			this.producers.forEach(SimulatedProducer::settle);
			this.subscriptions.forEach(SimulatedSubscription::settle);
			this.topic.carryOutAll();
		}
		this.producers.forEach((producer) -> producer.check(this.topic.archive()));
		this.subscriptions.forEach((subscription) -> subscription.check(this.topic.archive()));
		this.topic.checkNoBacklog();
		this.topic.close();
		this.messages.checkReleased();
	}

	private boolean isSettled() {
		return this.topic.isSettled() && this.producers.stream().allMatch(SimulatedProducer::isSettled)
				&& this.subscriptions.stream().allMatch(SimulatedSubscription::isSettled);
	}

	/** The broker dies; what it had asked of the store has happened up to some point. */
	private void crash() {
		this.topic.crash();
		this.questions.clear();
		this.producers.forEach(SimulatedProducer::disconnected);
		this.subscriptions.forEach(SimulatedSubscription::brokerDied);
		this.messages.checkReleased();
		open();
	}

	/**
	 * The store has carried an effect out, whether or not the topic still hears of it.
	 */
	void stored(Storing effect, Command outcome) {
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
			subscription(delete.subscription()).deleted();
			subscription(delete.subscription()).trimmed(this.topic.first());
		}
	}

	void send(Command command) {
		this.topic.handle(command, this.now++, this.steady++).forEach(this::tell);
	}

	/** The topic asks something of the store. */
	void asked(Storing effect) {
		if (effect instanceof Storing.StoreAcknowledgements acks) {
			subscription(acks.subscription()).checkCursor(acks);
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

	long now() {
		return this.now;
	}

	SimulatedTopic topic() {
		return this.topic;
	}

	<T> T pick(List<T> list) {
		return list.get(this.random.nextInt(list.size()));
	}

	private SimulatedSubscription subscription(SubscriptionId id) {
		return subscription(id.name());
	}

	private SimulatedSubscription subscription(String name) {
		return this.subscriptions.stream().filter((each) -> each.name().equals(name)).findFirst().orElseThrow();
	}

	/** Plain, for assertions look at collections element by element. */
	static void require(boolean condition, String otherwise, Object... details) {
		if (!condition) {
			throw new AssertionError(String.format(otherwise, details));
		}
	}

}
