package io.weir.benchmarks.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.Topic;

/** How the time for a message grows with what else there is; in memory. */
final class TimeCosts {

	private static final int ROUNDS = 4;

	private static final int BATCH = 10;

	private static final int SIZE = 100;

	private static final int CONSUMED = 20_000;

	private static final int DELIVERIES = 200_000;

	private final Report report;

	TimeCosts(Report report) {
		this.report = report;
	}

	/** A consumer takes the first of few or many messages. */
	void dispatchAgainstBacklog() {
		dispatch(CONSUMED); // warms up
		List<Double> nanos = new ArrayList<>();
		for (int depth : new int[] { CONSUMED, 10 * CONSUMED, 50 * CONSUMED }) {
			double each = dispatch(depth);
			nanos.add(each);
			this.report.figure(Report.format("deliver and acknowledge, backlog of %,d", depth),
					Report.format("%,.0f ns", each));
		}
		double ratio = nanos.get(nanos.size() - 1) / nanos.get(0);
		this.report.ratio("… the largest backlog against the smallest", ratio, "≤ 1.50", ratio <= 1.5);
	}

	private static double dispatch(int depth) {
		try (RunningEngine engine = new RunningEngine(new MemoryStorageEngine())) {
			Pump pump = new Pump(engine, new Topic("backlog"), BATCH, SIZE);
			pump.publish(depth);
			int[] round = new int[1];
			return best(() -> {
				long start = System.nanoTime();
				RunningEngine.await(pump.consume("s" + round[0]++, CONSUMED));
				return System.nanoTime() - start;
			}) / (double) CONSUMED;
		}
	}

	/** Each message goes to 1, 10 or 100 subscriptions. */
	void fanOut() {
		fanOut(10); // warms up
		List<Double> nanos = new ArrayList<>();
		for (int subscriptions : new int[] { 1, 10, 100 }) {
			double each = best(() -> fanOut(subscriptions)) / (double) DELIVERIES;
			nanos.add(each);
			this.report.figure(Report.format("publish, deliver, acknowledge on %d subscriptions, each", subscriptions),
					Report.format("%,.0f ns", each));
		}
		double ratio = nanos.get(nanos.size() - 1) / nanos.get(0);
		this.report.ratio("… 100 subscriptions against one", ratio, "≤ 1.50", ratio <= 1.5);
	}

	private static long fanOut(int subscriptions) {
		int messages = DELIVERIES / subscriptions;
		try (RunningEngine engine = new RunningEngine(new MemoryStorageEngine())) {
			Pump pump = new Pump(engine, new Topic("fan-out"), BATCH, SIZE);
			List<CompletableFuture<Void>> all = new ArrayList<>();
			for (int i = 0; i < subscriptions; i++) {
				all.add(pump.consume("s" + i, messages));
			}
			long start = System.nanoTime();
			pump.publish(messages);
			all.forEach(RunningEngine::await);
			return System.nanoTime() - start;
		}
	}

	/** The first round warms up; of the others the one that was disturbed least. */
	static long best(LongSupplier round) {
		long best = Long.MAX_VALUE;
		for (int i = 0; i < ROUNDS; i++) {
			long took = round.getAsLong();
			best = (i > 0) ? Math.min(best, took) : best;
		}
		return best;
	}

}
