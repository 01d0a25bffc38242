package io.weir.broker.engine.runtime;

import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random steps against a simple model. {@code -Dweir.simulation.seed} repeats one run,
 * {@code -Dweir.simulation.seeds} says how many are tried that nobody has chosen.
 */
class SimulationTest {

	private static final int STEPS = 25_000;

	/** What they reach is looked at: another seed may miss something. */
	private static final List<Long> FIXED_SEEDS = List.of(1L, 2L, 3L, 4L, 5L, 6L);

	private static final Set<Reached> reached = EnumSet.noneOf(Reached.class);

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void promisesMustHoldWhateverHappens(long seed) {
		try {
			Simulation simulation = new Simulation(seed);
			simulation.run(STEPS);
			System.out.println("Seed " + seed + ": " + simulation.trace().commands() + " commands, and "
					+ simulation.reached().size() + " of " + Reached.values().length + " things that must happen");
			if (FIXED_SEEDS.contains(seed)) {
				reached.addAll(simulation.reached());
			}
		}
		catch (Throwable ex) {
			throw new AssertionError("Failed with -Dweir.simulation.seed=" + seed + ": " + ex, ex);
		}
	}

	/** Not if a run was repeated: one may miss something. */
	@AfterAll
	static void whatThePromisesAreAboutMustHaveHappened() {
		if (Long.getLong("weir.simulation.seed") == null) {
			assertThat(reached).containsExactlyInAnyOrder(Reached.values());
		}
	}

	static LongStream seeds() {
		Long given = Long.getLong("weir.simulation.seed");
		return (given != null) ? LongStream.of(given)
				: LongStream.concat(FIXED_SEEDS.stream().mapToLong(Long::longValue),
						new Random().longs(Integer.getInteger("weir.simulation.seeds", 2)));
	}

}
