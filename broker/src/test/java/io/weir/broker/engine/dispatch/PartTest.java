package io.weir.broker.engine.dispatch;

import java.util.BitSet;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PartTest {

	private static final int ENTRY = 6;

	@Test
	void runThatIsWholeMustPassOverNothing() {
		assertThat(Part.of(bits(2, 3, 4), ENTRY, true)).isEqualTo(new Part(2, 3, bits()));
		assertThat(Part.of(bits(0, 1, 2, 3, 4, 5), ENTRY, true)).isEqualTo(new Part(0, ENTRY, bits()));
	}

	@Test
	void whatLiesBetweenMustBePassedOverCountedFromTheBeginningOfTheRun() {
		assertThat(Part.of(bits(2, 4, 5), ENTRY, true)).isEqualTo(new Part(2, 4, bits(1)));
		assertThat(Part.of(bits(0, 3), ENTRY, true)).isEqualTo(new Part(0, 4, bits(1, 2)));
	}

	@Test
	void batchThatCannotBeDividedMustGoOutWhole() {
		assertThat(Part.of(bits(2, 3), ENTRY, false)).isEqualTo(new Part(0, ENTRY, bits(0, 1, 4, 5)));
		assertThat(Part.of(bits(0, 1, 2, 3, 4, 5), ENTRY, false)).isEqualTo(new Part(0, ENTRY, bits()));
	}

	private static BitSet bits(int... indexes) {
		return IntStream.of(indexes).collect(BitSet::new, BitSet::set, BitSet::or);
	}

}
