package io.weir.time;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MomentsTest {

	@Test
	void momentIsRoundedUpToMilliseconds() {
		assertThat(Moments.toMillis(Instant.ofEpochMilli(1234))).isEqualTo(1234);
		assertThat(Moments.toMillis(Instant.ofEpochMilli(1234).plusNanos(1))).isEqualTo(1235);
	}

	@Test
	void momentsBeyondTheRangeAreItsEnds() {
		assertThat(Moments.toMillis(Instant.MIN)).isZero();
		assertThat(Moments.toMillis(Instant.EPOCH.minusNanos(1))).isZero();
		assertThat(Moments.toMillis(Instant.MAX)).isEqualTo(Long.MAX_VALUE);
		assertThat(Moments.toMillis(Instant.ofEpochMilli(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
	}

}
