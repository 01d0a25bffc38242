package io.weir.broker.engine.runtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A seed that has found something must find it again, in another JVM, too. Each JVM has
 * its own order of iterating {@link java.util.Set#of}; here the hash codes of objects
 * that do not define their own differ as well.
 */
class SimulationRepeatTest {

	private static final String PREFIX = "> ";

	private static final long SEED = 257;

	private static final int STEPS = 8_000;

	@Test
	void seedMustGiveTheSameRunInEveryJvm() throws IOException, InterruptedException {
		Process one = start("-XX:hashCode=2");
		Process other = start("-XX:hashCode=3");
		try {
			List<String> trace = trace(one);
			assertThat(trace).hasSizeGreaterThan(3).isEqualTo(trace(other));
		}
		finally {
			one.destroyForcibly();
			other.destroyForcibly();
		}
	}

	private static Process start(String hashCode) throws IOException {
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:+UnlockExperimentalVMOptions", hashCode, "-cp", System.getProperty("java.class.path"),
				SimulationRepeatTest.class.getName(), Long.toString(SEED))
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
	}

	private static List<String> trace(Process process) throws IOException, InterruptedException {
		List<String> lines = new ArrayList<>();
		try (BufferedReader output = process.inputReader()) {
			output.lines().filter((line) -> line.startsWith(PREFIX)).forEach(lines::add);
		}
		assertThat(process.waitFor()).as("how the run ended").isZero();
		return lines;
	}

	/** Runs seeds, and prints what they came to. */
	public static void main(String[] seeds) {
		Arrays.stream(seeds).mapToLong(Long::parseLong).forEach((seed) -> {
			Simulation simulation = new Simulation(seed);
			simulation.run(STEPS);
			simulation.trace().lines().forEach((line) -> System.out.println(PREFIX + line));
		});
	}

}
