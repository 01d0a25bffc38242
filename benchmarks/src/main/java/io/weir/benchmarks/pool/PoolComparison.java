package io.weir.benchmarks.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs everything side by side and prints one table. With {@code quick} as argument there
 * is one short iteration of each, to see that it works, not to learn anything.
 */
public final class PoolComparison {

	private static final List<Setting> SETTINGS = settings();

	private static final TimeValue SHORT = TimeValue.milliseconds(200);

	private final boolean quick;

	private final List<String> table = new ArrayList<>();

	private PoolComparison(boolean quick) {
		this.quick = quick;
	}

	public static void main(String[] args) throws Exception {
		PoolComparison comparison = new PoolComparison(args.length > 0 && args[0].equals("quick"));
		comparison.throughput();
		comparison.fairness();
		comparison.table.forEach(System.out::println);
	}

	private static List<Setting> settings() {
		List<Setting> settings = new ArrayList<>();
		for (int size : new int[] { 8, 2, 256 }) {
			for (int threads : new int[] { 1, 2, 8 }) {
				settings.add(new Setting(threads, size, 0));
			}
		}
		settings.add(new Setting(2, 1000, 995)); // a long search for the few that are
													// idle
		return settings;
	}

	private void throughput() throws RunnerException {
		this.table.add(row("pool", "threads", "size", "kept", "op/us", "error", "to weir", "B/op"));
		for (Setting setting : SETTINGS) {
			throughput(setting, Subjects.BLOCKING);
			throughput(setting, Subjects.ASYNCHRONOUS);
		}
	}

	/** The first subject is ours, to which the others are compared. */
	private void throughput(Setting setting, List<String> subjects) throws RunnerException {
		OptionsBuilder options = new OptionsBuilder();
		options.include(PoolBenchmark.class.getName() + ".borrowAndReturn")
			.threads(setting.threads())
			.param("pool", subjects.toArray(String[]::new))
			.param("size", Integer.toString(setting.size()))
			.param("kept", Integer.toString(setting.kept()))
			.addProfiler(GCProfiler.class);
		if (this.quick) {
			options.forks(1).warmupIterations(1).measurementIterations(1).warmupTime(SHORT).measurementTime(SHORT);
		}
		Collection<RunResult> results = new Runner(options.build()).run();
		double ours = score(results, subjects.get(0));
		for (RunResult result : results) {
			Result<?> primary = result.getPrimaryResult();
			Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
			this.table.add(row(result.getParams().getParam("pool"), setting.threads(), setting.size(), setting.kept(),
					number(primary.getScore()), number(primary.getScoreError()), number(primary.getScore() / ours),
					(allocated != null) ? number(allocated.getScore()) : "?"));
		}
	}

	private static double score(Collection<RunResult> results, String subject) {
		return results.stream()
			.filter((result) -> result.getParams().getParam("pool").equals(subject))
			.mapToDouble((result) -> result.getPrimaryResult().getScore())
			.findFirst()
			.orElse(Double.NaN);
	}

	private void fairness() throws Exception {
		this.table.add("");
		this.table.add(row("pool", "operations", "longest ms", "least", "most", "", "", ""));
		for (String pool : Stream.concat(Subjects.BLOCKING.stream(), Subjects.ASYNCHRONOUS.stream()).toList()) {
			FairnessRun run = FairnessRun.of(pool, this.quick ? 1 : 3);
			this.table.add(row(pool, run.operations(), number(run.longestWaitNanos() / 1e6),
					number(run.smallestShare()), number(run.largestShare()), "", "", ""));
		}
	}

	private static String row(Object... cells) {
		return String.format(Locale.ROOT, "%-26s %12s %10s %10s %10s %10s %10s %10s", cells).stripTrailing();
	}

	private static String number(double value) {
		return String.format(Locale.ROOT, "%.2f", value);
	}

	/**
	 * @param size resources
	 * @param kept of these, lent all the time
	 */
	private record Setting(int threads, int size, int kept) {
	}

}
