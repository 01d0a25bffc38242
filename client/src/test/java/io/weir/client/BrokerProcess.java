package io.weir.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import io.weir.broker.Broker;

/** A broker in a process of its own, which can be killed. */
final class BrokerProcess implements AutoCloseable {

	private final Process process;

	private final String serviceUrl;

	private BrokerProcess(Process process, String serviceUrl) {
		this.process = process;
		this.serviceUrl = serviceUrl;
	}

	static BrokerProcess start(Path data, int port) throws IOException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
				BrokerProcess.class.getName(), data.toString(), Integer.toString(port))
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		BufferedReader output = new BufferedReader(
				new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
		String line = output.readLine();
		while (line != null && !line.startsWith("weir://")) {
			line = output.readLine();
		}
		if (line == null) {
			throw new IOException("The broker's process ended before it was ready");
		}
		return new BrokerProcess(process, line);
	}

	/** Prints the broker's URL and serves until the process is killed. */
	@SuppressWarnings("SystemOut") // the parent process reads it
	public static void main(String[] args) throws InterruptedException {
		Broker broker = Broker.builder().dataDirectory(Path.of(args[0])).port(Integer.parseInt(args[1])).build();
		System.out.println(broker.start().serviceUrl());
		Thread.currentThread().join();
	}

	String serviceUrl() {
		return this.serviceUrl;
	}

	int port() {
		return Integer.parseInt(this.serviceUrl.substring(this.serviceUrl.lastIndexOf(':') + 1));
	}

	/** As {@code kill -9}. */
	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
	}

}
