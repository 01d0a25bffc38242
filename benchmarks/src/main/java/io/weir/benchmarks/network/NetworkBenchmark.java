package io.weir.benchmarks.network;

import java.util.Locale;

import io.weir.benchmarks.network.Latencies.Summary;
import io.weir.client.Ordering;

/**
 * Prints what small messages wait for beside large ones, on streams of their own and on
 * the same stream, and what pings wait for beside data in flight. Fails if streams of
 * their own are of no use, or if pings wait ten times as long beside data as alone.
 * <p>
 * Arguments: large messages (default 10), megabytes in flight beside the pings (default
 * 100).
 */
public final class NetworkBenchmark {

	private static final int IDLE_PINGS = 1000;

	private static final int WARM_UP_ROUNDS = 2;

	private static final int ROUNDS = 5;

	private static final double MOST_FOR_PINGS = 10;

	private NetworkBenchmark() {
	}

	/**
	 * Runs the benchmark.
	 * @param arguments large messages, megabytes
	 * @throws Exception if something fails; there is no result then
	 */
	public static void main(String[] arguments) throws Exception {
		boolean ok = headOfLine(argument(arguments, 0, 10));
		ok &= pings(argument(arguments, 1, 100), 16);
		ok &= pings(argument(arguments, 1, 100), 1024);
		if (!ok) {
			System.out.println("FAILED: see above");
			System.exit(1);
		}
	}

	private static boolean headOfLine(int transfers) throws Exception {
		Summary unordered = HeadOfLine.run(Ordering.UNORDERED, transfers);
		Summary ordered = HeadOfLine.run(Ordering.ORDERED, transfers);
		Summary.printHeader("100 bytes beside 1 MiB; loss 2 %, delay 20 ms");
		unordered.print("UNORDERED, 20 streams");
		ordered.print("ORDERED, one stream");
		System.out.printf(Locale.ROOT, "ORDERED waits longer by a factor of: p50 %.1f, p99 %.1f%n",
				(double) ordered.p50() / unordered.p50(), (double) ordered.p99() / unordered.p99());
		return ordered.p99() > unordered.p99();
	}

	private static boolean pings(int megabytes, int messageKibibytes) throws Exception {
		for (int round = 0; round < WARM_UP_ROUNDS; round++) {
			pings(megabytes, messageKibibytes, new PingLatencies());
		}
		PingLatencies latencies = new PingLatencies();
		for (int round = 0; round < ROUNDS; round++) {
			pings(megabytes, messageKibibytes, latencies);
		}
		Summary.printHeader("Pings beside messages of " + messageKibibytes + " KiB, loopback");
		Summary idle = latencies.idle.summary();
		Summary publishing = latencies.publishing.summary();
		Summary delivering = latencies.delivering.summary();
		idle.print("idle");
		publishing.print(ROUNDS + " times " + megabytes + " MB published on 8 streams");
		delivering.print("all of it delivered on one");
		boolean bearable = isBearable("published", publishing, idle);
		return isBearable("delivered", delivering, idle) && bearable;
	}

	private static void pings(int megabytes, int messageKibibytes, PingLatencies latencies) throws Exception {
		// Now rather than in the round: the broker shares the heap and stores all there.
		System.gc();
		try (PingsUnderLoad pings = new PingsUnderLoad(messageKibibytes * 1024)) {
			pings.idle(IDLE_PINGS, latencies.idle);
			pings.publishing(megabytes, latencies.publishing);
			pings.delivering(latencies.delivering);
		}
	}

	private static boolean isBearable(String what, Summary loaded, Summary idle) {
		double p50 = (double) loaded.p50() / idle.p50();
		double p99 = (double) loaded.p99() / idle.p99();
		System.out.printf(Locale.ROOT, "Longer while data are %s by a factor of: p50 %.1f, p99 %.1f%n", what, p50, p99);
		return Math.max(p50, p99) < MOST_FOR_PINGS;
	}

	private static int argument(String[] arguments, int index, int otherwise) {
		return (arguments.length > index) ? Integer.parseInt(arguments[index]) : otherwise;
	}

	private record PingLatencies(Latencies idle, Latencies publishing, Latencies delivering) {

		PingLatencies() {
			this(new Latencies(), new Latencies(), new Latencies());
		}

	}

}
