package io.weir.benchmarks.network;

import io.weir.benchmarks.network.Latencies.Summary;
import io.weir.client.Ordering;

/**
 * Prints what small messages wait for beside large ones, on streams of their own and on
 * the same stream, and what pings wait for beside data in flight.
 * <p>
 * Arguments: large messages (default 10), megabytes in flight beside the pings (default
 * 100).
 */
public final class NetworkBenchmark {

	private static final int IDLE_PINGS = 1000;

	private NetworkBenchmark() {
	}

	/**
	 * Runs the benchmark.
	 * @param arguments large messages, megabytes
	 * @throws Exception if something fails; there is no result then
	 */
	public static void main(String[] arguments) throws Exception {
		headOfLine(argument(arguments, 0, 10));
		pings(argument(arguments, 1, 100));
	}

	private static void headOfLine(int transfers) throws Exception {
		Summary unordered = HeadOfLine.run(Ordering.UNORDERED, transfers);
		Summary ordered = HeadOfLine.run(Ordering.ORDERED, transfers);
		Summary.printHeader("100 bytes beside 1 MiB; loss 2 %, delay 20 ms");
		unordered.print("UNORDERED, 20 streams");
		ordered.print("ORDERED, one stream");
		System.out.printf("ORDERED waits longer by a factor of: p50 %.1f, p99 %.1f%n",
				(double) ordered.p50() / unordered.p50(), (double) ordered.p99() / unordered.p99());
	}

	private static void pings(int megabytes) throws Exception {
		try (PingsUnderLoad pings = new PingsUnderLoad()) {
			pings.idle(IDLE_PINGS);
			pings.during(megabytes / 4);
			Summary idle = pings.idle(IDLE_PINGS);
			Summary loaded = pings.during(megabytes);
			Summary.printHeader("Pings on the control stream, loopback");
			idle.print("idle");
			loaded.print(megabytes + " MB in flight on 8 streams");
			System.out.printf("Longer under load by a factor of: p50 %.1f, p99 %.1f%n",
					(double) loaded.p50() / idle.p50(), (double) loaded.p99() / idle.p99());
		}
	}

	private static int argument(String[] arguments, int index, int otherwise) {
		return (arguments.length > index) ? Integer.parseInt(arguments[index]) : otherwise;
	}

}
