package io.weir.broker.engine.runtime;

import java.util.Random;
import java.util.stream.LongStream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random steps against a simple model. {@code -Dweir.simulation.seed} repeats one run.
 */
class SimulationTest {

	private static final int STEPS = 40_000;

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void promisesMustHoldWhateverHappens(long seed) {
		try {
			new Simulation(seed).run(STEPS);
		}
		catch (Throwable ex) {
			throw new AssertionError("Failed with -Dweir.simulation.seed=" + seed + ": " + ex, ex);
		}
	}

	static LongStream seeds() {
		Long given = Long.getLong("weir.simulation.seed");
		return (given != null) ? LongStream.of(given)
				: LongStream.concat(LongStream.rangeClosed(1, 6), new Random().longs(2));
	}

}
