package io.weir.broker.store;

import org.junit.jupiter.api.Test;

import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ScheduledPositionTest {

	@Test
	void positionMustSayWhenItsMessageIsDue() {
		for (long due : new long[] { 0, 1_700_000_000_000L, ScheduledPosition.MAX_DUE }) {
			Position position = ScheduledPosition.of(due, 7);
			assertThat(ScheduledPosition.isScheduled(position)).isTrue();
			assertThat(ScheduledPosition.due(position)).isEqualTo(due);
			assertThat(position.entry()).isEqualTo(7);
		}
	}

	@Test
	void positionOfALogMustNotBeTakenForOne() {
		assertThat(ScheduledPosition.isScheduled(new Position(0, 0))).isFalse();
		assertThat(ScheduledPosition.isScheduled(new Position(ScheduledPosition.MAX_DUE, 0))).isFalse();
	}

	@Test
	void timesThatNoMessageCanHaveMustBeRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> ScheduledPosition.of(-1, 0));
		assertThatIllegalArgumentException().isThrownBy(() -> ScheduledPosition.of(ScheduledPosition.MAX_DUE + 1, 0));
	}

}
