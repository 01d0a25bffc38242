package io.weir.pool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** That a {@link Race} finds a race, shown by one that is there. */
class PlantedRaceTest {

	private static final int ROUNDS = 1_000_000;

	private final Race race = new Race();

	@AfterEach
	void stop() {
		this.race.close();
	}

	@Test
	void aCheckThatIsFollowedByAWriteIsCaught() throws Exception {
		boolean lentTwice = false;
		for (int i = 0; i < ROUNDS && !lentTwice; i++) {
			CheckThenWrite slot = new CheckThenWrite();
			boolean[] lent = new boolean[2];
			this.race.between(() -> lent[0] = slot.tryLend(), () -> lent[1] = slot.tryLend());
			lentTwice = lent[0] && lent[1];
		}
		assertThat(lentTwice).isTrue();
	}

	/** What {@link SlotWord#tryLend} would be without its compare-and-set. */
	private static final class CheckThenWrite {

		private volatile int status = SlotWord.IDLE;

		boolean tryLend() {
			if (this.status != SlotWord.IDLE) {
				return false;
			}
			for (int turn = 0; turn < 10; turn++) { // a busy machine should find it soon,
													// too
				Thread.onSpinWait();
			}
			this.status = SlotWord.LENT;
			return true;
		}

	}

}
