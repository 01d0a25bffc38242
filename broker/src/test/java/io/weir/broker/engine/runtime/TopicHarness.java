package io.weir.broker.engine.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.SubscriptionChange;
import io.weir.broker.store.MessageIndex;
import io.weir.broker.store.MessageIndexBuilder;
import io.weir.broker.store.MessageIndexes;
import io.weir.message.AccessMode;
import io.weir.message.Compression;
import io.weir.message.Headers;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Budgets;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.FailureReport;
import io.weir.wire.MessageRecord;
import io.weir.wire.Position;
import io.weir.wire.RedeliveryPolicy;
import io.weir.wire.codec.MessageBatch;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A topic's core over a log in memory, and what can be asked of it. What the storage does
 * is up to {@link TopicRunner}.
 */
public final class TopicHarness extends TopicRunner {

	public TopicHarness() {
		this("topic");
	}

	public TopicHarness(String name) {
		this(name, Budgets.unlimited());
	}

	public TopicHarness(String name, Budgets budgets) {
		super(name, budgets);
	}

	/** Messages whose sequence ids end with the same digit have the same key. */
	public static MessageIndex index(long firstSequence, int count) {
		return MessageIndexes.even(count, Long.BYTES, (i) -> (int) ((firstSequence + i) % 10));
	}

	public long openProducer(Peer producer, String name) {
		return openProducer(producer, name, -1, AccessMode.SHARED);
	}

	public long openProducer(Peer producer, String name, long epoch, AccessMode mode) {
		return ask((to) -> handle(new Command.OpenProducer(to, producer, name, false, epoch, mode)), producer);
	}

	/** Opens a producer whose name the broker made up. */
	public long openGenerated(Peer producer, String name) {
		return ask((to) -> handle(new Command.OpenProducer(to, producer, name, true, -1, AccessMode.SHARED)), producer);
	}

	public long closeProducer(Peer producer) {
		return ask((to) -> handle(new Command.CloseProducer(to, producer)), producer);
	}

	public long publish(Peer producer, long firstSequence, int count) {
		return publish(producer, firstSequence, count, new BatchEncoding(Compression.NONE, 0, 0));
	}

	/** Publishes what says that it is compressed, but is not. */
	public long publish(Peer producer, long firstSequence, int count, BatchEncoding encoding) {
		ByteBuf batch = Unpooled.buffer();
		for (int i = 0; i < count; i++) {
			batch.writeLong(firstSequence + i);
		}
		this.buffers.add(batch);
		return ask(
				(to) -> handle(
						new Command.Publish(to, producer, firstSequence, index(firstSequence, count), encoding, batch)),
				producer);
	}

	/** Publishes a batch that can be read: of each message its key and value, or null. */
	public long publishKeyed(Peer producer, long firstSequence, @Nullable String... keysAndValues) {
		ByteBuf batch = Unpooled.buffer();
		MessageIndexBuilder index = MessageIndex.builder(keysAndValues.length / 2);
		for (int i = 0; i < keysAndValues.length; i += 2) {
			int start = batch.writerIndex();
			String value = keysAndValues[i + 1];
			MessageBatch.write(batch, new MessageRecord(keysAndValues[i], null, Headers.empty(),
					(value != null) ? Unpooled.copiedBuffer(value, UTF_8) : Unpooled.EMPTY_BUFFER));
			index.add(batch.writerIndex() - start, 0, MessageIndex.AT_ONCE, MessageIndex.NEVER);
		}
		this.buffers.add(batch);
		return ask((to) -> handle(new Command.Publish(to, producer, firstSequence, index.build(),
				new BatchEncoding(Compression.NONE, 0, 0), batch)), producer);
	}

	/** Publishes a message that is to be delivered at a time. */
	public long delay(Peer producer, long sequence, long due) {
		ByteBuf batch = Unpooled.buffer().writeLong(sequence);
		this.buffers.add(batch);
		MessageIndex index = MessageIndexes.of(1, (i) -> new long[] { Long.BYTES, 0, due, MessageIndex.NEVER });
		return ask((to) -> handle(
				new Command.Publish(to, producer, sequence, index, new BatchEncoding(Compression.NONE, 0, 0), batch)),
				producer);
	}

	/** Publishes messages each of which expires at a time. */
	public long expiring(Peer producer, long firstSequence, long... expiresAt) {
		ByteBuf batch = Unpooled.buffer();
		for (int i = 0; i < expiresAt.length; i++) {
			batch.writeLong(firstSequence + i);
		}
		this.buffers.add(batch);
		MessageIndex index = MessageIndexes.of(expiresAt.length,
				(i) -> new long[] { Long.BYTES, i, MessageIndex.AT_ONCE, expiresAt[i] });
		return ask((to) -> handle(new Command.Publish(to, producer, firstSequence, index,
				new BatchEncoding(Compression.NONE, 0, 0), batch)), producer);
	}

	/** Where a message was stored. */
	public Position positionOf(long request) {
		return Objects.requireNonNull(((Effect.Stored) answer(request)).position());
	}

	public long cancel(Peer producer, Position message) {
		return ask((to) -> handle(new Command.CancelDelayed(to, producer, message)), producer);
	}

	public long subscribe(Peer consumer, String subscription, SubscriptionType type, InitialPosition initial) {
		return ask((to) -> handle(new Command.Subscribe(to, consumer, subscription, type, initial, "test", true,
				ConsumerInstance.once())), consumer);
	}

	/**
	 * Subscribes from the beginning, stating what becomes of what is not acknowledged.
	 */
	public long subscribe(Peer consumer, String subscription, SubscriptionType type, RedeliveryPolicy policy) {
		return ask((to) -> handle(new Command.Subscribe(to, consumer, subscription, type, InitialPosition.EARLIEST,
				"test", true, ConsumerInstance.once(), () -> true, policy)), consumer);
	}

	/** Introduces a consumer that has been here before, or will be again. */
	public long introduce(Peer consumer, String subscription, SubscriptionType type, boolean durable,
			ConsumerInstance instance) {
		return ask((to) -> handle(new Command.Subscribe(to, consumer, subscription, type, InitialPosition.EARLIEST,
				"test", durable, instance)), consumer);
	}

	/** Subscribes from the beginning, until the consumer goes. */
	public long read(Peer consumer, String subscription) {
		return ask((to) -> handle(new Command.Subscribe(to, consumer, subscription, SubscriptionType.EXCLUSIVE,
				InitialPosition.EARLIEST, "test", false, ConsumerInstance.once())), consumer);
	}

	/** As {@link #read}, passing over what has later messages of its keys. */
	public long readCompacted(Peer consumer, String subscription) {
		return ask(
				(to) -> handle(new Command.Subscribe(to, consumer, subscription, SubscriptionType.EXCLUSIVE,
						InitialPosition.EARLIEST, "test", false, ConsumerInstance.once(), () -> true, null, true)),
				consumer);
	}

	/** As {@link #read}, stating what becomes of what is not acknowledged. */
	public long read(Peer consumer, String subscription, RedeliveryPolicy policy) {
		return ask(
				(to) -> handle(new Command.Subscribe(to, consumer, subscription, SubscriptionType.EXCLUSIVE,
						InitialPosition.EARLIEST, "test", false, ConsumerInstance.once(), () -> true, policy)),
				consumer);
	}

	/** Subscribes from the beginning, exclusively. */
	public void consume(Peer consumer, String subscription, int permits) {
		subscribe(consumer, subscription, SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST);
		flow(consumer, permits);
	}

	/** Subscribes from the beginning, sharing. */
	public void share(Peer consumer, String subscription, int permits) {
		subscribe(consumer, subscription, SubscriptionType.SHARED, InitialPosition.EARLIEST);
		flow(consumer, permits);
	}

	/** Subscribes from the beginning, sharing by key. */
	public void shareByKey(Peer consumer, String subscription, int permits) {
		subscribe(consumer, subscription, SubscriptionType.KEY_SHARED, InitialPosition.EARLIEST);
		flow(consumer, permits);
	}

	/** Subscribes from the beginning, as active consumer or in waiting. */
	public void standBy(Peer consumer, String subscription, int permits) {
		subscribe(consumer, subscription, SubscriptionType.FAILOVER, InitialPosition.EARLIEST);
		flow(consumer, permits);
	}

	public void flow(Peer consumer, int permits) {
		handle(new Command.Flow(consumer, permits));
	}

	public long acknowledge(Peer consumer, MessageId... ids) {
		return acknowledge(consumer, List.of(ids));
	}

	public long acknowledge(Peer consumer, List<MessageId> ids) {
		return ask((to) -> handle(new Command.Acknowledge(to, consumer, ids)), consumer);
	}

	public long acknowledgeUpTo(Peer consumer, MessageId id) {
		return ask((to) -> handle(new Command.AcknowledgeUpTo(to, consumer, id)), consumer);
	}

	public long seek(Peer consumer, MessageId id) {
		return ask((to) -> handle(new Command.ChangeOwn(to, consumer, new SubscriptionChange.MoveToMessage(id))),
				consumer);
	}

	public long seek(Peer consumer, long publishTime) {
		return ask((to) -> handle(new Command.ChangeOwn(to, consumer, new SubscriptionChange.MoveToTime(publishTime))),
				consumer);
	}

	public long trim(Position before, boolean unacknowledged) {
		return ask((to) -> handle(new Command.Trim(to, before, unacknowledged)), new Peer(99, 0));
	}

	public long awaitEnd(Peer consumer) {
		return ask((to) -> handle(new Command.AwaitEnd(to, consumer)), consumer);
	}

	public long askBacklog(Peer consumer) {
		return ask((to) -> handle(new Command.AskBacklog(to, consumer)), consumer);
	}

	public long unsubscribe(Peer consumer) {
		return ask((to) -> handle(new Command.ChangeOwn(to, consumer, new SubscriptionChange.Delete())), consumer);
	}

	/** Asks for a change without being a consumer. */
	public long change(String subscription, SubscriptionChange change) {
		return ask((to) -> handle(new Command.ChangeSubscription(to, subscription, change)), new Peer(99, 0));
	}

	public void negativeAcknowledge(Peer consumer, MessageId... ids) {
		handle(new Command.NegativeAcknowledge(consumer, List.of(ids)));
	}

	public void negativeAcknowledge(Peer consumer, Duration delay, MessageId... ids) {
		handle(new Command.NegativeAcknowledge(consumer, List.of(ids), delay.toMillis(), false, FailureReport.NONE));
	}

	public void negativeAcknowledge(Peer consumer, String error, MessageId... ids) {
		handle(new Command.NegativeAcknowledge(consumer, List.of(ids), -1, false, FailureReport.of(error)));
	}

	/** Gives up a message. */
	public void giveUp(Peer consumer, MessageId id, String error) {
		handle(new Command.NegativeAcknowledge(consumer, List.of(id), -1, true, FailureReport.of(error)));
	}

	public long closeConsumer(Peer consumer) {
		return ask((to) -> handle(new Command.CloseConsumer(to, consumer)), consumer);
	}

	public void endSession(long session) {
		handle(new Command.SessionEnded(session));
	}

	/** A delivered message. */
	public record Delivery(MessageId id, long sequence, int redeliveryCount) {
	}

}
