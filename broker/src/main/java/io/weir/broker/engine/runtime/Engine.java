package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.engine.ClientSessions;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.DeleteWhen;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.EngineFigures;
import io.weir.broker.engine.LocalSession;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.context.EngineContext;
import io.weir.broker.policy.PolicyDefaults;
import io.weir.broker.store.MetadataStore.Watch;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.StorageException;
import io.weir.concurrent.DaemonThreads;
import io.weir.concurrent.Stages;
import io.weir.message.Topic;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Runs topics, each on one of a few threads, over a store. Safe to use from any thread;
 * effects for clients are handed out on the topics' threads, in order for each topic.
 */
public final class Engine implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Engine.class);

	private static final int SHUTDOWN_SECONDS = 5;

	private final StorageEngine store;

	private final EngineFigures figures = new EngineFigures();

	private final Timers timers;

	private final Budgets budgets;

	private volatile @Nullable Forwarder forwarder;

	private final List<ExecutorService> threads = new ArrayList<>();

	private final Admission admission;

	private final TopicOwner owner;

	private final PolicyStore policies;

	private final PolicyChanges policyChanges;

	private volatile @Nullable Watch policyWatch;

	private final TopicServices services;

	private volatile Consumer<Effect.Telling> clients = (effect) -> {
		throw new IllegalStateException("The engine was not started");
	};

	private final TopicDirectory topics;

	/**
	 * Creates an engine with its threads, which bounds nothing that waits to be stored
	 * and tells nobody of errors.
	 * @param store where topics are kept; not closed by the engine
	 * @param threads how many threads share the topics
	 * @param clock tells the time, in milliseconds since 1970; nobody sets it
	 * @param budgets bounds what clients can take
	 */
	public Engine(StorageEngine store, int threads, LongSupplier clock, Budgets budgets) {
		this(store, threads, EngineClock.neverSet(clock), budgets, Long.MAX_VALUE, PolicyDefaults.none(), (error) -> {
		});
	}

	/**
	 * Creates an engine with its threads.
	 * @param store where topics are kept; not closed by the engine
	 * @param threads how many threads share the topics
	 * @param clock tells the time
	 * @param budgets bounds what clients can take
	 * @param maxWaiting how many bytes of batches may wait to be stored; one batch always
	 * may
	 * @param defaults what becomes of messages unless somebody says it of their topic
	 * @param errors is told, on a topic's thread, of an {@link Error} after which the JVM
	 * may be unsound; what it hit has ended
	 */
	public Engine(StorageEngine store, int threads, EngineClock clock, Budgets budgets, long maxWaiting,
			PolicyDefaults defaults, Consumer<Error> errors) {
		this.store = store;
		this.budgets = budgets;
		this.admission = new Admission(store, maxWaiting);
		this.owner = new TopicOwner(store, this::fence);
		this.timers = new Timers(clock.now(), errors);
		this.policies = new PolicyStore(store.metadata(), defaults);
		this.policyChanges = new PolicyChanges(this.policies::effective, this::tell);
		this.services = new TopicServices(this.owner, this.policies, this.admission,
				(effect) -> this.clients.accept(effect), clock, this.timers, new EngineContext(budgets, this.figures),
				this::forwarder, Background.newExecutor(), errors);
		for (int i = 0; i < threads; i++) {
			String name = "weir-engine-" + i;
			this.threads.add(Executors.newSingleThreadExecutor((task) -> {
				Thread thread = DaemonThreads.newThread(name, task);
				thread.setUncaughtExceptionHandler((failed, failure) -> {
					logger.error("A topic on {} failed; another thread takes its place", name, failure);
					if (failure instanceof Error error) {
						errors.accept(error);
					}
				});
				return thread;
			}));
		}
		this.topics = new TopicDirectory(new TopicAdmission(budgets, defaults, clock.now()), this.services,
				this.threads);
	}

	/**
	 * Says who is told what is for clients, before the first command. The topics that are
	 * stored open when they are used.
	 * @param sessions all who give commands
	 */
	public void start(ClientSessions sessions) {
		this.forwarder = new Forwarder(LocalSession.open(sessions, this::submit, this.budgets));
		start(sessions::tell, sessions::origin);
	}

	/** As {@link #start(ClientSessions)}, with effects and origins apart. */
	public void start(Consumer<Effect.Telling> clients, LongFunction<Object> origins) {
		this.topics.origins(origins);
		start(clients);
	}

	Forwarder forwarder() {
		return Objects.requireNonNull(this.forwarder, "The engine was not started with sessions");
	}

	/** With each session an origin of its own. */
	public void start(Consumer<Effect.Telling> clients) {
		this.clients = clients;
		for (Topic topic : this.store.topics()) {
			this.topics.stored(topic);
		}
		this.policyWatch = this.policies.watch(this::policiesChanged);
		this.policies.whichMayExpire(this.topics.names().all().toList(), this.topics::expires);
		this.timers.start();
	}

	private void policiesChanged(Topic topic) {
		this.topics.names().partitions(topic).forEach((each) -> {
			// One that is not in memory may have something to do.
			this.topics.open(each);
			this.policyChanges.changed(each);
		});
	}

	private void tell(Topic topic, Policies policies) {
		TopicWriter open = this.topics.find(topic);
		if (open != null) {
			open.submit(new Command.PoliciesChanged(policies));
		}
	}

	/**
	 * What is said of topics and subscriptions; topics that are open hear of changes.
	 * @return the policies
	 */
	public PolicyStore policies() {
		return this.policies;
	}

	/**
	 * Whether a topic is stored, or is being made; asks no topic.
	 * @param topic the topic
	 * @return whether there is one
	 */
	public boolean exists(Topic topic) {
		return this.topics.exists(topic);
	}

	/**
	 * How many logs a topic has, or may have: also those of partitions that nobody knows,
	 * since it was to be given some and was not. Asks no topic.
	 * @param topic the whole topic
	 * @return the number, from 1
	 */
	public int logs(Topic topic) {
		return this.topics.names().partitions(topic).mapToInt(Topic::partition).max().orElse(0) + 1;
	}

	/** How many topics are in memory. */
	int open() {
		return this.topics.writers().size();
	}

	/** Who runs a topic; {@code null} if it is not in memory. */
	@Nullable TopicWriter writer(Topic topic) {
		return this.topics.find(topic);
	}

	/** Wakes the topics that are to do something by now, without waiting for it. */
	public void tick() {
		this.timers.look();
	}

	/**
	 * Gives a topic a command, in the order of the calls of one thread; opens the topic
	 * if it is not and the command is a request. One that there is not is made for those
	 * who open a producer or subscribe; other requests are answered without it. Once the
	 * engine is closed, commands are dropped.
	 * @param topic the topic
	 * @param command the command, whose buffers the engine releases
	 * @throws ProtocolException {@link ErrorCode#LIMIT_EXCEEDED} if the topic would be
	 * one too many, {@link ErrorCode#NOT_FOUND} if clients do not make such topics
	 */
	public void submit(Topic topic, Command command) {
		TopicWriter open = this.topics.find(topic);
		if (open == null && command instanceof Command.Request request) {
			open = this.topics.open(topic, request);
		}
		if (open != null) {
			open.submit(command);
		}
	}

	/**
	 * Keeps a topic from being used, or a partition, to delete it.
	 * @param topic the topic, or any partition of one that there is
	 * @param when when it is to be deleted
	 * @return the hold, which must be ended; exceptionally {@link ProtocolException} with
	 * {@link ErrorCode#TOPIC_BUSY} if it is not to be deleted now
	 */
	public CompletionStage<TopicHold> hold(Topic topic, DeleteWhen when) {
		return this.topics.openPartition(topic).hold(when);
	}

	/**
	 * Says who has topics deleted that have expired.
	 * @param listener is told on the topic's thread, and must not block; again and again,
	 * until it is deleted
	 */
	public void onUnused(Consumer<Topic> listener) {
		this.topics.onUnused(listener);
	}

	/**
	 * Figures of all topics together that were used since the start; asks no topic.
	 * @return the figures, which go on changing
	 */
	public EngineFigures figures() {
		return this.figures;
	}

	/**
	 * What goes on in the topics that are open. Asks each of them, and begins to open the
	 * others.
	 * @return the topics, ordered by name
	 */
	public CompletionStage<List<TopicSnapshot>> snapshot() {
		return collect(opened(this.topics.names().all()), (topic) -> topic.snapshot(false)).thenApply(Engine::sorted);
	}

	/**
	 * What goes on in some of the topics, by name, each with all its partitions. Asks no
	 * other, and opens those.
	 */
	public CompletionStage<List<TopicSnapshot>> snapshot(String prefix, String after, int limit) {
		TopicNames names = this.topics.names();
		return snapshot(names.wholeAfter(prefix, after).limit(limit).flatMap(names::partitions));
	}

	/** Some of the names of topics and their partitions, in order; asks no topic. */
	public List<String> names(String prefix, String after, int limit) {
		return this.topics.names().after(prefix, after).limit(limit).toList();
	}

	/**
	 * What goes on in one topic with its partitions, or in one partition. Asks no other,
	 * and opens those.
	 * @param topic the topic
	 * @return a list of them, empty if there is no such topic
	 */
	public CompletionStage<List<TopicSnapshot>> snapshot(Topic topic) {
		return snapshot(this.topics.names().partitions(topic));
	}

	private CompletionStage<List<TopicSnapshot>> snapshot(Stream<Topic> existing) {
		return collect(opened(existing), (topic) -> topic.snapshot(true)).thenApply(Engine::sorted);
	}

	private List<TopicWriter> opened(Stream<Topic> existing) {
		return existing.map((topic) -> this.topics.open(topic)).toList();
	}

	private static List<TopicSnapshot> sorted(List<@Nullable TopicSnapshot> snapshots) {
		return snapshots.stream().filter(Objects::nonNull).sorted(Comparator.comparing(TopicSnapshot::name)).toList();
	}

	/**
	 * How many bytes of batches wait to be stored.
	 * @return the number now
	 */
	public long waitingBytes() {
		return this.admission.bytes();
	}

	/**
	 * How many batches were refused because they could not be stored at the time.
	 * @return the number since the engine was created
	 */
	public long refused() {
		return this.admission.refused();
	}

	/**
	 * Waits until everything that was submitted before is stored and answered.
	 * @return completes when it is so
	 */
	public CompletionStage<Void> drain() {
		return collect(this.topics.writers(), TopicWriter::whenIdle).thenAccept((all) -> {
		});
	}

	/**
	 * Stops the threads, without waiting for what is being stored; what comes later is
	 * dropped. Harmless when closed.
	 */
	@Override
	public void close() {
		this.timers.close();
		Watch watch = this.policyWatch;
		if (watch != null) {
			watch.close();
		}
		Forwarder present = this.forwarder;
		if (present != null) {
			present.close();
		}
		collect(this.topics.writers(), TopicWriter::close);
		this.owner.release();
		this.threads.forEach(ExecutorService::shutdown);
		try {
			for (ExecutorService thread : this.threads) {
				thread.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void fence(String bundle, StorageException reason) {
		this.topics.fence(bundle, reason);
	}

	private static <T> CompletableFuture<List<T>> collect(Collection<TopicWriter> topics,
			Function<TopicWriter, CompletableFuture<T>> question) {
		return Stages.all(topics.stream().map(question).toList());
	}

}
