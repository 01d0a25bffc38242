package io.weir.broker.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

import io.weir.broker.store.StorageEngine;
import io.weir.message.Topic;

/**
 * Runs topics, each on one of a few threads, over a store. Safe to use from any thread;
 * effects for clients are handed out on the topics' threads, in order for each topic.
 */
public final class Engine implements AutoCloseable {

	private static final int SHUTDOWN_SECONDS = 5;

	private final StorageEngine store;

	private final List<ExecutorService> threads = new ArrayList<>();

	private final Admission admission;

	private final TopicServices services;

	private volatile Consumer<Effect.Telling> clients = (effect) -> {
		throw new IllegalStateException("The engine was not started");
	};

	private final Map<Topic, TopicWriter> topics = new ConcurrentHashMap<>();

	/**
	 * Creates an engine with its threads, which bounds nothing and tells nobody of
	 * errors.
	 * @param store where topics are kept; not closed by the engine
	 * @param threads how many threads share the topics
	 * @param clock tells the time, in milliseconds since 1970
	 * @param format reads batches
	 */
	public Engine(StorageEngine store, int threads, LongSupplier clock, BatchFormat format) {
		this(store, threads, clock, format, Long.MAX_VALUE, (error) -> {
		});
	}

	/**
	 * Creates an engine with its threads.
	 * @param store where topics are kept; not closed by the engine
	 * @param threads how many threads share the topics
	 * @param clock tells the time, in milliseconds since 1970
	 * @param format reads batches
	 * @param maxWaiting how many bytes of batches may wait to be stored; one batch always
	 * may
	 * @param errors is told, on a topic's thread, of an {@link Error} after which the JVM
	 * may be unsound; what it hit has ended
	 */
	public Engine(StorageEngine store, int threads, LongSupplier clock, BatchFormat format, long maxWaiting,
			Consumer<Error> errors) {
		this.store = store;
		this.admission = new Admission(store, maxWaiting);
		this.services = new TopicServices(store, this.admission, (effect) -> this.clients.accept(effect), clock, format,
				errors);
		for (int i = 0; i < threads; i++) {
			String name = "weir-engine-" + i;
			this.threads.add(Executors.newSingleThreadExecutor((task) -> {
				Thread thread = new Thread(task, name);
				thread.setDaemon(true);
				return thread;
			}));
		}
	}

	/**
	 * Says who carries out what is for clients, before the first command, and begins to
	 * open the topics that are stored, without waiting for them.
	 * @param clients takes the effects, must not block
	 */
	public void start(Consumer<Effect.Telling> clients) {
		this.clients = clients;
		this.store.topics().forEach(this::writer);
	}

	/**
	 * Gives a topic a command, in the order of the calls of one thread; opens the topic
	 * if it is not. Once the engine is closed, commands are dropped.
	 * @param topic the topic
	 * @param command the command, whose buffers the engine releases
	 */
	public void submit(Topic topic, Command command) {
		writer(topic).submit(command);
	}

	/**
	 * What goes on in the topics that are open.
	 * @return the topics, ordered by name
	 */
	public CompletionStage<List<TopicSnapshot>> snapshot() {
		return collect(TopicWriter::snapshot).thenApply((snapshots) -> snapshots.stream()
			.filter(Objects::nonNull)
			.sorted(Comparator.comparing(TopicSnapshot::name))
			.toList());
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
		return collect(TopicWriter::whenIdle).thenAccept((all) -> {
		});
	}

	/**
	 * Stops the threads, without waiting for what is being stored; what comes later is
	 * dropped. Harmless when closed.
	 */
	@Override
	public void close() {
		collect(TopicWriter::close);
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

	private TopicWriter writer(Topic topic) {
		TopicWriter open = this.topics.get(topic);
		return (open != null) ? open : this.topics.computeIfAbsent(topic, this::open);
	}

	private TopicWriter open(Topic topic) {
		ExecutorService thread = this.threads.get(Math.floorMod(topic.name().hashCode(), this.threads.size()));
		TopicWriter writer = new TopicWriter(topic, thread, this.services,
				(refusing) -> this.topics.remove(topic, refusing));
		writer.open();
		return writer;
	}

	private <T> CompletableFuture<List<T>> collect(Function<TopicWriter, CompletableFuture<T>> question) {
		List<CompletableFuture<T>> answers = this.topics.values().stream().map(question).toList();
		return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
			.thenApply((done) -> answers.stream().map(CompletableFuture::join).toList());
	}

}
