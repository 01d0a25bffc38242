package io.weir.broker.engine.runtime;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;

import io.weir.broker.deadletter.DeadLetterFilter;
import io.weir.broker.deadletter.DeadLetterPage;
import io.weir.broker.deadletter.Replay;
import io.weir.broker.engine.ClientSessions;
import io.weir.broker.engine.Command;
import io.weir.broker.engine.LocalSession;
import io.weir.broker.engine.Peer;
import io.weir.broker.store.Entry;
import io.weir.broker.store.MessageIndex;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.StoreFixture;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.AccessMode;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.Headers;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.message.Topic;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Budgets;
import io.weir.wire.MessageRecord;
import io.weir.wire.Position;
import io.weir.wire.codec.MessageBatch;

/** An engine with dead letters, and what replays them. */
abstract class ReplayFixture {

	static final Topic ORDERS = new Topic("orders");

	static final Topic DEAD = new Topic("dead");

	final MemoryStorageEngine memory = new MemoryStorageEngine();

	final Budgets budgets = new Budgets((limit) -> Long.MAX_VALUE / 2);

	Engine engine;

	LocalSession session;

	Replays replays;

	ReplayFixture() {
		startOn(this.memory);
	}

	@AfterEach
	void close() {
		stop();
		this.memory.close();
	}

	final void startOn(StorageEngine store) {
		ClientSessions sessions = new ClientSessions();
		this.engine = new Engine(store, 2, () -> 42, this.budgets);
		this.engine.start(sessions);
		this.session = LocalSession.open(sessions, this.engine::submit, this.budgets);
		this.replays = Replays.of(this.engine, this.session, store.metadata(), () -> 42);
		this.replays.resume();
	}

	void stop() {
		this.replays.close();
		this.session.close();
		this.engine.close();
	}

	void restart() {
		stop();
		startOn(this.memory);
	}

	static <T> T await(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
	}

	/** Publishes dead letters that say that they are from {@link #ORDERS}. */
	void dead(int count) {
		Peer producer = open(DEAD);
		List<CompletionStage<?>> published = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			DeadLetterOrigin origin = new DeadLetterOrigin("orders", "billing", MessageIds.of(0, 0, i, 0), 3,
					"Timeout " + i);
			published.add(publish(DEAD, producer, i, "m" + i, origin.addTo(Headers.empty())));
		}
		published.forEach(ReplayFixture::await);
	}

	void dead(String payload, DeadLetterOrigin origin) {
		publish(DEAD, payload, (origin != null) ? origin.addTo(Headers.empty()) : Headers.empty());
	}

	/** With its payload as its key. */
	void publish(Topic topic, String payload, Headers headers) {
		await(publish(topic, open(topic), 0, payload, headers));
	}

	private CompletionStage<?> publish(Topic topic, Peer producer, long sequence, String payload, Headers headers) {
		ByteBuf bytes = Unpooled.copiedBuffer(payload, StandardCharsets.UTF_8);
		MessageRecord record = new MessageRecord(payload, null, headers, bytes);
		ByteBuf batch = Unpooled.buffer();
		MessageBatch.write(batch, record);
		MessageIndex index = MessageIndex.builder(1)
			.add(batch.readableBytes(), 7, MessageIndex.AT_ONCE, MessageIndex.NEVER)
			.build();
		return this.session.ask(topic, (replyTo) -> new Command.Publish(replyTo, producer, sequence, index,
				BatchEncoding.plain(batch), batch));
	}

	/** Makes a topic, unless there is one. */
	Peer open(Topic topic) {
		Peer producer = this.session.newPeer();
		await(this.session.ask(topic, (replyTo) -> new Command.OpenProducer(replyTo, producer, "p" + producer.id(),
				true, -1, AccessMode.SHARED)));
		return producer;
	}

	Replay replayAll(boolean again) {
		return replay(DeadLetterFilter.all(), again);
	}

	Replay replay(DeadLetterFilter filter, boolean again) {
		await(this.replays.start(DEAD, null, filter, again));
		return awaitEnd();
	}

	Replay replay(MessageId id, boolean again) {
		await(this.replays.start(DEAD, id, DeadLetterFilter.all(), again));
		return awaitEnd();
	}

	Replay awaitEnd() {
		return Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(this::status, (status) -> status.state() != Replay.State.RUNNING);
	}

	Replay status() {
		return await(this.replays.status(DEAD)).orElseThrow();
	}

	DeadLetterPage list() {
		return await(this.replays.list(DEAD, DeadLetterFilter.all(), null, 1_000));
	}

	static MessageId id(long entry) {
		return new Position(0, entry).message(0);
	}

	/** What a topic has; nothing works with it afterwards. */
	List<String> stored(Topic topic) {
		return records(topic).stream().map((record) -> record.payload().toString(StandardCharsets.UTF_8)).toList();
	}

	List<MessageRecord> records(Topic topic) {
		stop();
		OpenedLog opened = StoreFixture.await(this.memory.open(topic, Long.MAX_VALUE));
		List<Entry> entries = StoreFixture.await(opened.log().read(Position.BEFORE_FIRST.after(), 10_000, 10_000_000));
		List<MessageRecord> records = entries.stream()
			.flatMap(
					(entry) -> MessageBatch.read(Unpooled.copiedBuffer(entry.batch()), entry.header().count()).stream())
			.toList();
		entries.forEach(Entry::release);
		return records;
	}

}
