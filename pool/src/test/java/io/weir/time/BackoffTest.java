package io.weir.time;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BackoffTest {

	private static final Duration INITIAL = Duration.ofMillis(100);

	private static final Duration MAX = Duration.ofSeconds(10);

	@Test
	void thoseWhoFailAtOneMomentMustNotComeBackAtOne() {
		List<Duration> first = Stream.generate(() -> Backoff.random(INITIAL, MAX))
			.limit(100)
			.map(Backoff::next)
			.toList();
		assertThat(first).allMatch((delay) -> delay.compareTo(INITIAL.dividedBy(2)) >= 0)
			.allMatch((delay) -> delay.compareTo(INITIAL) <= 0);
		assertThat(first.stream().distinct()).hasSizeGreaterThan(50);
	}

	@Test
	void delayMustDoubleUpToTheLongestAndBeginAgainWhenItIsReset() {
		Backoff backoff = new Backoff(INITIAL, Duration.ofMillis(300), () -> 1);
		assertThat(Stream.generate(backoff::next).limit(4)).extracting(Duration::toMillis)
			.containsExactly(100L, 200L, 300L, 300L);
		backoff.reset();
		assertThat(backoff.next()).isEqualTo(INITIAL);
		assertThat(backoff.longest()).isEqualTo(Duration.ofMillis(300));
	}

}
