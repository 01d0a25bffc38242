package io.weir.broker.engine.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

import io.netty.buffer.Unpooled;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.EngineFigures;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.Scheduling;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.SubscriptionId;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.context.EngineContext;
import io.weir.broker.engine.topic.TopicCore;
import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.broker.store.Entry;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.TopicLog;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Drives a topic with random producers, consumers, storage and crashes, and checks each
 * effect against what producers and consumers know.
 */
final class Simulation {

	private static final StorageFailure BROKEN = new StorageFailure(ErrorCode.STORAGE_FAILED, "broken");

	private static final long DAY = 86_400_000;

	private final Random random;

	private final SimulatedMessages messages;

	private final SimulatedStorage storage;

	private final MemoryStorageEngine store = new MemoryStorageEngine();

	private final Deque<Storing> underWay = new ArrayDeque<>();

	private final Map<Long, Consumer<Effect.Answer>> questions = new HashMap<>();

	private final List<SimulatedProducer> producers = new ArrayList<>();

	private final List<SimulatedSubscription> subscriptions = new ArrayList<>();

	/** All entries that were ever stored, without their bytes: the log is trimmed. */
	private final List<Entry> archive = new ArrayList<>();

	/** What an administrator said last. */
	private Policies policies = Policies.none();

	/** Whether what is not acknowledged may go. */
	private boolean mayDrop;

	private TopicLog log;

	private TopicCore core;

	private EngineFigures figures;

	private boolean broken;

	private long requests;

	private long sessions;

	/** Not so near to 1970 that it cannot be set back. */
	private long now = 1_000_000_000_000L;

	private long steady;

	/** Up to when the last messages were read that were due. */
	private long readUpTo;

	Simulation(long seed) {
		this.random = new Random(seed);
		this.messages = new SimulatedMessages(this.random);
		this.storage = new SimulatedStorage(this.store, this.messages);
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
		OpenedLog opened = this.store.open(new Topic("topic"), 1).toCompletableFuture().join();
		this.log = opened.log();
		this.core = TopicCore.recover(opened, context());
		send(new Command.Opened(this.policies));
	}

	/** The figures begin again with each life of the broker. */
	private EngineContext context() {
		EngineContext context = EngineContext.unlimited();
		this.figures = context.figures();
		return context;
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
		else if (!this.underWay.isEmpty()) {
			carryOut(this.underWay.remove(), dice > 997);
		}
	}

	private void setPolicies(Policies policies) {
		boolean drops = policies.backlogQuota() < Policies.UNLIMITED
				&& policies.backlogQuotaPolicy() == BacklogQuotaPolicy.DROP_OLDEST;
		// What was begun before is still carried out.
		this.mayDrop = drops || (this.mayDrop && this.underWay.stream()
			.anyMatch((effect) -> effect instanceof Storing.Trim || effect instanceof Storing.FindNewest));
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
		if (this.underWay.stream().anyMatch(Storing.FindOrdinal.class::isInstance)) {
			return;
		}
		for (TopicSnapshot.Subscription subscription : this.core.snapshot().subscriptions()) {
			subscription(subscription.name()).checkBacklog(subscription.backlog(), this.log.extent().messages());
		}
	}

	/** Everything heals; then all that was stored must have been acknowledged, once. */
	private void settle() {
		if (this.broken) {
			crash();
		}
		// All messages are to be published, and come.
		setPolicies(Policies.none());
		for (int rounds = 0; rounds < 50_000 && !isSettled(); rounds++) {
			this.now += 10 * DAY;
			send(new Command.Tick());
			this.producers.forEach(SimulatedProducer::settle);
			this.subscriptions.forEach(SimulatedSubscription::settle);
			while (!this.underWay.isEmpty()) {
				carryOut(this.underWay.remove(), false);
			}
		}
		this.producers.forEach((producer) -> producer.check(this.archive));
		this.subscriptions.forEach((subscription) -> subscription.check(this.archive));
		this.core.snapshot()
			.subscriptions()
			.forEach((subscription) -> assertThat(subscription.backlog()).as("backlog of %s", subscription.name())
				.isZero());
		assertThat(this.figures.backlog()).as("backlog of all").isZero();
		this.core.close();
		this.messages.checkReleased();
	}

	private boolean isSettled() {
		return this.underWay.isEmpty() && this.log.schedule().size() == 0
				&& this.producers.stream().allMatch(SimulatedProducer::isSettled)
				&& this.subscriptions.stream().allMatch(SimulatedSubscription::isSettled);
	}

	/** The broker dies; what it had asked of the store has happened up to some point. */
	private void crash() {
		int happened = this.broken ? 0 : this.random.nextInt(this.underWay.size() + 1);
		TopicLog dying = this.log;
		for (int i = 0; !this.underWay.isEmpty(); i++) {
			Storing effect = this.underWay.remove();
			if (i < happened) {
				this.storage.carryOut(dying, effect, (command) -> {
					noteStored(effect, command);
					command.release();
				});
			}
			else if (effect instanceof Storing.OfMessages messages) {
				messages.batch().release();
			}
		}
		this.core.close();
		this.questions.clear();
		this.broken = false;
		this.producers.forEach(SimulatedProducer::disconnected);
		this.subscriptions.forEach(SimulatedSubscription::brokerDied);
		this.messages.checkReleased();
		OpenedLog opened = this.store.open(new Topic("topic"), 1).toCompletableFuture().join();
		this.log = opened.log();
		this.core = TopicCore.recover(opened, context());
		send(new Command.Opened(this.policies));
	}

	private void carryOut(Storing effect, boolean fail) {
		boolean append = effect instanceof Storing.OfMessages;
		this.broken |= fail && append;
		if (fail || (append && this.broken)) {
			sendFailure(effect);
			return;
		}
		this.storage.carryOut(this.log, effect, (command) -> {
			noteStored(effect, command);
			send(command);
		});
	}

	private void noteStored(Storing effect, Command outcome) {
		if (effect instanceof Storing.Append append && outcome instanceof Outcome.Appended appended) {
			this.archive.add(new Entry(appended.position(), append.header(), Unpooled.EMPTY_BUFFER));
		}
		else if (effect instanceof Scheduling.AppendDue append && outcome instanceof Outcome.DueAppended appended) {
			this.archive.add(new Entry(appended.position(), append.header(), Unpooled.EMPTY_BUFFER));
		}
		else if (outcome instanceof Outcome.Trimmed trimmed) {
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
			subscription(move.subscription()).trimmed(this.log.first());
		}
		else if (effect instanceof Storing.DeleteCursor delete) {
			subscription(delete.subscription()).deleted();
			subscription(delete.subscription()).trimmed(this.log.first());
		}
	}

	private void sendFailure(Storing effect) {
		if (effect instanceof Storing.OfMessages messages) {
			messages.batch().release();
		}
		if (effect instanceof Storing.FindOrdinal) {
			carryOut(effect, false);
		}
		else if (effect instanceof Storing.Asking<?> asking) {
			send(asking.failed(BROKEN));
		}
	}

	void send(Command command) {
		List<Effect.Telling> told = new ArrayList<>();
		List<Effect> effects = this.core.handle(command, this.now++, this.steady++);
		SimulatedDelays.checkDue(effects, this.readUpTo);
		for (Effect effect : effects) {
			if (effect instanceof Scheduling.ReadDue read) {
				this.readUpTo = read.upTo();
			}
			if (effect instanceof Storing.StoreAcknowledgements acks) {
				subscription(acks.subscription()).checkCursor(acks);
			}
			if (effect instanceof Storing storing) {
				this.underWay.add(storing);
			}
			else if (effect instanceof Effect.Telling telling) {
				told.add(telling);
			}
		}
		told.forEach(this::tell);
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

	Position lastStored() {
		return this.log.lastConfirmed();
	}

	/** The entries after a position and up to another, also those that were trimmed. */
	List<Entry> entriesBetween(Position after, Position upTo) {
		int from = (int) Math.min(after.entry() + 1, this.archive.size());
		int to = (int) Math.min(upTo.entry() + 1, this.archive.size());
		return (from < to) ? this.archive.subList(from, to) : List.of();
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
