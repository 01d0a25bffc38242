package io.weir.client;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.callback.CallbackFuture;
import io.weir.client.internal.callback.Callbacks;
import io.weir.client.internal.producer.LanePlan;
import io.weir.client.internal.producer.PartitionedProducer;
import io.weir.client.internal.producer.ProducerSettings;
import io.weir.message.AccessMode;
import io.weir.message.Compression;
import io.weir.message.Schema;
import io.weir.message.Topic;
import io.weir.setting.Require;
import io.weir.time.DurationRange;
import io.weir.wire.ErrorCode;
import io.weir.wire.Limits;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.BatchCompression;

/** Checks and gathers the settings of a producer. */
final class DefaultProducerBuilder<T> implements ProducerBuilder<T> {

	private final @Nullable DefaultWeirClient client;

	private final Schema<T> schema;

	private @Nullable String topic;

	private @Nullable String name;

	private Ordering ordering = Ordering.ORDERED;

	private int lanes = 4;

	private boolean shareStreams;

	private AccessMode accessMode = AccessMode.SHARED;

	private Duration sendTimeout = Duration.ofSeconds(30);

	private int maxPending = 1000;

	private long maxPendingBytes = 64 * 1024 * 1024;

	private WhenFull whenFull = WhenFull.FAIL;

	private int batchMaxMessages = 1000;

	private int batchMaxBytes = 128 * 1024;

	private Duration batchLinger = Duration.ofMillis(1);

	private Compression compression = Compression.NONE;

	private int streamGrowthThreshold = 100;

	/**
	 * Creates the builder.
	 * @param client whose producer it builds, or {@code null} for checks only
	 */
	DefaultProducerBuilder(@Nullable DefaultWeirClient client, Schema<T> schema) {
		this.client = client;
		this.schema = schema;
	}

	@Override
	public ProducerBuilder<T> topic(String topic) {
		Objects.requireNonNull(topic, "topic");
		this.topic = Topic.named(topic).name();
		return this;
	}

	@Override
	public ProducerBuilder<T> name(String name) {
		this.name = Require.name("name", Limits.MAX_NAME_BYTES, name);
		return this;
	}

	@Override
	public ProducerBuilder<T> ordering(Ordering ordering) {
		Objects.requireNonNull(ordering, "ordering");
		this.ordering = ordering;
		return this;
	}

	@Override
	public ProducerBuilder<T> lanes(int lanes) {
		this.lanes = Require.atLeast("lanes", 1, lanes);
		return this;
	}

	@Override
	public ProducerBuilder<T> shareStreams(boolean share) {
		this.shareStreams = share;
		return this;
	}

	@Override
	public ProducerBuilder<T> accessMode(AccessMode accessMode) {
		Objects.requireNonNull(accessMode, "accessMode");
		this.accessMode = accessMode;
		return this;
	}

	@Override
	public ProducerBuilder<T> sendTimeout(Duration sendTimeout) {
		this.sendTimeout = DurationRange.FROM_ONE_MILLISECOND.check("sendTimeout", sendTimeout);
		return this;
	}

	@Override
	public ProducerBuilder<T> maxPending(int maxPending) {
		this.maxPending = Require.between("maxPending", 1, Limits.MAX_IN_FLIGHT, maxPending);
		return this;
	}

	@Override
	public ProducerBuilder<T> maxPendingBytes(long maxBytes) {
		this.maxPendingBytes = Require.bytes("maxPendingBytes", maxBytes);
		return this;
	}

	@Override
	public ProducerBuilder<T> whenFull(WhenFull whenFull) {
		Objects.requireNonNull(whenFull, "whenFull");
		this.whenFull = whenFull;
		return this;
	}

	@Override
	public ProducerBuilder<T> batchMaxMessages(int maxMessages) {
		this.batchMaxMessages = Require.between("batchMaxMessages", 1, Limits.MAX_BATCH_MESSAGES, maxMessages);
		return this;
	}

	@Override
	public ProducerBuilder<T> batchMaxBytes(int maxBytes) {
		this.batchMaxBytes = (int) Require.bytes("batchMaxBytes", maxBytes);
		return this;
	}

	@Override
	public ProducerBuilder<T> batchLinger(Duration linger) {
		this.batchLinger = DurationRange.FROM_ZERO.check("batchLinger", linger);
		return this;
	}

	@Override
	public ProducerBuilder<T> compression(Compression compression) {
		Objects.requireNonNull(compression, "compression");
		requireLibrary(compression);
		this.compression = compression;
		return this;
	}

	@Override
	public ProducerBuilder<T> streamGrowthThreshold(int threshold) {
		this.streamGrowthThreshold = Require.atLeast("streamGrowthThreshold", 1, threshold);
		return this;
	}

	@Override
	public Producer<T> create() {
		return Await.on(this::createAsync, "the broker to accept the producer", "createAsync");
	}

	@Override
	public CompletableFuture<Producer<T>> createAsync() {
		DefaultWeirClient client = client();
		ProducerSettings settings = settings(client);
		Callbacks callbacks = callbacks(client, settings);
		PartitionedProducer core = client.newProducer(settings, callbacks);
		return CallbackFuture.of(client.open(core, core.open(), () -> producer(core, callbacks, settings)), callbacks);
	}

	@Override
	public Producer<T> createLazily() {
		DefaultWeirClient client = client();
		ProducerSettings settings = settings(client);
		Callbacks callbacks = callbacks(client, settings);
		return new LazyProducer<>(settings.topic(), (settings.name() != null) ? settings.name() : "", () -> {
			PartitionedProducer core = client.newProducer(settings, callbacks);
			client.open(core);
			core.openLazily();
			return producer(core, callbacks, settings);
		});
	}

	private DefaultProducer<T> producer(PartitionedProducer core, Callbacks callbacks, ProducerSettings settings) {
		return new DefaultProducer<>(core, callbacks, this.schema, settings.topic());
	}

	private DefaultWeirClient client() {
		if (this.client == null) {
			throw new IllegalStateException("This builder has no client, and only checks settings");
		}
		return this.client;
	}

	private Callbacks callbacks(DefaultWeirClient client, ProducerSettings settings) {
		return client.newCallbackQueue("the producer for topic '" + settings.topic() + "'");
	}

	private ProducerSettings settings(DefaultWeirClient client) {
		String topic = this.topic;
		if (topic == null) {
			throw new WeirException(ErrorCode.INVALID_CONFIGURATION, "A producer needs a topic");
		}
		int maxStreams = client.settings().pool().maxSize();
		if (this.ordering == Ordering.KEY_ORDERED && this.lanes > maxStreams) {
			throw new WeirException(ErrorCode.INVALID_CONFIGURATION,
					"lanes is " + this.lanes + ", but the stream pool has at most " + maxStreams + " streams");
		}
		return new ProducerSettings(topic, this.name, this.accessMode, plan(), this.shareStreams, this.sendTimeout,
				this.maxPending, this.maxPendingBytes, this.whenFull == WhenFull.WAIT, this.batchMaxMessages,
				this.batchMaxBytes, this.batchLinger, this.compression, WeirException::from);
	}

	private static void requireLibrary(Compression compression) {
		try {
			BatchCompression.require(compression);
		}
		catch (ProtocolException ex) {
			throw WeirException.from(ex);
		}
	}

	private LanePlan plan() {
		return switch (this.ordering) {
			case ORDERED -> new LanePlan.Single();
			case KEY_ORDERED -> new LanePlan.Keyed(this.lanes);
			case UNORDERED -> new LanePlan.Elastic(this.streamGrowthThreshold);
		};
	}

}
