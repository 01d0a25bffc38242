package io.weir.broker.engine.context;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Superseded;
import io.weir.broker.engine.context.SupersededRuns.Run;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

class SupersededRunsTest {

	private static final Position END = at(1_000_000);

	private final SupersededRuns runs = new SupersededRuns();

	@Test
	void entriesThatFollowEachOtherMustBeOneRunHoweverTheyCome() {
		add(3, 5, 4, 9);
		assertThat(this.runs.take(END)).containsExactly(new Run(at(3), at(5), 3, 6, 30),
				new Run(at(9), at(9), 1, 2, 10));
		assertThat(this.runs.take(END)).as("taken").isEmpty();
	}

	@Test
	void entryThatIsAddedTwiceMustCountOnce() {
		add(3, 3, 4, 3);
		assertThat(this.runs.take(END)).containsExactly(new Run(at(3), at(4), 2, 4, 20));
	}

	@Test
	void itMustBeKnownOfEachEntryWhetherItIsKept() {
		add(3, 4, 6, 7);
		assertThat(LongStream.range(0, 10).filter((entry) -> this.runs.has(at(entry)))).containsExactly(3L, 4L, 6L, 7L);
		assertThat(List.of(2L, 3L, 4L, 5L, 6L, 7L)).extracting((entry) -> this.runs.keptFrom(at(entry)))
			.containsExactly(at(2), at(5), at(5), at(5), at(8), at(8));
	}

	@Test
	void onlyWhatStandsBeforeTheLimitMustBeTaken() {
		add(1, 2, 3, 4, 8);
		assertThat(this.runs.take(at(1))).isEmpty();
		assertThat(this.runs.take(at(3))).containsExactly(new Run(at(1), at(2), 2, 4, 20));
		assertThat(this.runs.has(at(2))).isFalse();
		assertThat(this.runs.has(at(3))).isTrue();
		assertThat(this.runs.take(END)).containsExactly(new Run(at(3), at(4), 2, 4, 20),
				new Run(at(8), at(8), 1, 2, 10));
	}

	@Test
	void noWriteMustTakeOutMoreThanIsAllowed() {
		LongStream.range(0, 2 * SupersededRuns.LONGEST + 5).forEach((entry) -> add(entry));
		List<Integer> taken = new ArrayList<>();
		for (List<Run> next = this.runs.take(END); !next.isEmpty(); next = this.runs.take(END)) {
			taken.add(next.stream().mapToInt(Run::entries).sum());
		}
		assertThat(taken).containsExactly(SupersededRuns.LONGEST, SupersededRuns.LONGEST, 5);
	}

	@Test
	void whatCouldNotBeTakenOutMustBeTakenAgain() {
		add(3, 4);
		List<Run> taken = this.runs.take(END);
		taken.forEach(this.runs::putBack);
		assertThat(this.runs.has(at(4))).isTrue();
		assertThat(this.runs.take(END)).isEqualTo(taken);
		assertThat(taken.get(0).positions()).containsExactly(at(3), at(4));
	}

	@Test
	void memoryMustBeBoundedHoweverManyThereAre() {
		LongStream.rangeClosed(0, SupersededRuns.MOST).forEach((i) -> add(2 * i));
		assertThat(this.runs.has(at(2L * SupersededRuns.MOST - 2))).isTrue();
		assertThat(this.runs.has(at(2L * SupersededRuns.MOST))).as("stays in the log").isFalse();
	}

	@Test
	void whatIsTrimmedMustBeForgotten() {
		add(1, 3, 5);
		this.runs.trimmed(at(3));
		assertThat(this.runs.has(at(1))).isFalse();
		assertThat(this.runs.has(at(3))).isTrue();
	}

	/** Each entry has two messages and ten bytes. */
	private void add(long... entries) {
		LongStream.of(entries).forEach((entry) -> this.runs.add(new Superseded(at(entry), 2, 10)));
	}

	private static Position at(long entry) {
		return new Position(0, entry);
	}

}
