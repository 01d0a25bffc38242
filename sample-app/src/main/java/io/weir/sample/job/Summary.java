package io.weir.sample.job;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.HdrHistogram.Histogram;

import io.weir.pool.PoolStats;
import io.weir.pool.ValidationPhase;
import io.weir.sample.board.Board.Airport;

/**
 * What the main job has to say at its end.
 *
 * @param messages how many different flights arrived
 * @param elapsed from the first flight sent to the last one received
 * @param latencies from publisher to listener, in microseconds
 * @param pools the client's stream pools
 * @param airports the most punctual first
 * @param result whether all arrived in order, each once
 */
record Summary(long messages, Duration elapsed, Histogram latencies, Collection<PoolStats> pools,
		List<Airport> airports, FlightChecker.Result result) {

	private static final double NANOS_PER_SECOND = 1e9;

	private static final double MICROS_PER_MILLI = 1e3;

	private static final int MIN_FLIGHTS = 50;

	private static final int RANKS = 5;

	@Override
	public String toString() {
		List<Airport> ranked = this.airports.stream().filter((airport) -> airport.flights() >= MIN_FLIGHTS).toList();
		List<Airport> best = ranked.subList(0, Math.min(RANKS, ranked.size()));
		List<Airport> worst = ranked.subList(Math.max(0, ranked.size() - RANKS), ranked.size());
		return Stream
			.of(throughput(), latency(), streams(), validations(), airports("most punctual", best),
					airports("least punctual", worst), redelivered(), Stream.of(this.result.toString()))
			.flatMap((lines) -> lines)
			.collect(Collectors.joining(System.lineSeparator()));
	}

	private Stream<String> throughput() {
		double seconds = this.elapsed.toNanos() / NANOS_PER_SECOND;
		return row("messages", String.format(Locale.ROOT, "%,d in %.2f s, %,.0f msg/s", this.messages, seconds,
				this.messages / seconds));
	}

	private Stream<String> latency() {
		return row("latency", String.format(Locale.ROOT, "p50 %.1f ms, p99 %.1f ms, from publisher to listener",
				percentile(50), percentile(99)));
	}

	private double percentile(double percentile) {
		return this.latencies.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
	}

	private Stream<String> streams() {
		return row("streams",
				String.format(Locale.ROOT, "%,d opened, %,d open now", sum(PoolStats::created), sum(PoolStats::size)));
	}

	private Stream<String> validations() {
		return row("validations",
				Stream.of(ValidationPhase.values())
					.map((phase) -> phase.name().toLowerCase(Locale.ROOT) + " " + count(phase))
					.collect(Collectors.joining(", ")));
	}

	private String count(ValidationPhase phase) {
		long valid = sum((pool) -> pool.validations(phase).valid());
		long invalid = sum((pool) -> pool.validations(phase).invalid());
		return (invalid == 0) ? String.format(Locale.ROOT, "%,d", valid)
				: String.format(Locale.ROOT, "%,d (%,d failed)", valid + invalid, invalid);
	}

	private long sum(ToLongFunction<PoolStats> figure) {
		return this.pools.stream().mapToLong(figure).sum();
	}

	private Stream<String> airports(String title, List<Airport> airports) {
		return IntStream.range(0, airports.size())
			.boxed()
			.flatMap((i) -> row((i == 0) ? title : "", line(airports.get(i))));
	}

	private static String line(Airport airport) {
		return String.format(Locale.ROOT, "%s  %4.1f %% of %,5d flights, %+5.1f min", airport.code(),
				airport.punctuality() * 100, airport.flights(), airport.meanDelay());
	}

	/** The broker may deliver again what it had no acknowledgement for: no fault. */
	private Stream<String> redelivered() {
		long count = this.result.redelivered();
		return (count == 0) ? Stream.empty() : row("redelivered", String.format(Locale.ROOT, "%,d", count));
	}

	private static Stream<String> row(String title, String text) {
		return Stream.of(String.format(Locale.ROOT, "  %-15s %s", title, text));
	}

}
