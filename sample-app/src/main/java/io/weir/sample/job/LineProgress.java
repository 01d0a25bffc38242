package io.weir.sample.job;

import java.io.PrintStream;
import java.util.Locale;

/** A line for each tenth of the way. */
final class LineProgress implements Progress {

	private static final int STEPS = 10;

	private final long total;

	private final PrintStream out;

	private long shown = -1;

	LineProgress(long total, PrintStream out) {
		this.total = total;
		this.out = out;
	}

	@Override
	public void show(long published, long received) {
		long step = received * STEPS / this.total;
		if (step > this.shown) {
			this.shown = step;
			this.out.printf(Locale.ROOT, "published %,7d, received %,7d of %,d%n", published, received, this.total);
		}
	}

	@Override
	public void close() {
		this.out.flush();
	}

}
