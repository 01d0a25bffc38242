package io.weir.sample.it;

import java.nio.file.Path;

/** A broker application on a port of its own. */
final class BrokerProcess implements AutoCloseable {

	private final AppProcess process;

	private final String fingerprint;

	private final int port;

	private BrokerProcess(AppProcess process) {
		this.process = process;
		this.port = Integer.parseInt(process.awaitOutput("service-url: weir://127.0.0.1:(\\d+)"));
		this.fingerprint = process.awaitOutput("fingerprint: ([0-9a-f]{64})");
	}

	/**
	 * Starts a broker and waits until it is ready.
	 * @param directory where it runs and keeps its data
	 * @param port 0 for any
	 * @return the broker
	 */
	static BrokerProcess start(Path directory, int port) {
		return new BrokerProcess(AppProcess.broker(directory, "--weir.broker.port=" + port));
	}

	int port() {
		return this.port;
	}

	AppProcess process() {
		return this.process;
	}

	/**
	 * What makes the sample use this broker.
	 * @param more further arguments
	 * @return the command line
	 */
	String[] clientArguments(String... more) {
		String[] arguments = new String[more.length + 3];
		arguments[0] = "--weir.embedded.enabled=false";
		arguments[1] = "--weir.client.service-url=weir://127.0.0.1:" + this.port;
		arguments[2] = "--weir.client.ssl.fingerprint=" + this.fingerprint;
		System.arraycopy(more, 0, arguments, 3, more.length);
		return arguments;
	}

	@Override
	public void close() {
		this.process.close();
	}

}
