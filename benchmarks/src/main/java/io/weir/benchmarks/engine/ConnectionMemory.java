package io.weir.benchmarks.engine;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Scanner;

import io.weir.broker.Broker;

/** What a client costs the broker that is connected and silent. */
final class ConnectionMemory {

	private static final int CONNECTIONS = 500;

	private static final int WARM_UP = 50;

	private static final int GOAL = 64 * 1024;

	private static final int PAGE = 4096;

	private static final Path STATM = Path.of("/proc/self/statm");

	private final Report report;

	ConnectionMemory(Report report) {
		this.report = report;
	}

	void measure() throws IOException, InterruptedException {
		try (Broker broker = Broker.builder().port(0).build().start()) {
			Process clients = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), IdleConnections.class.getName(),
					String.valueOf(broker.address().getPort()), broker.certificateFingerprint())
				.redirectError(ProcessBuilder.Redirect.INHERIT)
				.start();
			try (BufferedReader out = clients.inputReader(); BufferedWriter in = clients.outputWriter()) {
				connect(in, out, WARM_UP);
				long heap = Heap.used();
				long resident = resident();
				connect(in, out, CONNECTIONS);
				this.report.bytes("idle connection; heap of the broker", (Heap.used() - heap) / (double) CONNECTIONS,
						GOAL);
				this.report.figure("idle connection; memory of the broker's process, of which most is QUIC's",
						Report.format("%,d B", (resident() - resident) / CONNECTIONS));
			}
			finally {
				clients.destroyForcibly().waitFor();
			}
		}
	}

	private static void connect(BufferedWriter in, BufferedReader out, int more) throws IOException {
		in.write(more + "\n");
		in.flush();
		String line = out.readLine();
		while (line != null && !line.startsWith("open ")) {
			line = out.readLine();
		}
		if (line == null) {
			throw new IllegalStateException("The clients have ended");
		}
	}

	/** Zero where the system does not say. */
	private static long resident() throws IOException {
		return Files.exists(STATM) ? new Scanner(Files.readString(STATM)).skip("\\d+").nextLong() * PAGE : 0;
	}

}
