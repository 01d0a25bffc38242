package io.weir.benchmarks.engine;

import java.util.Locale;

/** Prints what was measured as rows of a table. */
final class Report {

	/** How a row begins. */
	static final String ROW = "| ";

	private final boolean quiet;

	private boolean missed;

	private Report(boolean quiet) {
		this.quiet = quiet;
	}

	Report() {
		this(false);
	}

	/** One that prints nothing, for warming up. */
	static Report quiet() {
		return new Report(true);
	}

	/** A figure without a goal. */
	void figure(String what, String figure) {
		if (!this.quiet) {
			print(what, figure, "", "");
		}
	}

	/** Memory that must not be more. */
	void bytes(String what, double bytes, int goal) {
		boolean met = bytes <= goal;
		this.missed |= !met;
		print(what, format("%,.0f B", bytes), format("≤ %,d B", goal), met ? "met" : "MISSED");
	}

	/** Times compared in this run; on a busy machine that proves little. */
	void ratio(String what, double ratio, String goal, boolean met) {
		print(what, format("%.2f", ratio), goal, met ? "met" : "missed (time)");
	}

	static void print(String what, String figure, String goal, String verdict) {
		System.out.println(ROW + format("%-74s | %11s | %9s | %s |", what, figure, goal, verdict));
	}

	/** Whether a goal was missed that has nothing to do with time. */
	boolean isMissed() {
		return this.missed;
	}

	static String format(String format, Object... arguments) {
		return String.format(Locale.ROOT, format, arguments);
	}

}
