package io.weir.benchmarks.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.test.WeirTestBroker;

/**
 * How long tests wait for a broker: the first of a JVM, which loads the classes, and
 * those after it.
 */
public final class TestBrokerStart {

	/** Tests have their logging when they come to the broker. */
	private static final Logger logger = LoggerFactory.getLogger(TestBrokerStart.class);

	private static final int LATER = 50;

	private static final double GOAL_FIRST = 300;

	private static final double GOAL_NEXT = 50;

	private TestBrokerStart() {
	}

	public static void main(String[] arguments) {
		logger.debug("Starting brokers");
		double first = measure(false);
		double firstMessage = measure(true);
		double next = measure(false);
		List<Double> later = new ArrayList<>();
		for (int number = 0; number < LATER; number++) {
			later.add(measure(false));
		}
		later.sort(null);
		boolean firstMet = print("the first of a JVM", first, GOAL_FIRST);
		boolean nextMet = print("the third", next, GOAL_NEXT);
		boolean laterMet = print("median of " + LATER + " more", later.get(LATER / 2), GOAL_NEXT);
		print("the second, with the first client and message", firstMessage, Double.NaN);
		System.exit((firstMet && nextMet && laterMet) ? 0 : 1);
	}

	/** How long a broker takes to start, and perhaps to store a message. */
	private static double measure(boolean message) {
		long began = System.nanoTime();
		try (WeirTestBroker broker = WeirTestBroker.start()) {
			if (message) {
				broker.publish("orders", "one");
			}
			return (double) (System.nanoTime() - began) / TimeUnit.MILLISECONDS.toNanos(1);
		}
	}

	private static boolean print(String what, double millis, double goal) {
		boolean met = Double.isNaN(goal) || millis <= goal;
		String verdict = Double.isNaN(goal) ? ""
				: String.format(Locale.ROOT, ", goal %.0f ms: %s", goal, met ? "met" : "MISSED");
		System.out.printf(Locale.ROOT, "%-50s %6.1f ms%s%n", what, millis, verdict);
		return met;
	}

}
