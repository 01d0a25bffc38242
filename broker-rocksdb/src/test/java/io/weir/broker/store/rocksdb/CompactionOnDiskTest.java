package io.weir.broker.store.rocksdb;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.runtime.Engine;
import io.weir.broker.policy.TopicPolicies;
import io.weir.broker.store.Durability;
import io.weir.broker.store.MessageIndex;
import io.weir.broker.store.StoreFixture;
import io.weir.broker.store.StoreFixture.Read;
import io.weir.broker.store.TopicLog;
import io.weir.message.AccessMode;
import io.weir.message.Headers;
import io.weir.message.Topic;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Budgets;
import io.weir.wire.MessageRecord;
import io.weir.wire.Position;
import io.weir.wire.codec.MessageBatch;

import static io.weir.broker.store.StoreFixture.readAll;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Compaction by an engine whose clock is turned, with a data directory. */
class CompactionOnDiskTest {

	private static final Duration SOON = Duration.ofSeconds(30);

	private static final int KEYS = 10;

	private static final int ENTRIES = 300;

	private final AtomicLong now = new AtomicLong(1_000_000);

	private final Map<Long, CompletableFuture<Effect>> answers = new ConcurrentHashMap<>();

	private long requests;

	@TempDir
	Path directory;

	@Test
	void severalTopicsAreCompactedAndStaySoAfterARestart() {
		try (RocksDbStorageEngine store = open()) {
			try (Engine engine = engine(store)) {
				for (String topic : List.of("a", "b", "c")) {
					publish(engine, topic);
				}
				for (String topic : List.of("a", "b", "c")) {
					awaitCompacted(engine, topic);
				}
			}
			assertThat(kept(store, "a")).isEqualTo(latest());
		}
		try (RocksDbStorageEngine store = open()) {
			assertThat(kept(store, "b")).isEqualTo(latest());
			assertThat(kept(store, "c")).isEqualTo(latest());
		}
	}

	@Test
	void whatABrokerThatHasEndedLeftIsTakenOutByTheNext() {
		try (RocksDbStorageEngine store = open()) {
			try (Engine engine = engine(store)) {
				publish(engine, "a");
			}
			try (Engine engine = engine(store)) {
				awaitCompacted(engine, "a");
				long bytes = snapshot(engine, "a").space().bytes();
				assertThat(bytes).isLessThan(2L * KEYS * 1000).isEqualTo(engine.figures().size());
			}
			try (Engine engine = engine(store)) {
				awaitPassed(engine, "a");
				assertThat(snapshot(engine, "a").space().bytes()).isLessThan(2L * KEYS * 1000);
			}
			assertThat(kept(store, "a")).isEqualTo(latest());
		}
	}

	private RocksDbStorageEngine open() {
		return RocksDbStorageEngine.open(this.directory, Durability.OS);
	}

	private Engine engine(RocksDbStorageEngine store) {
		Engine engine = new Engine(store, 2, this.now::get, Budgets.unlimited());
		engine.start((effect) -> {
			if (effect instanceof Effect.Answer answer) {
				CompletableFuture<Effect> waiting = this.answers.get(answer.to().ticket());
				if (waiting != null) {
					waiting.complete(answer);
				}
			}
		});
		return engine;
	}

	private void publish(Engine engine, String topic) {
		engine.policies().set(new Topic(topic), TopicPolicies.builder().compaction(true).build());
		Peer producer = new Peer(1, 1);
		ask(engine, topic, (to) -> new Command.OpenProducer(to, producer, "p", false, -1, AccessMode.SHARED)).join();
		List<CompletableFuture<Effect>> stored = new ArrayList<>();
		for (int i = 0; i < ENTRIES; i++) {
			int sequence = i;
			stored.add(ask(engine, topic, (to) -> message(to, producer, sequence)));
		}
		stored.forEach((each) -> assertThat(each.join()).isInstanceOf(Effect.Stored.class));
	}

	private static Command message(ReplyTo to, Peer producer, int sequence) {
		ByteBuf batch = Unpooled.buffer();
		MessageBatch.write(batch, new MessageRecord("key " + sequence % KEYS, null, Headers.empty(),
				Unpooled.copiedBuffer("x".repeat(1000), UTF_8)));
		MessageIndex index = MessageIndex.builder(1)
			.add(batch.readableBytes(), 0, MessageIndex.AT_ONCE, MessageIndex.NEVER)
			.build();
		return new Command.Publish(to, producer, sequence, index, BatchEncoding.plain(batch), batch);
	}

	private CompletableFuture<Effect> ask(Engine engine, String topic, Function<ReplyTo, Command> command) {
		long request = ++this.requests;
		CompletableFuture<Effect> answer = new CompletableFuture<>();
		this.answers.put(request, answer);
		engine.submit(new Topic(topic), command.apply(new ReplyTo(1, request)));
		return answer;
	}

	private void awaitCompacted(Engine engine, String topic) {
		awaitPassed(engine, topic);
		TopicSnapshot.Compaction compaction = snapshot(engine, topic).space().compaction();
		assertThat(compaction.messages()).isEqualTo(ENTRIES - KEYS);
	}

	/** Turns the clock until the topic was gone through. */
	private void awaitPassed(Engine engine, String topic) {
		await().atMost(SOON).until(() -> {
			this.now.addAndGet(5_000);
			engine.tick();
			TopicSnapshot.Compaction compaction = snapshot(engine, topic).space().compaction();
			return compaction != null && compaction.passes() > 0;
		});
	}

	private static TopicSnapshot snapshot(Engine engine, String topic) {
		return engine.snapshot(new Topic(topic)).toCompletableFuture().join().get(0);
	}

	private static List<Position> kept(RocksDbStorageEngine store, String topic) {
		TopicLog log = StoreFixture.await(store.open(new Topic(topic), Long.MAX_VALUE)).log();
		return readAll(log).stream().map(Read::position).toList();
	}

	private static List<Position> latest() {
		List<Position> latest = new ArrayList<>();
		for (int i = ENTRIES - KEYS; i < ENTRIES; i++) {
			latest.add(new Position(0, i));
		}
		return latest;
	}

}
