package io.weir.pool;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DurationHistogramTest {

	private final DurationRecorder recorder = new DurationRecorder();

	@Test
	void nothingTookNoTime() {
		assertThat(DurationHistogram.EMPTY.getCount()).isZero();
		assertThat(DurationHistogram.EMPTY.getMean()).isZero();
		assertThat(DurationHistogram.EMPTY.getMax()).isZero();
	}

	@Test
	void percentilesAreUpperBoundsWithinAFactorOfTwo() {
		for (int i = 1; i <= 1000; i++) {
			this.recorder.record(i * 1000L);
		}
		DurationHistogram histogram = this.recorder.histogram();
		assertThat(histogram.getCount()).isEqualTo(1000);
		assertThat(histogram.getMean()).isEqualTo(Duration.ofNanos(500_500));
		assertThat(histogram.getP50()).isBetween(Duration.ofNanos(500_000), Duration.ofNanos(1_000_000));
		assertThat(histogram.percentile(0.1)).isBetween(Duration.ofNanos(1000), Duration.ofNanos(2000));
		assertThat(histogram.getMax()).isEqualTo(Duration.ofNanos(1 << 20));
	}

	@Test
	void theExtremesFit() {
		this.recorder.record(Long.MAX_VALUE);
		this.recorder.record(-1);
		this.recorder.record(0);
		assertThat(this.recorder.histogram().getCount()).isEqualTo(3);
		assertThat(this.recorder.histogram().getMax()).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
		assertThat(this.recorder.histogram().getP50()).isEqualTo(Duration.ofNanos(1));
	}

	@Test
	void twoAddUp() {
		this.recorder.record(100);
		DurationHistogram one = this.recorder.histogram();
		assertThat(one.plus(one).getCount()).isEqualTo(2);
		assertThat(one.plus(one).getMean()).isEqualTo(Duration.ofNanos(100));
		assertThat(one.plus(DurationHistogram.EMPTY)).isEqualTo(one).hasSameHashCodeAs(one);
	}

	@Test
	void aPartIsMoreThanNothingAndAtMostAll() {
		assertThatIllegalArgumentException().isThrownBy(() -> DurationHistogram.EMPTY.percentile(0))
			.withMessageContaining("more than 0");
		assertThatIllegalArgumentException().isThrownBy(() -> DurationHistogram.EMPTY.percentile(101))
			.withMessageContaining("101");
	}

}
