package io.weir.client.internal.consumer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;
import java.util.function.Predicate;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

import io.weir.client.internal.fakes.FakeBroker.Received;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.message.Headers;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;
import io.weir.time.BackoffRule;
import io.weir.transport.fakes.FakeStream;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Frame;
import io.weir.wire.MessageRecord;
import io.weir.wire.Position;
import io.weir.wire.codec.MessageBatch;

/** A consumer in a {@link FakeWorld}, and the broker's side of its deliveries. */
final class ConsumerFixture {

	static final Duration ACKNOWLEDGEMENT_DELAY = Duration.ofMillis(10);

	final FakeWorld world = new FakeWorld();

	int receiverQueueSize = 10;

	long receiverQueueBytes = 64 * 1024 * 1024;

	SubscriptionType type = SubscriptionType.EXCLUSIVE;

	Duration ackTimeout = Duration.ZERO;

	IntFunction<Duration> redeliveryBackoff = (redeliveryCount) -> Duration.ZERO;

	/** The same as the broker is told. */
	@Nullable BackoffRule backoffRule;

	ConsumerSettings.@Nullable DeadLettering deadLettering;

	@Nullable SeekTarget readFrom;

	final LongAdder damagedBatches = new LongAdder();

	CompletableFuture<ConsumerCore<String>> subscribed = new CompletableFuture<>();

	ConsumerCore<String> open() {
		this.world.manager().start();
		return openAnother();
	}

	/** One more on the same connection. */
	ConsumerCore<String> openAnother() {
		ConsumerCore<String> consumer = consumer();
		this.subscribed = consumer.open();
		return consumer;
	}

	/** A reader that tells when it has all that was stored. */
	ConsumerCore<String> open(Predicate<Optional<MessageId>> endListener) {
		this.world.manager().start();
		ConsumerCore<String> consumer = consumer();
		consumer.onEnd(endListener);
		this.subscribed = consumer.open();
		return consumer;
	}

	private ConsumerCore<String> consumer() {
		ConsumerSettings settings = settings("topic");
		return core(settings, new Inboxes<>(settings));
	}

	ConsumerSettings settings(String topic) {
		return new ConsumerSettings(topic, "subscription", this.type, InitialPosition.EARLIEST, "consumer",
				this.receiverQueueSize, this.receiverQueueBytes, ACKNOWLEDGEMENT_DELAY, this.ackTimeout,
				this.redeliveryBackoff, this.backoffRule, this.deadLettering, this.readFrom, (cause) -> cause);
	}

	/** The consumer of one partition. */
	ConsumerCore<String> core(ConsumerSettings settings, Inboxes<String> inboxes) {
		return new ConsumerCore<>(settings, Schema.string(), inboxes, this.world.manager(), this.world.timer(),
				this.world.backoff(), this.damagedBatches);
	}

	static MessageId id(long entry, int index) {
		return new Position(0, entry).message(index);
	}

	/** Delivers an entry on the stream of the last subscription. */
	void deliver(long entry, String... values) {
		deliver(entry, new BitSet(), values);
	}

	void deliver(long entry, BitSet acknowledged, String... values) {
		Received subscription = this.world.broker().last(Frame.Subscribe.class);
		deliver(subscription.stream(), entry, acknowledged, values);
	}

	/** Delivers a part of an entry on the stream of the last subscription. */
	void deliverPart(long entry, int firstIndex, String... values) {
		Received subscription = this.world.broker().last(Frame.Subscribe.class);
		long consumerId = ((Frame.Subscribe) subscription.frame()).consumerId();
		ByteBuf batch = batch(values);
		subscription.stream()
			.say(0, new Frame.Deliver(consumerId, new Position(0, entry), 0, 1_000, "producer", 100 * entry, firstIndex,
					values.length, new BitSet(), BatchEncoding.plain(batch), batch));
	}

	/** Delivers an entry on the stream of the last subscription, with a bit flipped. */
	void deliverDamaged(long entry, String... values) {
		Received subscription = this.world.broker().last(Frame.Subscribe.class);
		long consumerId = ((Frame.Subscribe) subscription.frame()).consumerId();
		ByteBuf batch = batch(values);
		BatchEncoding encoding = BatchEncoding.plain(batch);
		int last = batch.writerIndex() - 1;
		batch.setByte(last, batch.getByte(last) ^ 1);
		subscription.stream()
			.say(0, new Frame.Deliver(consumerId, new Position(0, entry), 0, 1_000, "producer", 100 * entry, 0,
					values.length, new BitSet(), encoding, batch));
	}

	/** Delivers an entry that was delivered before. */
	void redeliver(long entry, int redeliveryCount, String... values) {
		Received subscription = this.world.broker().last(Frame.Subscribe.class);
		deliver(subscription.stream(), ((Frame.Subscribe) subscription.frame()).consumerId(), entry, redeliveryCount,
				new BitSet(), values);
	}

	/** Delivers an entry to the consumer of the last subscription, on any stream. */
	void deliver(FakeStream stream, long entry, BitSet acknowledged, String... values) {
		Received subscription = this.world.broker().last(Frame.Subscribe.class);
		deliver(stream, ((Frame.Subscribe) subscription.frame()).consumerId(), entry, acknowledged, values);
	}

	/** Delivers an entry to whatever consumer. */
	void deliver(FakeStream stream, long consumerId, long entry, BitSet acknowledged, String... values) {
		deliver(stream, consumerId, entry, 0, acknowledged, values);
	}

	private void deliver(FakeStream stream, long consumerId, long entry, int redeliveryCount, BitSet acknowledged,
			String... values) {
		stream.say(0, new Frame.Deliver(consumerId, new Position(0, entry), redeliveryCount, 1_000, "producer",
				100 * entry, values.length, acknowledged, batch(values)));
	}

	private static ByteBuf batch(String... values) {
		ByteBuf batch = ByteBufAllocator.DEFAULT.directBuffer();
		for (String value : values) {
			ByteBuf payload = Unpooled.wrappedBuffer(value.getBytes(StandardCharsets.UTF_8));
			MessageBatch.write(batch, new MessageRecord("key", null, Headers.empty(), payload));
		}
		return batch;
	}

	/** The permits that were granted in the last subscription. */
	int granted() {
		long consumerId = ((Frame.Subscribe) this.world.broker().last(Frame.Subscribe.class).frame()).consumerId();
		return this.world.broker()
			.received(Frame.Flow.class)
			.filter((flow) -> flow.stream().connection() == this.world.connection())
			.map((flow) -> (Frame.Flow) flow.frame())
			.filter((flow) -> flow.consumerId() == consumerId)
			.mapToInt(Frame.Flow::permits)
			.sum();
	}

	static @Nullable Message<String> poll(ConsumerCore<String> consumer) {
		try {
			return consumer.messages().receive(Duration.ZERO);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Takes all that is there. */
	static List<Message<String>> takeAll(ConsumerCore<String> consumer) {
		List<Message<String>> taken = new ArrayList<>();
		Message<String> message = poll(consumer);
		while (message != null) {
			taken.add(message);
			message = poll(consumer);
		}
		return taken;
	}

	static List<String> values(List<Message<String>> messages) {
		return messages.stream().map(Message::value).toList();
	}

}
