package io.weir.benchmarks.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.store.StorageEngine;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;

/** What topics and subscriptions cost on the heap while nobody uses them. */
final class IdleMemory {

	private static final int TOPICS = 4_000;

	private static final int SUBSCRIPTIONS = 10;

	private static final int GOAL_TOPIC = 2 * 1024;

	private static final int GOAL_SUBSCRIPTION = 1024;

	private final Report report;

	IdleMemory(Report report) {
		this.report = report;
	}

	void measure(String storeName, StorageEngine store) {
		try (RunningEngine engine = new RunningEngine(store)) {
			List<Topic> topics = IntStream.range(0, TOPICS).mapToObj((i) -> new Topic("idle/" + i)).toList();
			openAndClose(engine, new Topic("warm-up"));
			long before = Heap.used();
			all(topics.size(), (i) -> openAndClose(engine, topics.get(i)));
			long withTopics = Heap.used();
			this.report.bytes("idle topic, nothing stored; heap, " + storeName, (withTopics - before) / (double) TOPICS,
					GOAL_TOPIC);
			for (SubscriptionType type : List.of(SubscriptionType.SHARED, SubscriptionType.KEY_SHARED)) {
				measureSubscriptions(engine, topics, type, storeName);
			}
			long withSubscriptions = Heap.used();
			all(topics.size(), (i) -> engine.openProducer(topics.get(i), engine.newPeer(), "p", false));
			this.report.figure("idle producer with a name of its own; heap, " + storeName,
					Report.format("%,.0f B", (Heap.used() - withSubscriptions) / (double) TOPICS));
		}
	}

	private void measureSubscriptions(RunningEngine engine, List<Topic> topics, SubscriptionType type,
			String storeName) {
		long before = Heap.used();
		all(topics.size() * SUBSCRIPTIONS,
				(i) -> subscribeAndLeave(engine, topics.get(i / SUBSCRIPTIONS), type, type + "/" + i % SUBSCRIPTIONS));
		this.report.bytes("idle subscription, " + type + ", without consumers; heap, " + storeName,
				(Heap.used() - before) / ((double) TOPICS * SUBSCRIPTIONS), GOAL_SUBSCRIPTION);
	}

	/** Leaves a topic without messages, producers and consumers, but open. */
	private static CompletableFuture<?> openAndClose(RunningEngine engine, Topic topic) {
		Peer producer = engine.newPeer();
		return engine.openProducer(topic, producer, "weir-" + producer.id(), true)
			.thenCompose((opened) -> engine.ask(topic, (to) -> new Command.CloseProducer(to, producer)));
	}

	private static CompletableFuture<Effect.Answer> subscribeAndLeave(RunningEngine engine, Topic topic,
			SubscriptionType type, String name) {
		Peer consumer = engine.newPeer();
		return engine.subscribe(topic, consumer, name, type, (deliver) -> {
		}).thenCompose((done) -> engine.closeConsumer(topic, consumer));
	}

	/** Some thousands at a time. */
	static void all(int count, IntFunction<CompletableFuture<?>> action) {
		List<CompletableFuture<?>> underWay = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			underWay.add(action.apply(i));
			if (underWay.size() == 2000) {
				underWay.forEach(RunningEngine::await);
				underWay.clear();
			}
		}
		underWay.forEach(RunningEngine::await);
	}

}
