package io.weir.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.internal.callback.BlockingCalls;
import io.weir.client.internal.callback.CallbackFuture;
import io.weir.client.internal.callback.Callbacks;
import io.weir.client.internal.consumer.ConsumerCore;
import io.weir.client.internal.consumer.ConsumerSettings;
import io.weir.client.internal.consumer.Inboxes;
import io.weir.client.internal.consumer.PartitionedConsumer;
import io.weir.client.internal.consumer.PatternConsumer;
import io.weir.client.internal.consumer.TopicFinder;
import io.weir.client.internal.link.Endpoint;
import io.weir.client.internal.producer.PartitionedProducer;
import io.weir.client.internal.producer.ProducerCore;
import io.weir.client.internal.producer.ProducerSettings;
import io.weir.message.InitialPosition;
import io.weir.message.Schema;
import io.weir.pool.PoolStats;
import io.weir.wire.ErrorCode;

/** Puts the parts of a client together and takes them apart. */
final class DefaultWeirClient implements WeirClient {

	private static final Logger logger = LoggerFactory.getLogger(DefaultWeirClient.class);

	/**
	 * For all producers and consumers together. Each ends earlier by itself, as long as
	 * there are threads to do it.
	 */
	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);

	private static final Duration CLOSE_CONNECTIONS_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration ABORT_TIMEOUT = Duration.ofSeconds(1);

	private static final int TOLD_ONE_BY_ONE = 10;

	private final Set<Endpoint> endpoints = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean closed = new AtomicBoolean();

	private final LongAdder damagedBatches = new LongAdder();

	private final ClientSettings settings;

	private final ClientRuntime runtime;

	private final Connections connections;

	DefaultWeirClient(ClientSettings settings) {
		this.settings = settings;
		this.runtime = new ClientRuntime(settings);
		this.connections = new Connections(this.runtime.newConnections());
		this.connections.start();
	}

	ClientSettings settings() {
		return this.settings;
	}

	@Override
	public <T> ProducerBuilder<T> producer(Schema<T> schema) {
		Objects.requireNonNull(schema, "schema");
		return new DefaultProducerBuilder<>(this, new GuardedSchema<>(schema));
	}

	@Override
	public <T> ConsumerBuilder<T> consumer(Schema<T> schema) {
		Objects.requireNonNull(schema, "schema");
		return new DefaultConsumerBuilder<>(this, new GuardedSchema<>(schema));
	}

	/** For tests of what happens when one of them is lost. */
	Connections connectionManagers() {
		return this.connections;
	}

	@Override
	public <T> ReaderBuilder<T> reader(Schema<T> schema) {
		Objects.requireNonNull(schema, "schema");
		return new DefaultReaderBuilder<>(this, new GuardedSchema<>(schema));
	}

	@Override
	public <T> Table<T> table(Schema<T> schema, String topic, TableListener<? super T> listener) {
		BlockingCalls.check("the topic to be read", "tableAsync");
		CompletableFuture<Table<T>> table = tableAsync(schema, topic, listener);
		try {
			return Await.on(table, "the topic to be read");
		}
		finally {
			// Unless it is done, the thread was interrupted.
			table.cancel(false);
		}
	}

	@Override
	public <T> CompletableFuture<Table<T>> tableAsync(Schema<T> schema, String topic,
			TableListener<? super T> listener) {
		Objects.requireNonNull(schema, "schema");
		Objects.requireNonNull(listener, "listener");
		DefaultReaderBuilder<T> reader = new DefaultReaderBuilder<>(this, new GuardedSchema<>(schema));
		reader.topic(topic).startAt(InitialPosition.EARLIEST).compacted();
		return reader.createTable(listener);
	}

	/** Runs the callbacks of a producer or consumer, in order. */
	Callbacks newCallbackQueue(String what) {
		return this.runtime.newCallbackQueue(what);
	}

	PartitionedProducer newProducer(ProducerSettings settings, Callbacks callbacks) {
		throwIfClosed();
		return new PartitionedProducer(settings, (each) -> new ProducerCore(each, this.connections.forProducer(),
				this.runtime.timer(), ClientRuntime.newBackoff(), callbacks));
	}

	/** Of some partitions; of all if none are named. */
	<T> PartitionedConsumer<T> newConsumer(ConsumerSettings settings, Schema<T> schema, Set<Integer> partitions) {
		throwIfClosed();
		return new PartitionedConsumer<>(settings, new Inboxes<>(settings), partitions, consumerCores(schema));
	}

	/** Of all topics that match the pattern in place of the topic. */
	<T> PatternConsumer<T> newConsumer(ConsumerSettings settings, Schema<T> schema, Duration searchInterval) {
		throwIfClosed();
		TopicFinder finder = new TopicFinder(settings.topic(), settings.subscription(), this.connections.forConsumer(),
				this.runtime.timer(), searchInterval);
		return new PatternConsumer<>(settings, finder, consumerCores(schema));
	}

	private <T> BiFunction<ConsumerSettings, Inboxes<T>, ConsumerCore<T>> consumerCores(Schema<T> schema) {
		return (settings, inboxes) -> new ConsumerCore<>(settings, schema, inboxes, this.connections.forConsumer(),
				this.runtime.timer(), ClientRuntime.newBackoff(), this.damagedBatches);
	}

	/**
	 * Remembers an endpoint until it is closed, and wraps it for the application.
	 * @param endpoint the endpoint
	 * @param opened completes when the broker has accepted it
	 * @param facade makes what the application sees
	 * @return that, later, on an event loop or the timer's thread; cancelling it closes
	 * the endpoint
	 */
	<V> CompletableFuture<V> open(Endpoint endpoint, CompletableFuture<?> opened, Supplier<V> facade) {
		CompletableFuture<V> result = new CompletableFuture<>();
		opened.whenComplete((ignored, failure) -> {
			if (failure != null) {
				result.completeExceptionally(WeirException.from(failure));
			}
			else if (!result.complete(facade.get())) {
				endpoint.close();
			}
		});
		result.whenComplete((ignored, failure) -> {
			if (failure != null) {
				endpoint.close();
			}
		});
		open(endpoint);
		return result;
	}

	/** Remembers an endpoint until it is closed. */
	void open(Endpoint endpoint) {
		this.endpoints.add(endpoint);
		endpoint.closed().thenRun(() -> {
			if (this.endpoints.remove(endpoint)) {
				tellUnfinished(List.of(endpoint));
			}
		});
		if (this.closed.get()) {
			endpoint.close();
		}
	}

	private void throwIfClosed() {
		if (this.closed.get()) {
			throw new WeirException(ErrorCode.CLOSED, "The client was closed");
		}
	}

	@Override
	public ConnectionState state() {
		return this.connections.state();
	}

	@Override
	public List<ConnectionInfo> connections() {
		return this.connections.infos();
	}

	@Override
	public @Nullable WeirException lastFailure() {
		return this.connections.lastFailure();
	}

	@Override
	public CompletionStage<Void> connected() {
		return CallbackFuture.of(this.connections.connected(),
				newCallbackQueue("client '" + this.settings.name() + "'"));
	}

	@Override
	public String serviceUrl() {
		return this.settings.serviceUrl().text();
	}

	@Override
	public Map<String, PoolStats> pools() {
		return this.connections.pools();
	}

	@Override
	public long damagedBatches() {
		return this.damagedBatches.sum();
	}

	@Override
	public void evictIdleStreams(String pool) {
		this.connections.evictIdleStreams(pool);
	}

	@Override
	public void resizePool(String pool, int minSize, int maxSize) {
		StreamPoolSettings.checkSizes(minSize, maxSize);
		this.connections.resizePool(pool, minSize, maxSize);
	}

	@Override
	public void close() {
		BlockingCalls.check("the client to close", "a thread of the application");
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		// Whoever takes one out tells what it has not finished.
		List<Endpoint> closing = List.copyOf(this.endpoints).stream().filter(this.endpoints::remove).toList();
		try {
			CompletableFuture.allOf(closing.stream().map(Endpoint::close).toArray(CompletableFuture[]::new))
				.get(CLOSE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
			this.connections.close().get(CLOSE_CONNECTIONS_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			logger.debug("Interrupted while closing the client in order; closing it at once");
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.warn("Client '{}' could not be closed in order", this.settings.name(), ex);
		}
		finally {
			abort(Stream.concat(closing.stream(), this.endpoints.stream()).toList());
			tellUnfinished(closing);
			this.connections.close();
			this.runtime.close();
		}
	}

	private void tellUnfinished(List<Endpoint> closed) {
		List<String> unfinished = closed.stream().map(Endpoint::unfinished).filter(Objects::nonNull).toList();
		if (!unfinished.isEmpty()) {
			logger.warn(
					"Client '{}' did not wait any longer for {}{}. Messages to a topic may or may not have been "
							+ "stored; what was not acknowledged is delivered again",
					this.settings.name(), unfinished.stream().limit(TOLD_ONE_BY_ONE).collect(Collectors.joining(", ")),
					(unfinished.size() > TOLD_ONE_BY_ONE)
							? " and of " + (unfinished.size() - TOLD_ONE_BY_ONE) + " others" : "");
		}
	}

	/** What is still open must fail while there are threads to do it. */
	private void abort(List<Endpoint> open) {
		CompletableFuture.allOf(open.stream().map(Endpoint::abort).toArray(CompletableFuture[]::new))
			.completeOnTimeout(null, ABORT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
			.exceptionally((failure) -> {
				logger.warn("The producers and consumers of client '{}' could not be closed", this.settings.name(),
						failure);
				return null;
			})
			.join();
	}

	@Override
	public String toString() {
		return "WeirClient[" + this.settings.name() + " of " + serviceUrl() + "]";
	}

}
