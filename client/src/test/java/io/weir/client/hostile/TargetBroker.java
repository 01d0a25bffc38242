package io.weir.client.hostile;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;

import io.weir.broker.Broker;

/** A broker in a small process of its own, which tells how much memory it holds. */
final class TargetBroker implements AutoCloseable {

	private static final String QUESTION = "figures";

	/** The last lines that the process printed, for when it died. */
	private final Queue<String> log = new ArrayDeque<>();

	private final Process process;

	private final BufferedReader output;

	private final PrintWriter input;

	private final int port;

	private TargetBroker(Path data) throws IOException {
		this.process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"--enable-native-access=ALL-UNNAMED", "-Xmx256m", "-cp", System.getProperty("java.class.path"),
				TargetBroker.class.getName(), data.toString())
			.redirectErrorStream(true)
			.start();
		this.output = this.process.inputReader(StandardCharsets.UTF_8);
		this.input = new PrintWriter(this.process.outputWriter(StandardCharsets.UTF_8), true);
		this.port = Integer.parseInt(answer("port"));
	}

	static TargetBroker start(Path data) throws IOException {
		return new TargetBroker(data);
	}

	/** What runs in the process. */
	@SuppressWarnings("SystemOut") // the parent process reads it
	public static void main(String[] args) throws IOException {
		try (Broker broker = Broker.builder().dataDirectory(Path.of(args[0])).port(0).build().start()) {
			System.out.println("port=" + broker.address().getPort());
			BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
			while (QUESTION.equals(questions.readLine())) {
				System.out.println("held=" + held() + " " + broker.stats());
			}
		}
	}

	/** Bytes of live objects, of buffers, and of RocksDB's and BoringSSL's caches. */
	private static long held() {
		System.gc();
		long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
		return heap + ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
	}

	InetSocketAddress address() {
		return new InetSocketAddress("127.0.0.1", this.port);
	}

	/**
	 * What the broker holds now.
	 * @throws IOException if it died
	 */
	Figures figures() throws IOException {
		this.input.println(QUESTION);
		String answer = answer("held");
		int end = answer.indexOf(' ');
		return new Figures(Long.parseLong(answer.substring(0, end)), residentBytes(), answer.substring(end + 1));
	}

	private long residentBytes() throws IOException {
		String pages = Files.readString(Path.of("/proc", Long.toString(this.process.pid()), "statm")).split(" ")[1];
		return Long.parseLong(pages) * 4096;
	}

	private String answer(String name) throws IOException {
		String line = this.output.readLine();
		while (line != null && !line.startsWith(name + "=")) {
			if (this.log.size() == 100) {
				this.log.remove();
			}
			this.log.add(line);
			line = this.output.readLine();
		}
		if (line == null) {
			throw new IOException("The broker died, and said last:\n" + String.join("\n", this.log));
		}
		return line.substring(name.length() + 1);
	}

	/** Ends the process in order. */
	@Override
	public void close() {
		this.input.close();
		this.process.onExit().join();
	}

	/**
	 * What a broker holds.
	 *
	 * @param held bytes of live objects and of buffers
	 * @param resident what the system counts for the process
	 * @param stats what the broker counts
	 */
	record Figures(long held, long resident, String stats) {
	}

}
