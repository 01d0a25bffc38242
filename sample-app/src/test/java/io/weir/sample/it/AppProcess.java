package io.weir.sample.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** An application in a process of its own, whose output is read. */
final class AppProcess implements AutoCloseable {

	/** Of busy machines. */
	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final Path SAMPLE = Path.of("target", "messaging-sample-app.jar");

	private final Process process;

	private final Path log;

	private AppProcess(Process process, Path log) {
		this.process = process;
		this.log = log;
	}

	static AppProcess sample(Path directory, String... arguments) {
		return of(SAMPLE, directory, arguments);
	}

	/** With what Spring has found out when the jar was built. */
	static AppProcess sampleProcessedAheadOfTime(Path directory, String... arguments) {
		return start(java(SAMPLE, "-Dspring.aot.enabled=true"), directory, arguments);
	}

	static AppProcess nativeImage(Path image, Path directory, String... arguments) {
		return start(List.of(image.toAbsolutePath().toString()), directory, arguments);
	}

	static AppProcess broker(Path directory, String... arguments) {
		return of(Path.of("..", "broker-app", "target", "messaging-broker-app.jar"), directory, arguments);
	}

	static AppProcess of(Path jar, Path directory, String... arguments) {
		return start(java(jar), directory, arguments);
	}

	private static List<String> java(Path jar, String... options) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Duser.language=en",
				"-Dio.netty.leakDetection.level=paranoid", "-Dio.netty.leakDetection.acquireAndReleaseOnly=true"));
		command.addAll(List.of(options));
		command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
		return command;
	}

	private static AppProcess start(List<String> launcher, Path directory, String... arguments) {
		try {
			List<String> command = new ArrayList<>(launcher);
			command.add("--server.port=0");
			command.addAll(List.of(arguments));
			Path log = Files.createTempFile(directory, "output", ".log");
			Process process = new ProcessBuilder(command).directory(directory.toFile())
				.redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
			return new AppProcess(process, log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String output() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Waits for something in the output.
	 * @param regex what
	 * @return what was found, group 1 if there is one
	 */
	String awaitOutput(String regex) {
		Pattern pattern = Pattern.compile(regex);
		List<String> found = await(this.log.toString()).atMost(PATIENCE)
			.failFast(() -> assertThat(this.process.isAlive() || pattern.matcher(output()).find())
				.as("'%s' in the output of the ended process:%n%s", regex, output())
				.isTrue())
			.until(() -> pattern.matcher(output()).results().limit(1).map(AppProcess::group).toList(),
					(matches) -> !matches.isEmpty());
		return found.get(0);
	}

	private static String group(MatchResult match) {
		return match.group(Math.min(1, match.groupCount()));
	}

	/**
	 * Waits for the end.
	 * @return the exit code
	 */
	int awaitExit() {
		try {
			assertThat(this.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("has ended:%n%s", output())
				.isTrue();
			assertNoLeaks();
			return this.process.exitValue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Asks the process to end, as Ctrl-C would.
	 * @return the exit code
	 */
	int stop() {
		this.process.destroy();
		return awaitExit();
	}

	/** As {@code kill -9}. */
	void kill() {
		this.process.destroyForcibly();
		awaitExit();
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
		assertNoLeaks();
	}

	/** Netty tells of buffers that were collected before they were released. */
	private void assertNoLeaks() {
		assertThat(output()).doesNotContain("LEAK: ");
	}

}
