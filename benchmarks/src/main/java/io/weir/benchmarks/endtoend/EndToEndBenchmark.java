package io.weir.benchmarks.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.weir.broker.Broker;
import io.weir.broker.BrokerBuilder;
import io.weir.broker.store.Durability;
import io.weir.client.Ordering;

/**
 * Runs the bare transport and Weir in several forms one after the other, in rounds so
 * that noise of the machine hits all of them, and prints the medians as one table.
 * <p>
 * Arguments: messages per round (default 200000), bytes per message (default 1024),
 * rounds (default 3).
 */
public final class EndToEndBenchmark {

	private EndToEndBenchmark() {
	}

	/**
	 * Runs the benchmark.
	 * @param arguments messages, bytes, rounds
	 * @throws Exception if something fails; there is no result then
	 */
	public static void main(String[] arguments) throws Exception {
		Load load = new Load(argument(arguments, 0, 200_000), argument(arguments, 1, 1024));
		int rounds = argument(arguments, 2, 3);
		List<Contender> contenders = List.of(new Contender("bare transport", () -> TransportBaseline.run(load)),
				new Contender("Weir in memory, ORDERED", () -> weir(load, null, Ordering.ORDERED)),
				new Contender("Weir in memory, UNORDERED", () -> weir(load, null, Ordering.UNORDERED)),
				new Contender("Weir RocksDB os, ORDERED", () -> weir(load, Durability.OS, Ordering.ORDERED)),
				new Contender("Weir RocksDB fsync, ORDERED", () -> weir(load, Durability.FSYNC, Ordering.ORDERED)));
		List<List<Result>> results = new ArrayList<>();
		for (Contender contender : contenders) {
			contender.run().run();
			results.add(new ArrayList<>());
		}
		for (int round = 0; round < rounds; round++) {
			for (int i = 0; i < contenders.size(); i++) {
				results.get(i).add(contenders.get(i).run().run());
			}
		}
		print(load, contenders, results.stream().map(EndToEndBenchmark::median).toList());
	}

	private static Result weir(Load load, @Nullable Durability durability, Ordering ordering) throws Exception {
		Path directory = Files.createTempDirectory("weir-benchmark");
		try {
			BrokerBuilder builder = Broker.builder().port(0);
			if (durability != null) {
				builder.dataDirectory(directory).durability(durability);
			}
			try (Broker broker = builder.build().start()) {
				return WeirRun.run(broker, load, ordering);
			}
		}
		finally {
			deleteRecursively(directory);
		}
	}

	private static void deleteRecursively(Path directory) throws IOException {
		try (Stream<Path> paths = Files.walk(directory)) {
			for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(path);
			}
		}
	}

	private static Result median(List<Result> results) {
		List<Result> sorted = results.stream().sorted(Comparator.comparingDouble(Result::messagesPerSecond)).toList();
		return sorted.get(sorted.size() / 2);
	}

	private static void print(Load load, List<Contender> contenders, List<Result> results) {
		double baseline = results.get(0).messagesPerSecond();
		System.out.printf(Locale.ROOT, "%n%d messages of %d bytes; one in flight: %d%n", load.messages(), load.bytes(),
				load.messages() / Load.LATENCY_DIVISOR);
		System.out.printf(Locale.ROOT, "%-28s %12s %7s %11s %11s%n", "", "messages/s", "ratio", "p50 µs", "p99 µs");
		for (int i = 0; i < results.size(); i++) {
			Result result = results.get(i);
			System.out.printf(Locale.ROOT, "%-28s %,12.0f %7.2f %11d %11d%n", contenders.get(i).name(),
					result.messagesPerSecond(), result.messagesPerSecond() / baseline, result.p50Micros(),
					result.p99Micros());
		}
	}

	private static int argument(String[] arguments, int index, int otherwise) {
		return (arguments.length > index) ? Integer.parseInt(arguments[index]) : otherwise;
	}

	/** One row of the table. */
	private record Contender(String name, Run run) {
	}

	/** One measurement. */
	@FunctionalInterface
	private interface Run {

		Result run() throws Exception;

	}

}
