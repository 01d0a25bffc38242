package io.weir.broker.engine.runtime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;

import io.weir.broker.engine.Asleep;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.DeleteWhen;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.EngineFigures;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.context.EngineContext;
import io.weir.broker.engine.topic.TopicCore;
import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.Entry;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.TopicLog;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.MessageId;
import io.weir.message.Topic;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

/**
 * Runs a topic's core over a log in memory, with storage that completes when the test
 * says so.
 */
abstract class TopicRunner {

	private final Topic topic;

	private final MemoryStorageEngine store = new MemoryStorageEngine();

	private final Deque<Storing> underWay = new ArrayDeque<>();

	private final Map<Long, Effect.Answer> answers = new HashMap<>();

	private final List<Effect.Telling> unasked = new ArrayList<>();

	/** What the topic has said of not being used. */
	private final List<Effect> idle = new ArrayList<>();

	private final Map<Peer, List<Effect.Deliver>> deliveries = new HashMap<>();

	final List<ByteBuf> buffers = new ArrayList<>();

	private final List<Storing.ForwardCopy> forwarded = new ArrayList<>();

	private final List<Storing.ForgetForwarded> forgotten = new ArrayList<>();

	private Policies policies = Policies.none();

	private OpenedLog opened;

	private final Budgets budgets;

	private EngineContext engine;

	private TopicCore core;

	private boolean holding;

	private long requests;

	private long now = 1_000;

	/** How far somebody has set the clock. */
	private long jumped;

	private long wakeAt = Long.MAX_VALUE;

	TopicRunner(String name, Budgets budgets) {
		this.budgets = budgets;
		this.topic = new Topic(name);
		this.opened = this.store.open(this.topic, 1).toCompletableFuture().join();
		this.core = TopicCore.recover(this.opened, context());
		handle(new Command.Opened(this.policies, Asleep.UNTIL_NOW));
	}

	/** The figures begin again with each life of the broker. */
	private EngineContext context() {
		this.engine = new EngineContext(this.budgets, new EngineFigures());
		return this.engine;
	}

	public EngineFigures figures() {
		return this.engine.figures();
	}

	/** Who of all topics may be compacted now. */
	public Budget compactions() {
		return this.engine.compactions();
	}

	/** Turns the clock and has done what is to be done by then. */
	public void advance(Duration time) {
		this.now += time.toMillis();
		if (this.wakeAt <= this.now) {
			this.wakeAt = Long.MAX_VALUE;
			handle(new Command.Tick());
		}
	}

	/** Somebody sets the clock forward or back, in no time. */
	public void jump(Duration by) {
		this.jumped += by.toMillis();
		advance(by);
	}

	/** Sets the clock, and has done what is to be done by then. */
	public void setClock(long time) {
		this.now = time;
		advance(Duration.ZERO);
	}

	/** The names of producers of which something was stored. */
	public Set<String> restartAndSeeProducers() {
		restart();
		return this.opened.producers().keySet();
	}

	/** As after a crash: what was under way did not happen. */
	public void restart() {
		this.underWay.clear();
		this.wakeAt = Long.MAX_VALUE;
		stop();
		this.opened = this.store.open(this.topic, 1).toCompletableFuture().join();
		this.core = TopicCore.recover(this.opened, context());
		handle(new Command.Opened(this.policies, Asleep.UNTIL_NOW));
	}

	/** An administrator says something else of the topic. */
	public void setPolicies(Policies policies) {
		this.policies = policies;
		handle(new Command.PoliciesChanged(policies));
	}

	/** From now on storage completes only by {@link #storeNext} and {@link #failNext}. */
	public void holdStorage() {
		this.holding = true;
	}

	public void releaseStorage() {
		this.holding = false;
		storeAll();
	}

	public void storeNext() {
		execute(this.underWay.remove());
	}

	public void storeAll() {
		while (!this.underWay.isEmpty()) {
			storeNext();
		}
	}

	/** The next storage effect fails. */
	public void failNext(String reason) {
		failNext(new StorageFailure(ErrorCode.STORAGE_FAILED, reason));
	}

	public void failNext(StorageFailure failure) {
		Storing effect = this.underWay.remove();
		if (effect instanceof Storing.OfMessages messages) {
			messages.batch().release();
		}
		if (effect instanceof Storing.Asking<?> asking) {
			handle(asking.failed(failure));
		}
	}

	public Deque<Storing> underWay() {
		return this.underWay;
	}

	public TopicLog log() {
		return this.opened.log();
	}

	/** The time of the next command. */
	public long now() {
		return this.now;
	}

	/** When the topic wants to be woken. */
	public long wakeAt() {
		return this.wakeAt;
	}

	public void handle(Command command) {
		for (Effect effect : this.core.handle(command, this.now, this.now++ - this.jumped)) {
			if (effect instanceof Storing storing) {
				this.underWay.add(storing);
			}
			else if (effect instanceof Effect.WakeAt wake) {
				this.wakeAt = wake.time();
			}
			else if (effect instanceof Effect.Deliver deliver) {
				this.deliveries.computeIfAbsent(deliver.consumer(), (consumer) -> new ArrayList<>()).add(deliver);
				this.buffers.add(deliver.entry().batch());
			}
			else if (effect instanceof Effect.Answer answer) {
				this.answers.put(answer.to().ticket(), answer);
			}
			else if (effect instanceof Effect.Telling telling) {
				this.unasked.add(telling);
			}
			else {
				this.idle.add(effect);
			}
		}
		if (!this.holding) {
			storeAll();
		}
	}

	/** What a request was answered; {@code null} if it was not. */
	public Effect.Answer answer(long request) {
		return this.answers.get(request);
	}

	/** What was told unasked, of a kind, but for deliveries. */
	public <T extends Effect.Telling> List<T> told(Class<T> kind) {
		return this.unasked.stream().filter(kind::isInstance).map(kind::cast).toList();
	}

	/** Takes what the topic has said of not being used. */
	public List<Effect> takeIdle() {
		List<Effect> taken = List.copyOf(this.idle);
		this.idle.clear();
		return taken;
	}

	/** Why the topic is not to be deleted, or {@code null}. */
	public String refusal(DeleteWhen when) {
		return this.core.refusal(when);
	}

	/** The topic leaves the memory and is opened again. */
	public void reopen(Asleep asleep) {
		this.wakeAt = Long.MAX_VALUE;
		stop();
		this.opened = this.store.open(this.topic, 1).toCompletableFuture().join();
		this.core = TopicCore.recover(this.opened, context());
		handle(new Command.Opened(this.policies, asleep));
	}

	/** Takes the deliveries to a consumer since the last time. */
	public List<TopicHarness.Delivery> deliveries(Peer consumer) {
		List<TopicHarness.Delivery> deliveries = new ArrayList<>();
		for (Effect.Deliver deliver : takeDelivers(consumer)) {
			ByteBuf batch = deliver.entry().part(deliver.firstIndex(), deliver.count());
			for (int i = 0; i < deliver.count(); i++) {
				long sequence = batch.getLong(batch.readerIndex() + i * Long.BYTES);
				if (!deliver.passOver().get(i)) {
					MessageId id = deliver.entry().position().message(deliver.firstIndex() + i);
					deliveries.add(new TopicHarness.Delivery(id, sequence, deliver.redeliveryCount()));
				}
			}
			int bytes = batch.readableBytes();
			deliver.entry().release();
			handle(new Command.DeliveryWritten(consumer, bytes));
		}
		return deliveries;
	}

	private List<Effect.Deliver> takeDelivers(Peer consumer) {
		List<Effect.Deliver> taken = this.deliveries.remove(consumer);
		return (taken != null) ? taken : List.of();
	}

	/** The deliveries to a consumer, which {@link #deliveries} still takes. */
	public List<Effect.Deliver> peek(Peer consumer) {
		return this.deliveries.getOrDefault(consumer, List.of());
	}

	/** How many bytes a consumer was sent since the last {@link #deliveries}. */
	public int bytesDelivered(Peer consumer) {
		return this.deliveries.get(consumer).stream().mapToInt(Effect.Deliver::bytes).sum();
	}

	public TopicSnapshot snapshot() {
		return this.core.snapshot();
	}

	public TopicSnapshot.Subscription subscription(String name) {
		return snapshot().subscriptions().stream().filter((each) -> each.name().equals(name)).findFirst().orElseThrow();
	}

	/** How many messages a subscription has, or so many if there is none. */
	public long subscriptionBacklog(String name, long otherwise) {
		return snapshot().subscriptions()
			.stream()
			.filter((each) -> each.name().equals(name))
			.mapToLong(TopicSnapshot.Subscription::backlog)
			.findFirst()
			.orElse(otherwise);
	}

	/** A cursor as it is stored; nothing can be stored afterwards. */
	public Cursor cursor(String subscription) {
		return this.store.open(this.topic, 1).toCompletableFuture().join().cursors().get(subscription);
	}

	/** The copies that were forwarded, each as often as it was asked for. */
	public List<Storing.ForwardCopy> forwarded() {
		return this.forwarded;
	}

	/** What the targets of copies were told to forget. */
	public List<Storing.ForgetForwarded> forgotten() {
		return this.forgotten;
	}

	public List<Entry> stored() {
		return this.opened.log()
			.read(new Position(0, 0), Integer.MAX_VALUE, Integer.MAX_VALUE)
			.toCompletableFuture()
			.join();
	}

	/** How many bytes nobody has released yet. */
	public long bytesHeld() {
		Set<ByteBuf> held = Collections.newSetFromMap(new IdentityHashMap<>());
		this.buffers.stream().filter((buffer) -> buffer.refCnt() != 0).forEach(held::add);
		return held.stream().mapToLong(ByteBuf::readableBytes).sum();
	}

	/** Closes the topic; says how many buffers nobody released. */
	public long close() {
		stop();
		return this.buffers.stream().filter((buffer) -> buffer.refCnt() != 0).count();
	}

	private void stop() {
		this.deliveries.values().forEach((all) -> all.forEach((deliver) -> deliver.entry().release()));
		this.deliveries.clear();
		this.core.close();
	}

	long ask(Consumer<ReplyTo> question, Peer peer) {
		long request = ++this.requests;
		question.accept(new ReplyTo(peer.session(), request));
		return request;
	}

	private void execute(Storing effect) {
		if (effect instanceof Storing.ForwardCopy copy) {
			this.forwarded.add(copy);
			handle(copy.done(null));
			return;
		}
		if (effect instanceof Storing.ForgetForwarded forget) {
			this.forgotten.add(forget);
			return;
		}
		List<Command> outcomes = new ArrayList<>();
		new StorageExecutor(this.opened.log(), outcomes::add, (failure) -> {
			throw new IllegalStateException(failure);
		}, new Admission(this.store, Long.MAX_VALUE), (error) -> {
		}, () -> {
			throw new IllegalStateException("Nothing is forwarded");
		}).execute(effect);
		for (Command outcome : outcomes) {
			if (outcome instanceof Outcome.EntriesRead read) {
				read.entries().forEach((entry) -> this.buffers.add(entry.batch()));
			}
			else if (outcome instanceof Outcome.DueRead read) {
				read.due().entries().forEach((entry) -> this.buffers.add(entry.batch()));
			}
			handle(outcome);
		}
	}

}
