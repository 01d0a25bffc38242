package io.weir.benchmarks.startup;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.weir.broker.Broker;

/**
 * Starts an application with the starter and without it in turn, and compares. The broker
 * that it connects to is in this process.
 */
public final class StartupCost {

	private static final double GOAL = 150;

	/** What only those have who have a broker in the process, and benchmarks. */
	private static final List<String> NOT_OF_THE_STARTER = List.of("broker", "broker-rocksdb", "messaging-test",
			"test-fixtures");

	private StartupCost() {
	}

	/**
	 * Measures and prints.
	 * @param arguments how many pairs
	 */
	public static void main(String[] arguments) throws IOException, InterruptedException {
		int pairs = Integer.parseInt(arguments[0]);
		String with = classPath((module) -> !NOT_OF_THE_STARTER.contains(module));
		String without = classPath((module) -> false);
		List<Double> costs = new ArrayList<>();
		List<Double> starts = new ArrayList<>();
		try (Broker broker = Broker.builder().port(0).build().start()) {
			String url = "--weir.client.service-url=" + broker.serviceUrl();
			String trust = "--weir.client.ssl.fingerprint=" + broker.certificateFingerprint();
			for (int pair = 0; pair <= pairs; pair++) {
				double plain = start(without, false);
				double weir = start(with, true, url, trust);
				// The first pair reads the files from the disk.
				if (pair > 0) {
					System.out.printf(Locale.ROOT, "without %5.0f ms, with %5.0f ms: %+5.0f%n", plain, weir,
							weir - plain);
					costs.add(weir - plain);
					starts.add(plain);
				}
			}
		}
		boolean met = median(costs) <= GOAL;
		System.out.printf(Locale.ROOT, "%-50s %6.0f ms%n", "median start without the starter", median(starts));
		System.out.printf(Locale.ROOT, "%-50s %6.0f ms, goal %.0f ms: %s%n",
				"median of what it costs, of " + pairs + " pairs", median(costs), GOAL, met ? "met" : "MISSED");
		System.exit(met ? 0 : 1);
	}

	private static double median(List<Double> values) {
		List<Double> sorted = values.stream().sorted().toList();
		int middle = sorted.size() / 2;
		return (sorted.size() % 2 == 1) ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
	}

	/** Weir's own modules are directories, which the build has just compiled. */
	private static String classPath(Predicate<String> module) {
		Path benchmarks = Path.of("target", "classes").toAbsolutePath();
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.map(Path::of)
			.filter((path) -> path.equals(benchmarks) || !path.endsWith(Path.of("target", "classes"))
					|| module.test(path.getName(path.getNameCount() - 3).toString()))
			.map(Path::toString)
			.collect(Collectors.joining(File.pathSeparator));
	}

	private static double start(String classPath, boolean weir, String... arguments)
			throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-classpath", classPath,
						StartedApplication.class.getName(), "--server.port=0", "--logging.level.root=warn"));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		process.waitFor();
		Matcher ready = StartedApplication.READY.matcher(output);
		if (!ready.find()) {
			throw new IllegalStateException("The application has not started:\n" + output);
		}
		if (Boolean.parseBoolean(ready.group(2)) != weir) {
			throw new IllegalStateException(
					"Expected Weir's client: " + weir + ", but there is one: " + ready.group(2));
		}
		return Double.parseDouble(ready.group(1));
	}

}
