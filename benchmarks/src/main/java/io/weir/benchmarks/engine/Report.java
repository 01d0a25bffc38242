package io.weir.benchmarks.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures of a run, as one table. */
final class Report {

	private final List<Row> rows = new ArrayList<>();

	private boolean missed;

	/** A figure without a goal. */
	void figure(String what, String figure) {
		add(new Row(what, figure, "", ""));
	}

	/** Memory that must not be more. */
	void bytes(String what, double bytes, int goal) {
		boolean met = bytes <= goal;
		this.missed |= !met;
		add(new Row(what, format("%,.0f B", bytes), format("≤ %,d B", goal), met ? "met" : "MISSED"));
	}

	/** Times compared in this run; on a busy machine that proves little. */
	void ratio(String what, double ratio, String goal, boolean met) {
		add(new Row(what, format("%.2f", ratio), goal, met ? "met" : "missed (time)"));
	}

	private void add(Row row) {
		this.rows.add(row);
		System.out.println(row.line());
	}

	/** Prints everything once more, together. */
	void print() {
		System.out.println();
		System.out.println(new Row("what", "figure", "goal", "").line());
		this.rows.forEach((row) -> System.out.println(row.line()));
	}

	/** Whether a goal was missed that has nothing to do with time. */
	boolean isMissed() {
		return this.missed;
	}

	static String format(String format, Object... arguments) {
		return String.format(Locale.ROOT, format, arguments);
	}

	private record Row(String what, String figure, String goal, String verdict) {

		String line() {
			return format("%-62s %18s  %-12s %s", this.what, this.figure, this.goal, this.verdict);
		}

	}

}
