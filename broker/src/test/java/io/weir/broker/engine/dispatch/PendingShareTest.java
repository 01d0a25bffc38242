package io.weir.broker.engine.dispatch;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.weir.wire.BrokerLimit;
import io.weir.wire.Budget;
import io.weir.wire.Budgets;

import static org.assertj.core.api.Assertions.assertThat;

class PendingShareTest {

	private static final int LIMIT = 9_000;

	private final Budgets budgets = new Budgets(
			(limit) -> (limit == BrokerLimit.PENDING_ENTRIES) ? LIMIT : Long.MAX_VALUE);

	@Test
	void oneThatIsAloneTakesAnEighthOfWhatIsLeft() {
		assertThat(fill(new PendingShare(this.budgets))).isBetween(990, LIMIT / 8);
	}

	@Test
	void manyThatAcknowledgeNothingTakeNoMoreAndKeepNobodyFromGoingOn() {
		List<PendingShare> hoarding = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			hoarding.add(new PendingShare(this.budgets));
		}
		hoarding.forEach(PendingShareTest::fill);
		assertThat(hoarding).allMatch((share) -> share.room() == 0);
		assertThat(this.budgets.of(BrokerLimit.PENDING_ENTRIES).used())
			.isLessThanOrEqualTo(LIMIT + 100 * PendingShare.LEAST);
		assertThat(new PendingShare(this.budgets).room()).isGreaterThanOrEqualTo(PendingShare.LEAST);
	}

	@Test
	void whenAllIsTakenEverybodyStillGetsOn() {
		this.budgets.of(BrokerLimit.PENDING_ENTRIES).take(2 * LIMIT);
		assertThat(new PendingShare(this.budgets).room()).isEqualTo(PendingShare.LEAST);
	}

	@Test
	void whatIsAcknowledgedGivesRoom() {
		PendingShare share = new PendingShare(this.budgets);
		fill(share);
		assertThat(share.room()).isZero();
		share.use(0);
		assertThat(share.room()).isEqualTo(LIMIT / 8);
		assertThat(this.budgets.of(BrokerLimit.PENDING_ENTRIES).used()).isZero();
	}

	@Test
	void theLastFewMustBeLeftOnlyWhileNothingOfThemIsUsed() {
		PendingShare share = new PendingShare(this.budgets);
		this.budgets.of(BrokerLimit.PENDING_ENTRIES).take(LIMIT);
		share.use(PendingShare.LEAST - 1);
		assertThat(share.room()).isOne();
		share.use(PendingShare.LEAST);
		assertThat(share.room()).isZero();
		share.use(2 * PendingShare.LEAST);
		assertThat(share.room()).as("never less than nothing").isZero();
	}

	@Test
	void whoeverFindsNoRoomMustBeCountedOnceUntilThereIsSome() {
		PendingShare share = new PendingShare(this.budgets);
		Budget all = this.budgets.of(BrokerLimit.PENDING_ENTRIES);
		fill(share);
		share.room();
		share.room();
		assertThat(all.refused()).isOne();
		share.use(0);
		share.room();
		fill(share);
		assertThat(all.refused()).isEqualTo(2);
	}

	/** Takes what there is room for, again and again. */
	private static int fill(PendingShare share) {
		int used = 0;
		for (int room = share.room(); room > 0; room = share.room()) {
			used += room;
			assertThat(used).as("entries").isLessThanOrEqualTo(LIMIT);
			share.use(used);
		}
		return used;
	}

}
