package io.weir.broker.engine.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.store.Entry;
import io.weir.broker.store.FaultyStorageEngine;
import io.weir.broker.store.MessageIndexes;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.OwnershipService.Ownership;
import io.weir.broker.store.StorageException.Kind;
import io.weir.broker.store.StoreFixture;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.AccessMode;
import io.weir.message.Topic;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** Topics over a store that is slow, fails, or is fenced in the middle. */
class FaultyStoreTest {

	private static final Topic TOPIC = new Topic("topic");

	private static final int BATCHES = 50;

	private final MemoryStorageEngine memory = new MemoryStorageEngine();

	private final FaultyStorageEngine store = new FaultyStorageEngine(this.memory);

	private final BlockingQueue<Effect.Telling> told = new LinkedBlockingQueue<>();

	private final Engine engine = new Engine(this.store, 2, () -> 42, Budgets.unlimited());

	private final Map<Long, Position> receipts = new TreeMap<>();

	private long epoch = -1;

	private long requests;

	private long producers;

	FaultyStoreTest() {
		this.engine.start(this.told::add);
	}

	@AfterEach
	void close() {
		this.engine.close();
		this.store.close();
	}

	@Test
	void receiptsOfASlowStoreMustComeInOrder() throws InterruptedException {
		assertThat(publishAll()).isEqualTo(ErrorCode.NONE);
		assertThat(new ArrayList<>(this.receipts.values())).isSorted();
		assertStoredOnce();
	}

	@ParameterizedTest
	@EnumSource(names = { "FENCED", "UNAVAILABLE" })
	void topicWhoseLogIsLostInTheMiddleMustOpenAgainByItselfAndStoreEachBatchOnce(Kind kind)
			throws InterruptedException {
		this.store.failAfter(BATCHES / 2, kind);
		assertThat(publishAll()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
		assertThat(this.receipts).hasSize(BATCHES / 2);
		assertThat(publishAll()).isEqualTo(ErrorCode.NONE);
		assertStoredOnce();
	}

	@Test
	void ownerThatIsReplacedMustLetGoOfItsTopicsAndOwnThemAgainWhenTheyAreUsed() throws InterruptedException {
		assertThat(publishAll()).isEqualTo(ErrorCode.NONE);
		Ownership other = StoreFixture.await(this.memory.ownership().acquire(TopicOwner.bundle(TOPIC)));
		Effect.Telling told = next();
		assertThat(told).isInstanceOfSatisfying(Effect.ProducerClosed.class, (closed) -> {
			assertThat(closed.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
			assertThat(closed.reason()).contains("newer owner, with epoch " + other.epoch());
		});
		assertThat(publishAll()).isEqualTo(ErrorCode.NONE);
		assertThat(StoreFixture.await(other.lost()).kind()).isEqualTo(Kind.FENCED);
		assertStoredOnce();
	}

	@Test
	void failureForGoodMustBeToldAsSuch() throws InterruptedException {
		this.store.failAfter(BATCHES / 2, Kind.FAILED);
		assertThat(publishAll()).isEqualTo(ErrorCode.STORAGE_FAILED);
		assertThat(ErrorCode.STORAGE_FAILED.retryable()).isFalse();
		assertThat(this.receipts).hasSize(BATCHES / 2);
	}

	/** Opens a producer and publishes all batches; says why one was refused, if so. */
	private ErrorCode publishAll() throws InterruptedException {
		Peer producer = open();
		Map<Long, Long> sequences = new TreeMap<>();
		for (long sequence = 0; sequence < BATCHES; sequence++) {
			sequences.put(++this.requests, sequence);
			ByteBuf batch = Unpooled.buffer().writeLong(sequence);
			this.engine.submit(TOPIC, new Command.Publish(new ReplyTo(1, this.requests), producer, sequence,
					MessageIndexes.even(1, Long.BYTES), BatchEncoding.plain(batch), batch));
		}
		ErrorCode refused = ErrorCode.NONE;
		while (!sequences.isEmpty()) {
			Effect.Telling answer = next();
			Long sequence = sequences.remove(ticket(answer));
			if (sequence != null && answer instanceof Effect.Stored stored) {
				assertThat(this.receipts.merge(sequence, stored.position(), (first, again) -> first))
					.isEqualTo(stored.position());
			}
			else if (sequence != null && refused == ErrorCode.NONE) {
				refused = ((Effect.Refused) answer).code();
			}
		}
		return refused;
	}

	private Peer open() throws InterruptedException {
		while (true) {
			Peer producer = new Peer(1, ++this.producers);
			long request = ++this.requests;
			this.engine.submit(TOPIC, new Command.OpenProducer(new ReplyTo(1, request), producer, "p", false,
					this.epoch, AccessMode.EXCLUSIVE));
			Effect.Telling answer = next();
			while (ticket(answer) != request) {
				answer = next();
			}
			if (answer instanceof Effect.ProducerOpened opened) {
				this.epoch = opened.epoch();
				return producer;
			}
		}
	}

	/** By which an effect answers, or none. */
	private static long ticket(Effect.Telling effect) {
		return (effect instanceof Effect.Answer answer) ? answer.to().ticket() : ReplyTo.NOBODY;
	}

	private Effect.Telling next() throws InterruptedException {
		Effect.Telling next = this.told.poll(20, TimeUnit.SECONDS);
		assertThat(next).isNotNull();
		return next;
	}

	private void assertStoredOnce() {
		assertThat(this.receipts).hasSize(BATCHES);
		OpenedLog opened = StoreFixture.await(this.memory.open(TOPIC, Long.MAX_VALUE));
		List<Entry> stored = StoreFixture.await(opened.log().read(Position.BEFORE_FIRST, 1000, 1_000_000));
		assertThat(stored).extracting((entry) -> entry.header().firstSequence()).isSorted().hasSize(BATCHES);
		assertThat(stored).extracting(Entry::position).containsExactlyElementsOf(this.receipts.values());
		stored.forEach(Entry::release);
	}

}
