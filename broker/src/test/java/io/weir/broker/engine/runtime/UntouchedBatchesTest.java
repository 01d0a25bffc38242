package io.weir.broker.engine.runtime;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.weir.broker.engine.Asleep;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.Outcome;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.context.EngineContext;
import io.weir.broker.engine.topic.TopicCore;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.MessageIndex;
import io.weir.broker.store.MessageIndexes;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.Compression;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.BatchEncoding;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** A topic delivers by the index of an entry: its bytes may be compressed, or damaged. */
class UntouchedBatchesTest {

	private static final int COUNT = 100;

	private static final int SIZE = 8;

	private static final int KEYS = 20;

	private static final Peer FIRST = new Peer(1, 1);

	private static final Peer SECOND = new Peer(2, 1);

	private static final MessageIndex INDEX = MessageIndexes.even(COUNT, SIZE, (i) -> 1 + i % KEYS);

	private final MemoryStorageEngine store = new MemoryStorageEngine();

	private final ByteBuf batch = new UntouchableBatch();

	private final Deque<Command> commands = new ArrayDeque<>();

	private final List<Effect.Deliver> deliveries = new ArrayList<>();

	@AfterEach
	void closeAndCheckThatTheBatchIsReleased() {
		this.deliveries.forEach((deliver) -> deliver.entry().release());
		assertThat(this.batch.refCnt()).isZero();
		this.store.close();
	}

	@ParameterizedTest
	@CsvSource({ "EXCLUSIVE, NONE", "FAILOVER, NONE", "SHARED, NONE", "KEY_SHARED, NONE", "SHARED, ZSTD",
			"KEY_SHARED, ZSTD" })
	void topicMustNotLookIntoTheBytesThatItDelivers(SubscriptionType type, Compression compression) {
		BatchEncoding encoding = new BatchEncoding(compression, (compression != Compression.NONE) ? COUNT * SIZE : 0,
				0);
		EntryHeader header = new EntryHeader("p", 0, INDEX, 0, encoding);
		OpenedLog opened = this.store.open(new Topic("t"), 1).toCompletableFuture().join();
		opened.log().append(header, Unpooled.buffer().writeZero(1)).toCompletableFuture().join();
		TopicCore topic = TopicCore.recover(opened, EngineContext.unlimited());
		this.commands.add(new Command.Opened(Policies.none(), Asleep.UNTIL_NOW));
		this.commands.add(subscribe(FIRST, type));
		this.commands.add(subscribe(SECOND, type));
		for (int permits : new int[] { 3, 7, COUNT }) {
			this.commands.add(new Command.Flow(FIRST, permits));
			this.commands.add(new Command.Flow(SECOND, permits));
			run(topic, new Entry(new Position(0, 0), header, this.batch));
		}
		topic.close();
		assertThat(Stream.concat(messagesOf(FIRST).stream(), messagesOf(SECOND).stream())).hasSize(COUNT)
			.doesNotHaveDuplicates();
		if (type == SubscriptionType.KEY_SHARED) {
			assertThat(keysOf(FIRST)).isNotEmpty().doesNotContainAnyElementsOf(keysOf(SECOND));
			assertThat(keysOf(SECOND)).isNotEmpty();
		}
	}

	private void run(TopicCore topic, Entry entry) {
		while (!this.commands.isEmpty()) {
			for (Effect effect : topic.handle(this.commands.remove(), 0)) {
				if (effect instanceof Storing.CreateCursor create) {
					this.commands.add(new Outcome.CursorCreated(create.subscription()));
				}
				else if (effect instanceof Storing.Read read) {
					this.commands.add(read.done(List.of(entry)));
				}
				else if (effect instanceof Effect.Deliver deliver) {
					this.deliveries.add(deliver);
					this.commands.add(new Command.DeliveryWritten(deliver.consumer(), deliver.bytes()));
				}
			}
		}
	}

	private static Command subscribe(Peer consumer, SubscriptionType type) {
		return new Command.Subscribe(new ReplyTo(consumer.session(), 1), consumer, "s", type, InitialPosition.EARLIEST,
				"c", true, ConsumerInstance.once());
	}

	private Set<Integer> messagesOf(Peer consumer) {
		Set<Integer> messages = new HashSet<>();
		for (Effect.Deliver deliver : this.deliveries) {
			if (deliver.consumer().equals(consumer)) {
				IntStream.range(0, deliver.count())
					.filter((i) -> !deliver.passOver().get(i))
					.forEach((i) -> assertThat(messages.add(deliver.firstIndex() + i)).isTrue());
			}
		}
		return messages;
	}

	private Set<Integer> keysOf(Peer consumer) {
		Set<Integer> keys = new HashSet<>();
		messagesOf(consumer).forEach((message) -> keys.add(INDEX.keyHash(message)));
		return keys;
	}

	/** Bytes that nobody may look at. */
	private static final class UntouchableBatch extends UnpooledHeapByteBuf {

		UntouchableBatch() {
			super(UnpooledByteBufAllocator.DEFAULT, COUNT * SIZE, COUNT * SIZE);
			writerIndex(COUNT * SIZE);
		}

		@Override
		protected byte _getByte(int index) {
			throw touched();
		}

		@Override
		protected int _getInt(int index) {
			throw touched();
		}

		@Override
		protected long _getLong(int index) {
			throw touched();
		}

		@Override
		public ByteBuf getBytes(int index, byte[] out, int start, int length) {
			throw touched();
		}

		@Override
		public ByteBuffer nioBuffer(int index, int length) {
			throw touched();
		}

		@Override
		public byte[] array() {
			throw touched();
		}

		@Override
		public ByteBuf duplicate() {
			throw touched();
		}

		@Override
		public ByteBuf slice(int index, int length) {
			throw touched();
		}

		private static AssertionError touched() {
			return new AssertionError("Somebody looks into the batch");
		}

	}

}
