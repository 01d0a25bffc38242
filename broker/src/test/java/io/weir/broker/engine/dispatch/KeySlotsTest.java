package io.weir.broker.engine.dispatch;

import org.junit.jupiter.api.Test;

import io.weir.broker.engine.EngineFigures;

import static org.assertj.core.api.Assertions.assertThat;

class KeySlotsTest {

	private final EngineFigures figures = new EngineFigures();

	private final KeySlots slots = new KeySlots(this.figures);

	@Test
	void eachSlotThatIsBlockedMustStaySoUntilThereIsReasonToLookAgain() {
		this.slots.block(1);
		this.slots.block(2);
		assertThat(this.slots.isBlocked(1)).isTrue();
		assertThat(this.slots.isBlocked(2)).isTrue();
		assertThat(this.slots.isBlocked(3)).isFalse();
		assertThat(this.slots.freeBlocked()).isFalse();
		assertThat(this.slots.isBlocked(1)).isTrue();
		this.slots.unblock();
		assertThat(this.slots.freeBlocked()).isTrue();
		assertThat(this.slots.isBlocked(1)).isFalse();
		assertThat(this.slots.freeBlocked()).as("once").isFalse();
	}

	@Test
	void subscriptionsMustNotBlockTheSlotsOfOthers() {
		this.slots.block(1);
		assertThat(new KeySlots(this.figures).isBlocked(1)).isFalse();
	}

	@Test
	void blockedSlotMustBeLookedAtAgainWhenTheLastOfItsMessagesIsSettled() {
		SubscriptionConsumer consumer = TestConsumers.consumer(1, 10);
		this.slots.delivered(1, consumer);
		this.slots.delivered(1, consumer);
		this.slots.delivered(2, consumer);
		this.slots.block(1);
		this.slots.settled(2);
		this.slots.settled(1);
		assertThat(this.slots.freeBlocked()).isFalse();
		this.slots.settled(1);
		assertThat(this.slots.freeBlocked()).isTrue();
	}

	@Test
	void slotMustBeHeldBackUntilTheLastOfItsMessagesComesAgain() {
		this.slots.parked(1);
		this.slots.parked(1);
		this.slots.parked(2);
		assertThat(this.slots.parked()).isEqualTo(2);
		this.slots.unparked(1);
		assertThat(this.slots.isBlocked(1)).isTrue();
		assertThat(this.slots.freeBlocked()).isFalse();
		this.slots.unparked(1);
		assertThat(this.slots.isBlocked(1)).isFalse();
		assertThat(this.slots.isBlocked(2)).isTrue();
		assertThat(this.slots.freeBlocked()).isTrue();
		assertThat(this.figures.parkedKeys()).isOne();
		this.slots.end();
		assertThat(this.figures.parkedKeys()).isZero();
	}

	@Test
	void whatIsBlockedMustBeFreeWhenNobodyIsThereAnyMore() {
		this.slots.block(1);
		this.slots.release();
		assertThat(this.slots.isBlocked(1)).isFalse();
		assertThat(this.slots.freeBlocked()).isTrue();
	}

}
