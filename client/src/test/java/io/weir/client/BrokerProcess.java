package io.weir.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.weir.broker.Broker;
import io.weir.broker.BrokerLimits;
import io.weir.wire.BrokerLimit;

import static org.assertj.core.api.Assertions.assertThat;

/** A broker in a process of its own, which can be killed. */
public final class BrokerProcess implements AutoCloseable {

	private final Process process;

	private final String serviceUrl;

	/** What Netty says of buffers that were collected before they were released. */
	private final CompletableFuture<List<String>> leaks;

	private BrokerProcess(Process process, String serviceUrl, BufferedReader output) {
		this.process = process;
		this.serviceUrl = serviceUrl;
		this.leaks = CompletableFuture.supplyAsync(
				() -> output.lines().filter((line) -> line.contains("LEAK: ")).toList(),
				(task) -> new Thread(task, "output of the broker's process").start());
	}

	/**
	 * Starts a broker and waits until it serves.
	 * @param data where it keeps its data
	 * @param port 0 for any
	 * @return the broker
	 * @throws IOException if it did not start
	 */
	public static BrokerProcess start(Path data, int port) throws IOException {
		return start(data, port, BrokerLimits.defaults().value(BrokerLimit.SESSION_TIMEOUT));
	}

	/**
	 * Starts a broker and waits until it serves.
	 * @param data where it keeps its data
	 * @param port 0 for any
	 * @param sessionTimeout how long a session is kept of which nothing is heard, in
	 * milliseconds
	 * @return the broker
	 * @throws IOException if it did not start
	 */
	public static BrokerProcess start(Path data, int port, long sessionTimeout) throws IOException {
		return start(BrokerProcess.class, data.toString(), Integer.toString(port), Long.toString(sessionTimeout));
	}

	/**
	 * Starts a process with a broker and waits until it serves.
	 * @param main prints the broker's URL as soon as it does
	 * @param arguments those of the main method
	 * @return the broker
	 * @throws IOException if it did not start
	 */
	public static BrokerProcess start(Class<?> main, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of(
				Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
				"-Dio.netty.leakDetection.level=paranoid", "-Dio.netty.leakDetection.acquireAndReleaseOnly=true", "-cp",
				System.getProperty("java.class.path"), main.getName()));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		BufferedReader output = new BufferedReader(
				new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
		List<String> before = new ArrayList<>();
		String line = output.readLine();
		while (line != null && !line.startsWith("weir://")) {
			before.add(line);
			line = output.readLine();
		}
		if (line == null) {
			throw new IOException("The broker's process ended before it was ready, having said: " + before);
		}
		return new BrokerProcess(process, line, output);
	}

	/** Prints the broker's URL and serves until the process is killed. */
	@SuppressWarnings("SystemOut") // the parent process reads it
	public static void main(String[] args) throws InterruptedException {
		Broker broker = Broker.builder()
			.dataDirectory(Path.of(args[0]))
			.port(Integer.parseInt(args[1]))
			.limits(BrokerLimits.defaults().with(BrokerLimit.SESSION_TIMEOUT, Long.parseLong(args[2])))
			.build();
		System.out.println(broker.start().serviceUrl());
		Thread.currentThread().join();
	}

	/** Where clients find it. */
	public String serviceUrl() {
		return this.serviceUrl;
	}

	/** Its UDP port. */
	public int port() {
		return Integer.parseInt(this.serviceUrl.substring(this.serviceUrl.lastIndexOf(':') + 1));
	}

	/** Whether the process has not ended, by itself or killed. */
	public boolean isAlive() {
		return this.process.isAlive();
	}

	/** The process stands still, as when its machine is suspended. */
	public void pause() throws IOException {
		signal("STOP");
	}

	/** The process goes on. */
	public void goOn() throws IOException {
		signal("CONT");
	}

	private void signal(String name) throws IOException {
		Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(this.process.pid())).inheritIO().start();
		assertThat(kill.onExit().join().exitValue()).isZero();
	}

	/** As {@code kill -9}. */
	@Override
	public void close() {
		// Not by the process itself, which would close its output before it is read.
		this.process.toHandle().destroyForcibly();
		this.process.onExit().join();
		assertThat(this.leaks.join()).isEmpty();
	}

}
