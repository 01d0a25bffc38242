package io.weir.spring.fake;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.weir.client.ConnectionInfo;
import io.weir.client.ConnectionState;
import io.weir.client.ConsumerBuilder;
import io.weir.client.ProducerBuilder;
import io.weir.client.ReaderBuilder;
import io.weir.client.Table;
import io.weir.client.TableListener;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.message.Headers;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.pool.PoolStats;

/** Makes fakes; its broker can be late and can refuse. */
public final class FakeWeirClient implements WeirClient {

	public final List<FakeProducer<Object>> producers = new CopyOnWriteArrayList<>();

	public final List<FakeConsumer<Object>> consumers = new CopyOnWriteArrayList<>();

	/** What gives its readers messages, with their settings. */
	public final List<FakeConsumer<Object>> readers = new CopyOnWriteArrayList<>();

	public long damagedBatches;

	public volatile String serviceUrl = "weir://fake:7750";

	public final Map<String, PoolStats> pools = new ConcurrentHashMap<>();

	public final List<String> evicted = new CopyOnWriteArrayList<>();

	public final List<String> resized = new CopyOnWriteArrayList<>();

	/** What its producers and consumers wait for when they are closed. */
	public volatile CompletableFuture<Void> end = CompletableFuture.completedFuture(null);

	/** How many creations and subscriptions were asked for. */
	public final AtomicInteger attempts = new AtomicInteger();

	/** Failures of the next creations and subscriptions. */
	public final Queue<WeirException> refusals = new ConcurrentLinkedQueue<>();

	/** Completed while the broker is there. */
	public volatile CompletableFuture<Void> broker = CompletableFuture.completedFuture(null);

	public volatile ConnectionState state = ConnectionState.READY;

	public volatile @Nullable WeirException lastFailure;

	/** Beside the one that is in the client's state. */
	public final List<ConnectionInfo> moreConnections = new CopyOnWriteArrayList<>();

	public volatile boolean closed;

	private final AtomicLong entries = new AtomicLong();

	public FakeConsumer<Object> consumer(int index) {
		return this.consumers.get(index);
	}

	/** Delivers to the first consumer or reader of the topic. */
	public MessageId publish(String topic, String payload) {
		return publish(topic, payload, null, Headers.empty());
	}

	public MessageId publish(String topic, String payload, @Nullable String key, Headers headers) {
		FakeConsumer<Object> target = Stream.concat(this.consumers.stream(), this.readers.stream())
			.filter((consumer) -> consumer.topic().equals(topic) && !consumer.closed)
			.findFirst()
			.orElseThrow();
		MessageId id = FakeMessage.id(this.entries.getAndIncrement());
		@SuppressWarnings("unchecked")
		Schema<Object> schema = (Schema<Object>) target.settings.get("schema");
		target.deliver(new FakeMessage<>(id, topic, key, headers, payload.getBytes(StandardCharsets.UTF_8), schema, 0));
		return id;
	}

	@Override
	public <T> Table<T> table(Schema<T> schema, String topic, TableListener<? super T> listener) {
		throw new UnsupportedOperationException();
	}

	@Override
	public <T> CompletableFuture<Table<T>> tableAsync(Schema<T> schema, String topic,
			TableListener<? super T> listener) {
		throw new UnsupportedOperationException();
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> ProducerBuilder<T> producer(Schema<T> schema) {
		return builder(ProducerBuilder.class, "create", schema, (settings) -> {
			FakeProducer<Object> producer = new FakeProducer<>(settings, (Schema<Object>) schema, this.end);
			this.producers.add(producer);
			return producer;
		});
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> ConsumerBuilder<T> consumer(Schema<T> schema) {
		return builder(ConsumerBuilder.class, "subscribe", schema, (settings) -> {
			FakeConsumer<Object> consumer = new FakeConsumer<>(settings, this.end);
			this.consumers.add(consumer);
			return consumer;
		});
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> ReaderBuilder<T> reader(Schema<T> schema) {
		return builder(ReaderBuilder.class, "create", schema, (settings) -> {
			FakeConsumer<Object> source = new FakeConsumer<>(settings, this.end);
			this.readers.add(source);
			return new FakeReader<>(source);
		});
	}

	/** A builder that remembers what it is told by the names of its methods. */
	private <B> B builder(Class<B> type, String terminal, Schema<?> schema, Function<Map<String, Object>, ?> maker) {
		Map<String, Object> settings = new ConcurrentHashMap<>(Map.of("schema", schema));
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, arguments) -> {
				if (method.getName().equals(terminal + "Async")) {
					return make(settings, maker);
				}
				if (method.getName().equals(terminal)) {
					return make(settings, maker).join();
				}
				if (method.getName().equals(terminal + "Lazily")
						|| method.getName().equals(terminal + "InBackground")) {
					return maker.apply(settings);
				}
				settings.compute(method.getName(), (name, before) -> (arguments != null) ? arguments[0] : true);
				return proxy;
			}));
	}

	private CompletableFuture<?> make(Map<String, Object> settings, Function<Map<String, Object>, ?> maker) {
		this.attempts.incrementAndGet();
		WeirException refusal = this.refusals.poll();
		return (refusal != null) ? CompletableFuture.failedFuture(refusal)
				: this.broker.thenApply((there) -> maker.apply(settings));
	}

	@Override
	public ConnectionState state() {
		return this.state;
	}

	@Override
	public List<ConnectionInfo> connections() {
		List<ConnectionInfo> connections = new ArrayList<>();
		connections.add(new ConnectionInfo("weir-0", this.state, null, this.lastFailure));
		connections.addAll(this.moreConnections);
		return connections;
	}

	@Override
	public @Nullable WeirException lastFailure() {
		return this.lastFailure;
	}

	@Override
	public CompletionStage<Void> connected() {
		return this.broker;
	}

	@Override
	public String serviceUrl() {
		return this.serviceUrl;
	}

	@Override
	public Map<String, PoolStats> pools() {
		return this.pools;
	}

	@Override
	public long damagedBatches() {
		return this.damagedBatches;
	}

	@Override
	public void evictIdleStreams(String pool) {
		if (!this.pools.containsKey(pool)) {
			throw new IllegalArgumentException("No pool " + pool);
		}
		this.evicted.add(pool);
	}

	@Override
	public void resizePool(String pool, int minSize, int maxSize) {
		if (minSize > maxSize) {
			throw new IllegalArgumentException("minSize must be from 0 to maxSize (" + maxSize + "), was " + minSize);
		}
		this.resized.add(pool + " " + minSize + " " + maxSize);
	}

	@Override
	public void close() {
		this.closed = true;
		this.producers.forEach(FakeProducer::end);
		this.consumers.forEach(FakeConsumer::closeAsync);
		this.readers.forEach(FakeConsumer::closeAsync);
	}

}
