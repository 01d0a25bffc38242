package io.weir.client.history;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is promised holds on bad networks and across restarts of the broker: a few fixed
 * seeds in every build, and with {@code -Pchaos} new ones for as long as is wanted.
 */
@Timeout(7 * 24 * 3600)
class SeededHistoryTest {

	private static final Logger logger = LoggerFactory.getLogger(SeededHistoryTest.class);

	/** Three times what a run was seen to take, besides what earlier tests left. */
	private static final long MEMORY_BOUND = 64L * 1024 * 1024;

	/** How long to go on with new seeds; zero for the fixed ones alone. */
	private static final Duration LASTING = Duration.parse(System.getProperty("chaos.duration", "PT0S"));

	/** The one seed to play, or that of the first of many. */
	private static final Long SEED = Long.getLong("chaos.seed");

	private static final int MESSAGES = Integer.getInteger("chaos.messages", 800);

	@TempDir
	private Path data;

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void promisesHoldOnBadNetworksAndAcrossRestarts(long seed) {
		logger.info("History with -Dchaos.seed={}", seed);
		long bound = Scenario.usedMemory() + MEMORY_BOUND;
		try (RestartableBroker broker = (seed % 3 == 0) ? RestartableBroker.killed(this.data)
				: RestartableBroker.stopped(this.data); Scenario scenario = new Scenario(seed, broker, MESSAGES)) {
			List<Event> history = scenario.play();
			List<String> violations = HistoryChecker.check(history, bound);
			assertThat(violations.stream().limit(20))
				.as("%d violations in %d events", violations.size(), history.size())
				.isEmpty();
		}
		catch (Throwable ex) {
			throw new AssertionError("Failed with -Dchaos.seed=" + seed + ": " + ex, ex);
		}
	}

	/** Drawn one after the other while the time lasts. */
	static LongStream seeds() {
		if (LASTING.isZero()) {
			return (SEED != null) ? LongStream.of(SEED) : LongStream.rangeClosed(1, 3);
		}
		long end = System.nanoTime() + LASTING.toNanos();
		long first = (SEED != null) ? SEED : System.currentTimeMillis();
		return LongStream.iterate(first, (seed) -> System.nanoTime() < end, (seed) -> seed + 1);
	}

}
