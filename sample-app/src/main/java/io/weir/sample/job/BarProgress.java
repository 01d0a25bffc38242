package io.weir.sample.job;

import java.util.Locale;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar that moves with what has arrived. */
final class BarProgress implements Progress {

	private static final int INTERVAL_MILLIS = 100;

	private final ProgressBar bar;

	BarProgress(long total) {
		this.bar = new ProgressBarBuilder().setTaskName("Flights")
			.setInitialMax(total)
			.setStyle(ProgressBarStyle.ASCII)
			.setUpdateIntervalMillis(INTERVAL_MILLIS)
			.showSpeed()
			.build();
	}

	@Override
	public void show(long published, long received) {
		this.bar.stepTo(received).setExtraMessage(String.format(Locale.ROOT, " published %,d", published));
	}

	@Override
	public void close() {
		this.bar.close();
	}

}
