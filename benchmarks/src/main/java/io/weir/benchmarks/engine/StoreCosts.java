package io.weir.benchmarks.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Peer;
import io.weir.broker.store.Durability;
import io.weir.broker.store.rocksdb.RocksDbStorageEngine;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;

/** How time grows with what is stored; in a data directory. */
final class StoreCosts {

	private static final double MILLION = 1e6;

	private static final int FEWEST_HOLES = 1_000;

	private final Report report;

	private final Path directory;

	StoreCosts(Report report, Path directory) {
		this.report = report;
		this.directory = directory;
	}

	RocksDbStorageEngine open(String name) {
		return RocksDbStorageEngine.open(this.directory.resolve(name), Durability.OS);
	}

	/** More than the tail that is kept in memory. */
	void catchingUp() {
		int messages = 100_000;
		try (RunningEngine engine = new RunningEngine(open("catching-up"))) {
			Pump pump = new Pump(engine, new Topic("load"), 10, 1024);
			CompletableFuture<Void> warm = pump.consume("warm-up", messages);
			pump.publish(messages);
			RunningEngine.await(warm);
			Topic hot = new Topic("hot");
			Pump hotPump = new Pump(engine, hot, 10, 1024);
			CompletableFuture<Void> consumed = hotPump.consume("hot", messages);
			long start = System.nanoTime();
			hotPump.publish(messages);
			RunningEngine.await(consumed);
			long hotNanos = System.nanoTime() - start;
			start = System.nanoTime();
			RunningEngine.await(hotPump.consume("late", messages));
			double ratio = hotNanos / (double) (System.nanoTime() - start);
			this.report.ratio("rate of catching up from the disk against the hot rate", ratio, "≥ 0.50", ratio >= 0.5);
		}
	}

	/** From the opening of the store to the first message. */
	void restartAgainstBacklog() {
		List<Double> millis = new ArrayList<>();
		for (int backlog : new int[] { 10_000, 100_000, 1_000_000 }) {
			String name = "restart-" + backlog;
			Topic topic = new Topic("t");
			try (RunningEngine engine = new RunningEngine(open(name))) {
				Pump pump = new Pump(engine, topic, 100, 100);
				CompletableFuture<Void> some = pump.consume("s", 1000);
				pump.publish(backlog);
				RunningEngine.await(some);
			}
			long start = System.nanoTime();
			try (RunningEngine engine = new RunningEngine(open(name))) {
				RunningEngine.await(new Pump(engine, topic, 100, 100).consume("s", 1));
				double took = (System.nanoTime() - start) / MILLION;
				millis.add(took);
				this.report.figure(Report.format("restart until the first delivery, backlog of %,d", backlog),
						Report.format("%,.0f ms", took));
			}
		}
		double seconds = millis.get(millis.size() - 1) / 1000;
		this.report.ratio("… seconds with the largest", seconds, "≤ 5", seconds <= 5);
	}

	/** Every second message is acknowledged, then some of the others one by one. */
	void acknowledgingAgainstHoles() {
		acknowledgeBeside("warm-up", FEWEST_HOLES, Report.quiet());
		List<Double> nanos = new ArrayList<>();
		for (int holes : new int[] { FEWEST_HOLES, 10 * FEWEST_HOLES, 100 * FEWEST_HOLES }) {
			nanos.add(acknowledgeBeside("holes-" + holes, holes, this.report));
		}
		double ratio = nanos.get(nanos.size() - 1) / nanos.get(0);
		this.report.ratio("… acknowledging beside the most holes against the fewest", ratio, "≤ 2.00", ratio <= 2);
	}

	private double acknowledgeBeside(String name, int holes, Report report) {
		Topic topic = new Topic("t");
		double each;
		try (RunningEngine engine = new RunningEngine(open(name))) {
			new Pump(engine, topic, 1, 100).publish(2 * holes);
			long before = Heap.used();
			List<MessageId> ids = new ArrayList<>();
			Peer consumer = take(engine, topic, 2 * holes, ids);
			acknowledge(engine, topic, consumer, every2nd(ids, 0), 500);
			report.figure(Report.format("memory of each of %,d holes, with what is in flight", holes),
					Report.format("%,.0f B", (Heap.used() - before) / (double) holes));
			List<MessageId> rest = every2nd(ids, 1);
			List<MessageId> last = rest.subList(rest.size() / 2, rest.size() / 2 + 500);
			long start = System.nanoTime();
			acknowledge(engine, topic, consumer, last, 1);
			each = (System.nanoTime() - start) / (double) last.size();
			report.figure(Report.format("acknowledge one message beside %,d holes, stored", holes),
					Report.format("%,.0f ns", each));
		}
		long start = System.nanoTime();
		try (RunningEngine engine = new RunningEngine(open(name))) {
			take(engine, topic, 1, new ArrayList<>());
			report.figure(Report.format("restart until the first delivery, %,d holes", holes),
					Report.format("%,.0f ms", (System.nanoTime() - start) / MILLION));
		}
		return each;
	}

	private static List<MessageId> every2nd(List<MessageId> ids, int from) {
		return IntStream.range(0, ids.size() / 2).mapToObj((i) -> ids.get(2 * i + from)).toList();
	}

	/** Takes messages and does not acknowledge them. */
	private static Peer take(RunningEngine engine, Topic topic, int messages, List<MessageId> ids) {
		Peer consumer = engine.newPeer();
		CompletableFuture<Void> all = new CompletableFuture<>();
		int[] got = new int[1];
		RunningEngine.await(engine.subscribe(topic, consumer, "s", SubscriptionType.SHARED, (deliver) -> {
			ids.addAll(Pump.ids(deliver));
			engine.submit(topic, new Command.DeliveryWritten(consumer, deliver.bytes()));
			got[0] += deliver.count();
			if (got[0] == messages) {
				all.complete(null);
			}
		}));
		engine.submit(topic, new Command.Flow(consumer, messages));
		RunningEngine.await(all);
		return consumer;
	}

	private static void acknowledge(RunningEngine engine, Topic topic, Peer consumer, List<MessageId> ids,
			int together) {
		IdleMemory.all(ids.size() / together, (i) -> {
			List<MessageId> some = ids.subList(i * together, (i + 1) * together);
			return engine.ask(topic, (to) -> new Command.Acknowledge(to, consumer, some));
		});
	}

	/** Each has a producer and a message. */
	void manyTopics() {
		int count = 10_000;
		List<Topic> topics = IntStream.range(0, count).mapToObj((i) -> new Topic("many/" + i)).toList();
		try (RunningEngine engine = new RunningEngine(open("many"))) {
			long start = System.nanoTime();
			IdleMemory.all(count, (i) -> {
				Peer producer = engine.newPeer();
				return engine.openProducer(topics.get(i), producer, "p", false)
					.thenCompose((opened) -> engine.publish(topics.get(i), producer, 0, 1, 100));
			});
			this.report.figure("10,000 topics: made, with a producer and a message each",
					Report.format("%,.0f ms", (System.nanoTime() - start) / MILLION));
		}
		long start = System.nanoTime();
		try (RunningEngine engine = new RunningEngine(open("many"))) {
			this.report.figure("10,000 topics: restart until one is used",
					Report.format("%,.0f ms", use(engine, topics.subList(0, 1), start)));
			this.report.figure("10,000 topics: restart until all are used",
					Report.format("%,.0f ms", use(engine, topics, start)));
		}
	}

	private static double use(RunningEngine engine, List<Topic> topics, long start) {
		IdleMemory.all(topics.size(),
				(i) -> engine.openProducer(topics.get(i), engine.newPeer(), "q" + topics.size(), false));
		return (System.nanoTime() - start) / MILLION;
	}

}
