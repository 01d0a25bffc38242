package io.weir.wire;

import org.junit.jupiter.api.Test;

import static io.weir.wire.MessageTimes.AT_ONCE;
import static io.weir.wire.MessageTimes.NEVER;
import static org.assertj.core.api.Assertions.assertThat;

class MessageTimesTest {

	private static final long NOW = 1_000;

	@Test
	void delayCountsFromWhenTheMessageIsStored() {
		assertThat(times(AT_ONCE, 10, NEVER, NEVER).deliverAt(NOW)).isEqualTo(1_010);
		assertThat(times(500, 0, NEVER, NEVER).deliverAt(NOW)).isEqualTo(500);
		assertThat(MessageTimes.ANY.deliverAt(NOW)).isEqualTo(AT_ONCE);
	}

	@Test
	void timeToLiveCountsFromWhenTheMessageCanBeDelivered() {
		assertThat(times(AT_ONCE, 0, NEVER, 10).expiresAt(NOW)).isEqualTo(1_010);
		assertThat(times(AT_ONCE, 100, NEVER, 10).expiresAt(NOW)).isEqualTo(1_110);
		assertThat(times(500, 0, NEVER, 10).expiresAt(NOW)).isEqualTo(1_010);
		assertThat(times(AT_ONCE, 0, 1_005, 10).expiresAt(NOW)).isEqualTo(1_005);
		assertThat(MessageTimes.ANY.expiresAt(NOW)).isEqualTo(NEVER);
	}

	@Test
	void whatIsTooFarAheadNeverComes() {
		assertThat(times(AT_ONCE, Long.MAX_VALUE, NEVER, NEVER).deliverAt(NOW)).isEqualTo(NEVER);
		assertThat(times(AT_ONCE, 0, NEVER, NEVER - 1).expiresAt(NOW)).isEqualTo(NEVER);
		assertThat(times(AT_ONCE, NEVER, NEVER, 10).expiresAt(NOW)).isEqualTo(NEVER);
	}

	private static MessageTimes times(long deliverAt, long deliverAfter, long expiresAt, long expiresAfter) {
		return new MessageTimes(deliverAt, deliverAfter, expiresAt, expiresAfter);
	}

}
