package io.weir.benchmarks.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

import io.weir.broker.store.memory.MemoryStorageEngine;

/**
 * Measures what the engine costs and prints it beside the goals. Ends with exit code 1 if
 * memory is above its goal; goals that are about time are printed only, since they depend
 * on what else the machine does.
 */
public final class EngineCosts {

	private EngineCosts() {
	}

	/**
	 * Runs all measurements.
	 * @param arguments none
	 * @throws Exception if something fails
	 */
	public static void main(String[] arguments) throws Exception {
		Path directory = Files.createTempDirectory("weir-engine-costs");
		Report report = new Report();
		try {
			StoreCosts stored = new StoreCosts(report, directory);
			IdleMemory idle = new IdleMemory(report);
			idle.measure("in memory", new MemoryStorageEngine());
			idle.measure("in a data directory", stored.open("idle"));
			new ConnectionMemory(report).measure();
			TimeCosts time = new TimeCosts(report);
			time.dispatchAgainstBacklog();
			time.fanOut();
			stored.catchingUp();
			stored.acknowledgingAgainstHoles();
			stored.restartAgainstBacklog();
			stored.manyTopics();
		}
		finally {
			deleteRecursively(directory);
		}
		report.print();
		System.exit(report.isMissed() ? 1 : 0);
	}

	private static void deleteRecursively(Path directory) throws IOException {
		try (Stream<Path> paths = Files.walk(directory)) {
			for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(path);
			}
		}
	}

}
