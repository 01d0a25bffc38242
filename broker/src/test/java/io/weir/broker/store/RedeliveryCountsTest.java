package io.weir.broker.store;

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RedeliveryCountsTest {

	@Test
	void messagesThatWereNeverDeliveredInVainMustTakeNothing() {
		assertThat(RedeliveryCounts.of(1_000, (index) -> 0)).isSameAs(RedeliveryCounts.NONE);
		assertThat(RedeliveryCounts.of(0, (index) -> 1)).isSameAs(RedeliveryCounts.NONE);
		assertThat(RedeliveryCounts.NONE.isEmpty()).isTrue();
		assertThat(RedeliveryCounts.NONE.highest()).isZero();
		assertThat(RedeliveryCounts.NONE.toBytes()).isEmpty();
		assertThat(RedeliveryCounts.ofBytes(new byte[0])).isEqualTo(RedeliveryCounts.NONE);
	}

	@Test
	void eachMessageMustKeepItsCountHoweverManyRunsThereAre() {
		int[] counts = { 0, 0, 3, 1, 1, 1, 0, 7, 2, 2, 0, 5 };
		RedeliveryCounts kept = RedeliveryCounts.of(counts.length, (index) -> counts[index]);
		assertThat(IntStream.range(0, counts.length).map(kept::of).toArray()).isEqualTo(counts);
		assertThat(kept.of(counts.length)).as("beyond the last").isZero();
		assertThat(kept.highest()).isEqualTo(7);
		assertThat(kept.isEmpty()).isFalse();
		assertThat(RedeliveryCounts.ofBytes(kept.toBytes())).isEqualTo(kept);
	}

	@Test
	void oneRunMustTakeEightBytes() {
		RedeliveryCounts kept = RedeliveryCounts.of(1_000, (index) -> 300);
		assertThat(kept.toBytes()).containsExactly(0, 0, 3, 0xE8, 0, 0, 1, 0x2C);
		assertThat(kept.of(999)).isEqualTo(300);
	}

	@Test
	void countsMustBeEqualByWhatTheySay() {
		assertThat(RedeliveryCounts.of(2, (index) -> index)).isEqualTo(RedeliveryCounts.of(2, (index) -> index))
			.isNotEqualTo(RedeliveryCounts.of(3, (index) -> index))
			.isNotEqualTo(null);
	}

	@Test
	void bytesThatAreNoCountsMustBeRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> RedeliveryCounts.ofBytes(new byte[12]))
			.withMessage("12 bytes are no redelivery counts");
	}

}
