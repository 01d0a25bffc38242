package io.weir.broker.engine.dispatch;

import org.junit.jupiter.api.Test;

import io.weir.broker.engine.TopicSnapshot;

import static org.assertj.core.api.Assertions.assertThat;

class SubscriptionConsumerTest {

	private static final int UNWRITTEN = SubscriptionConsumer.MAX_UNWRITTEN_BYTES;

	private final SubscriptionConsumer consumer = TestConsumers.consumer(1, 10);

	@Test
	void permitsMustNeverOverflow() {
		this.consumer.grant(Integer.MAX_VALUE);
		assertThat(this.consumer.permits()).isEqualTo(Integer.MAX_VALUE);
	}

	@Test
	void whatIsDeliveredMustUsePermitsAndWhatIsSettledMustNotGiveThemBack() {
		this.consumer.delivered(4, 100);
		assertThat(this.consumer.permits()).isEqualTo(6);
		assertThat(this.consumer.inFlight()).isEqualTo(4);
		this.consumer.settled(3);
		assertThat(this.consumer.permits()).isEqualTo(6);
		assertThat(this.consumer.snapshot()).isEqualTo(new TopicSnapshot.Consumer("consumer", 6, 1));
	}

	@Test
	void nothingMoreMustComeWhileTooMuchWaitsForTheNetwork() {
		this.consumer.delivered(1, UNWRITTEN - 1);
		assertThat(this.consumer.isAvailable()).isTrue();
		this.consumer.delivered(1, 1);
		assertThat(this.consumer.isAvailable()).isFalse();
		this.consumer.written(1);
		assertThat(this.consumer.isAvailable()).isTrue();
	}

	@Test
	void whatStillWaitsForTheNetworkMustCountThoughTheRestBeginsAgain() {
		this.consumer.delivered(2, UNWRITTEN);
		this.consumer.reset();
		assertThat(this.consumer.permits()).isZero();
		assertThat(this.consumer.inFlight()).isZero();
		this.consumer.grant(5);
		assertThat(this.consumer.isAvailable()).isFalse();
		this.consumer.written(UNWRITTEN);
		assertThat(this.consumer.isAvailable()).isTrue();
	}

	@Test
	void whatIsInFlightMustCountAgainstTheWindow() {
		this.consumer.delivered(3, 0);
		this.consumer.limit(2, Long.MAX_VALUE);
		assertThat(this.consumer.permits()).as("more than the window").isZero();
		this.consumer.settled(2);
		assertThat(this.consumer.permits()).isOne();
		this.consumer.unlimit();
		assertThat(this.consumer.permits()).isEqualTo(7);
	}

	@Test
	void windowMustNeverOverflow() {
		this.consumer.limit(1, Long.MAX_VALUE);
		this.consumer.widen(Integer.MAX_VALUE);
		assertThat(this.consumer.permits()).isEqualTo(10);
		assertThat(this.consumer.nextStep()).isEqualTo(Long.MAX_VALUE);
	}

}
