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
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.stream.Collectors;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;

import io.weir.broker.Broker;
import io.weir.broker.BrokerLimits;
import io.weir.broker.BrokerStats;
import io.weir.wire.BrokerLimit;

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
				TargetBroker.class.getName(), data.toString(), System.getProperty("hostile.limits", ""))
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
		try (Broker broker = Broker.builder()
			.dataDirectory(Path.of(args[0]))
			.port(0)
			.limits(limits(args[1]))
			.build()
			.start()) {
			System.out.println("port=" + broker.address().getPort());
			BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
			while (QUESTION.equals(questions.readLine())) {
				long heap = heap();
				long buffers = buffers();
				System.out.println("held=" + (heap + buffers) + " " + broker.stats().connections() + " "
						+ refused(broker.stats()) + " heap=" + heap + " buffers=" + buffers + " " + broker.stats());
			}
		}
	}

	/**
	 * What is meant to stay, for hours or days, is little: the suite does not last that
	 * long.
	 */
	private static BrokerLimits limits(String changes) {
		BrokerLimits limits = BrokerLimits.defaults()
			.with(BrokerLimit.TOPICS, 1200)
			.with(BrokerLimit.NEW_TOPICS_PER_ADDRESS, 1000)
			.with(BrokerLimit.PRODUCER_NAMES, 1000)
			.with(BrokerLimit.PRODUCER_NAME_EXPIRY, 60_000)
			.with(BrokerLimit.GENERATED_NAME_EXPIRY, 60_000);
		for (String change : changes.isEmpty() ? new String[0] : changes.split(",")) {
			String[] parts = change.split("=");
			limits = limits.with(BrokerLimit.valueOf(parts[0]), Long.parseLong(parts[1]));
		}
		return limits;
	}

	private static String refused(BrokerStats stats) {
		return stats.limits()
			.entrySet()
			.stream()
			.map((limit) -> limit.getKey() + ":" + limit.getValue().refused())
			.collect(Collectors.joining(","));
	}

	/** Bytes of live objects. */
	private static long heap() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	/** Bytes of memory for buffers, in use or kept for the next. */
	private static long buffers() {
		return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
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
		String[] parts = answer.split(" ", 4);
		Map<BrokerLimit, Long> refused = new EnumMap<>(BrokerLimit.class);
		for (String limit : parts[2].split(",")) {
			String[] count = limit.split(":");
			refused.put(BrokerLimit.valueOf(count[0]), Long.parseLong(count[1]));
		}
		return new Figures(Long.parseLong(parts[0]), residentBytes(), Integer.parseInt(parts[1]), refused, parts[3]);
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
	 * @param connections how many there are
	 * @param refused how often a limit was met
	 * @param stats what the broker counts
	 */
	record Figures(long held, long resident, int connections, Map<BrokerLimit, Long> refused, String stats) {
	}

}
