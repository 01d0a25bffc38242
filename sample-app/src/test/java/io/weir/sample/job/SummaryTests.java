package io.weir.sample.job;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

import io.weir.pool.DurationHistogram;
import io.weir.pool.PoolStats;
import io.weir.pool.ValidationCount;
import io.weir.pool.ValidationPhase;
import io.weir.sample.board.Board.Airport;

import static org.assertj.core.api.Assertions.assertThat;

class SummaryTests {

	@Test
	void namesFiguresAndAirportsAndEndsWithTheResult() {
		List<Airport> airports = IntStream.range(0, 12)
			.mapToObj((i) -> new Airport(String.format(Locale.ROOT, "A%02d", i), 100 - i, 0.99 - i / 100.0, i))
			.toList();
		assertThat(summary(airports, new FlightChecker.Result(0, 0, 0, 0)).toString().lines()).containsExactly(
				"  messages        20,000 in 2.00 s, 10,000 msg/s",
				"  latency         p50 1.5 ms, p99 1.5 ms, from publisher to listener",
				"  streams         7 opened, 5 open now",
				"  validations     create 7, borrow 12 (2 failed), return 0, idle 0",
				"  most punctual   A00  99.0 % of   100 flights,  +0.0 min",
				"                  A01  98.0 % of    99 flights,  +1.0 min",
				"                  A02  97.0 % of    98 flights,  +2.0 min",
				"                  A03  96.0 % of    97 flights,  +3.0 min",
				"                  A04  95.0 % of    96 flights,  +4.0 min",
				"  least punctual  A07  92.0 % of    93 flights,  +7.0 min",
				"                  A08  91.0 % of    92 flights,  +8.0 min",
				"                  A09  90.0 % of    91 flights,  +9.0 min",
				"                  A10  89.0 % of    90 flights, +10.0 min",
				"                  A11  88.0 % of    89 flights, +11.0 min", "order: ok, lost: 0, duplicates: 0");
	}

	@Test
	void leavesOutAirportsWithFewFlights() {
		List<Airport> airports = List.of(new Airport("FEW", 49, 1, 0), new Airport("SFO", 50, 0.5, 0));
		assertThat(summary(airports, new FlightChecker.Result(0, 0, 0, 0)).toString()).contains("SFO")
			.doesNotContain("FEW");
	}

	@Test
	void tellsOfRedeliveriesOnlyIfThereWereSome() {
		assertThat(summary(List.of(), new FlightChecker.Result(0, 0, 0, 0)).toString()).doesNotContain("redelivered");
		assertThat(summary(List.of(), new FlightChecker.Result(0, 0, 0, 3)).toString()).contains("redelivered     3");
	}

	private static Summary summary(List<Airport> airports, FlightChecker.Result result) {
		Histogram latencies = new Histogram(3);
		latencies.recordValue(1500);
		PoolStats pool = new PoolStats(
				3, 2, 0, 0, 5, 2, 100, 12, 0, 0, 7, 0, Map.of(), Map.of(ValidationPhase.CREATE,
						new ValidationCount(7, 0), ValidationPhase.BORROW, new ValidationCount(10, 2)),
				DurationHistogram.EMPTY, DurationHistogram.EMPTY);
		return new Summary(20_000, Duration.ofSeconds(2), latencies, List.of(pool), airports, result);
	}

}
