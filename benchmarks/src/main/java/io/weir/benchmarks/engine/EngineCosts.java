package io.weir.benchmarks.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import io.weir.broker.store.memory.MemoryStorageEngine;

/**
 * Measures what the engine costs and prints it beside the goals, each part in a JVM of
 * its own. Ends with exit code 1 if memory is above its goal; goals that are about time
 * are printed only, since they depend on what else the machine does.
 */
public final class EngineCosts {

	private static final int MISSED = 1;

	private EngineCosts() {
	}

	/**
	 * Runs all parts, or one.
	 * @param arguments the part's name, or none
	 * @throws Exception if something fails
	 */
	public static void main(String[] arguments) throws Exception {
		System.exit((arguments.length > 0) ? run(Part.valueOf(arguments[0])) : runAll());
	}

	private static int run(Part part) throws Exception {
		Path directory = Files.createTempDirectory("weir-engine-costs");
		try {
			Report report = new Report();
			part.measurement.run(report, new StoreCosts(report, directory));
			return report.isMissed() ? MISSED : 0;
		}
		finally {
			deleteRecursively(directory);
		}
	}

	private static int runAll() throws IOException, InterruptedException {
		List<String> rows = new ArrayList<>();
		int result = 0;
		for (Part part : Part.values()) {
			Process process = start(part);
			try (BufferedReader out = process.inputReader()) {
				out.lines().forEach((line) -> {
					System.out.println(line);
					if (line.startsWith(Report.ROW)) {
						rows.add(line);
					}
				});
			}
			result = Math.max(result, process.waitFor());
		}
		System.out.println();
		Report.print("what", "figure", "goal", "verdict");
		rows.forEach(System.out::println);
		return result;
	}

	private static Process start(Part part) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), EngineCosts.class.getName(), part.name()));
		return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
	}

	private static void deleteRecursively(Path directory) throws IOException {
		try (Stream<Path> paths = Files.walk(directory)) {
			for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(path);
			}
		}
	}

	/** What is measured together. */
	@SuppressWarnings("ImmutableEnumChecker") // lambdas without state
	private enum Part {

		IDLE_IN_MEMORY((report, stored) -> new IdleMemory(report).measure("in memory", new MemoryStorageEngine())),

		IDLE_STORED((report, stored) -> new IdleMemory(report).measure("in a data directory", stored.open("idle"))),

		CONNECTIONS((report, stored) -> new ConnectionMemory(report).measure()),

		BACKLOG((report, stored) -> new TimeCosts(report).dispatchAgainstBacklog()),

		FAN_OUT((report, stored) -> new TimeCosts(report).fanOut()),

		CATCHING_UP((report, stored) -> stored.catchingUp()),

		HOLES((report, stored) -> stored.acknowledgingAgainstHoles()),

		RESTART((report, stored) -> stored.restartAgainstBacklog()),

		MANY_TOPICS((report, stored) -> stored.manyTopics());

		private final Measurement measurement;

		Part(Measurement measurement) {
			this.measurement = measurement;
		}

	}

	/** Measures and reports. */
	@FunctionalInterface
	private interface Measurement {

		void run(Report report, StoreCosts stored) throws Exception;

	}

}
