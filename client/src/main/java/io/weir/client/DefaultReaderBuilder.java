package io.weir.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.callback.CallbackFuture;
import io.weir.client.internal.consumer.ConsumerSettings;
import io.weir.client.internal.consumer.PartitionedConsumer;
import io.weir.client.internal.consumer.SeekTarget;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.setting.InvalidSettingException;
import io.weir.setting.Require;
import io.weir.wire.ErrorCode;
import io.weir.wire.Limits;

/** Checks and gathers the settings of a reader. */
final class DefaultReaderBuilder<T> implements ReaderBuilder<T> {

	private final DefaultWeirClient client;

	private final Schema<T> schema;

	private @Nullable String topic;

	private @Nullable SeekTarget start;

	private List<MessageId> resumeAfter = List.of();

	private Set<Integer> partitions = Set.of();

	private boolean compacted;

	private String name;

	private int receiverQueueSize = DefaultConsumerBuilder.RECEIVER_QUEUE_SIZE;

	private long receiverQueueBytes = DefaultConsumerBuilder.RECEIVER_QUEUE_BYTES;

	DefaultReaderBuilder(DefaultWeirClient client, Schema<T> schema) {
		this.client = client;
		this.schema = schema;
		this.name = client.settings().name();
	}

	@Override
	public ReaderBuilder<T> topic(String topic) {
		Objects.requireNonNull(topic, "topic");
		this.topic = Topic.named(topic).name();
		return this;
	}

	@Override
	public ReaderBuilder<T> startAt(MessageId id) {
		this.start = SeekTarget.at(id);
		return this;
	}

	@Override
	public ReaderBuilder<T> startAfter(MessageId id) {
		this.start = SeekTarget.after(id);
		return this;
	}

	@Override
	public ReaderBuilder<T> startAt(Instant publishTime) {
		Objects.requireNonNull(publishTime, "publishTime");
		this.start = SeekTarget.at(publishTime);
		return this;
	}

	@Override
	public ReaderBuilder<T> startAt(InitialPosition position) {
		this.start = switch (position) {
			case EARLIEST -> SeekTarget.EARLIEST;
			case LATEST -> SeekTarget.LATEST;
		};
		return this;
	}

	@Override
	public ReaderBuilder<T> resumeAfter(Collection<MessageId> ids) {
		SeekTarget.after(Objects.requireNonNull(ids, "ids"), SeekTarget.LATEST);
		this.resumeAfter = List.copyOf(ids);
		return this;
	}

	@Override
	public ReaderBuilder<T> partitions(int... numbers) {
		Objects.requireNonNull(numbers, "numbers");
		Set<Integer> partitions = new TreeSet<>();
		for (int number : numbers) {
			if (number < 0 || number >= Topic.MAX_PARTITIONS) {
				throw new InvalidSettingException("partitions", "must be from 0 to " + (Topic.MAX_PARTITIONS - 1),
						number);
			}
			partitions.add(number);
		}
		this.partitions = Set.copyOf(partitions);
		return this;
	}

	@Override
	public ReaderBuilder<T> compacted() {
		this.compacted = true;
		return this;
	}

	@Override
	public ReaderBuilder<T> name(String name) {
		this.name = Require.name("name", Limits.MAX_NAME_BYTES, name);
		return this;
	}

	@Override
	public ReaderBuilder<T> receiverQueueSize(int size) {
		this.receiverQueueSize = Require.atLeast("receiverQueueSize", 1, size);
		return this;
	}

	@Override
	public ReaderBuilder<T> receiverQueueBytes(long bytes) {
		this.receiverQueueBytes = Require.bytes("receiverQueueBytes", bytes);
		return this;
	}

	@Override
	public Reader<T> create() {
		return Await.on(this::createAsync, "the broker to accept the reader", "createAsync");
	}

	@Override
	public CompletableFuture<Reader<T>> createAsync() {
		ConsumerSettings settings = settings();
		PartitionedConsumer<T> core = this.client.newConsumer(settings, this.schema, this.partitions);
		Executor callbacks = this.client.newCallbackQueue("the reader of topic '" + settings.topic() + "'");
		return CallbackFuture.of(
				this.client.open(core, core.open(),
						() -> new DefaultReader<>(core, callbacks, settings.topic(), settings.subscription())),
				callbacks);
	}

	/**
	 * Creates a table of what such a reader reads.
	 * @param listener told of each change
	 * @return the table, when everything was read that was there
	 */
	CompletableFuture<Table<T>> createTable(TableListener<? super T> listener) {
		ConsumerSettings settings = settings();
		PartitionedConsumer<T> core = this.client.newConsumer(settings, this.schema, this.partitions);
		Executor callbacks = this.client.newCallbackQueue("the table of topic '" + settings.topic() + "'");
		DefaultTable<T> table = new DefaultTable<>(core, callbacks, settings.topic(), listener);
		return CallbackFuture.of(this.client.open(core, table.read(), () -> table), callbacks);
	}

	private ConsumerSettings settings() {
		String topic = this.topic;
		SeekTarget start = this.start;
		if (topic == null || start == null) {
			throw new WeirException(ErrorCode.INVALID_CONFIGURATION, "A reader needs a topic and a place to start at");
		}
		String subscription = "reader-" + UUID.randomUUID();
		return new ConsumerSettings(topic, subscription, SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST,
				this.name, this.receiverQueueSize, this.receiverQueueBytes, Duration.ZERO, Duration.ZERO,
				RedeliveryBackoff.none()::next, null, null,
				this.resumeAfter.isEmpty() ? start : SeekTarget.after(this.resumeAfter, start), this.compacted,
				WeirException::from);
	}

}
