package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeBroker.Received;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static io.weir.client.internal.consumer.ConsumerFixture.id;
import static io.weir.client.internal.consumer.ConsumerFixture.takeAll;
import static io.weir.client.internal.consumer.ConsumerFixture.values;
import static org.assertj.core.api.Assertions.assertThat;

/** Two consumers on the only stream there is. */
class SharedStreamTest {

	private final ConsumerFixture fixture = new ConsumerFixture();

	private final FakeWorld world = this.fixture.world;

	private final FakeBroker broker = this.world.broker();

	private ConsumerCore<String> first;

	private ConsumerCore<String> second;

	@BeforeEach
	void subscribe() {
		this.world.maxStreams(1);
		this.first = this.fixture.open();
		this.second = this.fixture.openAnother();
		assertThat(subscriptions()).hasSize(2);
		assertThat(subscription(1).stream()).isSameAs(subscription(0).stream());
	}

	@Test
	void eachIsGivenWhatNamesIt() {
		deliver(subscription(0), 0, "a");
		deliver(subscription(1), 1, "b");
		assertThat(values(takeAll(this.first))).containsExactly("a");
		assertThat(values(takeAll(this.second))).containsExactly("b");
	}

	@Test
	void oneThatFindsAllStreamsLentForAMomentSharesOneAtOnce() {
		ConsumerFixture busy = new ConsumerFixture();
		busy.world.maxStreams(8);
		busy.open();
		for (int i = 1; i < 8; i++) {
			busy.world.pool().borrowAsync();
		}
		busy.openAnother();
		assertThat(busy.subscribed).isCompleted();
		List<Received> subscriptions = busy.world.broker().received(Frame.Subscribe.class).toList();
		assertThat(subscriptions).hasSize(2);
		assertThat(subscriptions.get(1).stream()).isSameAs(subscriptions.get(0).stream());
	}

	@Test
	void bothSubscribeAgainWhenTheStreamEnds() {
		subscription(0).stream().end(new ProtocolException(ErrorCode.CONNECTION_LOST, "reset by the test"));
		assertThat(this.first.isConnected()).isFalse();
		assertThat(this.second.isConnected()).isFalse();
		later();
		assertThat(subscriptions()).hasSize(4);
		assertThat(this.first.isConnected()).isTrue();
		assertThat(this.second.isConnected()).isTrue();
		assertThat(this.world.pool().lent()).isEqualTo(1);
	}

	@Test
	void oneThatIsRemovedSubscribesAgainAndTheOtherStays() {
		removed(1);
		later();
		assertThat(subscriptions()).hasSize(3);
		assertThat(subscription(2).stream()).isSameAs(subscription(0).stream());
		deliver(subscription(0), 0, "a");
		deliver(subscription(2), 1, "b");
		assertThat(values(takeAll(this.first))).containsExactly("a");
		assertThat(values(takeAll(this.second))).containsExactly("b");
	}

	@Test
	void brokerIsToldToForgetTheEarlierSubscription() {
		removed(1);
		assertThat(this.broker.frames(Frame.CloseConsumer.class))
			.containsExactly(new Frame.CloseConsumer(consumerId(subscription(1))));
	}

	@Test
	void whatComesForAnEarlierSubscriptionIsDropped() {
		removed(1);
		later();
		deliver(subscription(1), 0, "late");
		assertThat(takeAll(this.first)).isEmpty();
		assertThat(takeAll(this.second)).isEmpty();
	}

	@Test
	void answerToAnEarlierSubscriptionIsNotTakenForThePresentOne() {
		deliver(subscription(1), 0, "a");
		takeAll(this.second);
		this.broker.hold(Frame.Acknowledge.class);
		CompletableFuture<Void> stored = new CompletableFuture<>();
		this.second.messages().acknowledge(id(0, 0), stored);
		this.world.timer().advance(ConsumerFixture.ACKNOWLEDGEMENT_DELAY);
		Received earlier = this.broker.takeHeld();
		removed(1);
		earlier.answer(new Frame.Ok());
		assertThat(stored).isNotDone();
		later();
		this.broker.answerHeld();
		assertThat(stored).isCompleted();
	}

	@Test
	void streamIsGivenBackWhenBothHaveLeft() {
		this.first.close();
		assertThat(this.world.pool().lent()).isEqualTo(1);
		assertThat(this.second.isConnected()).isTrue();
		this.second.close();
		assertThat(this.world.pool().lent()).isZero();
		assertThat(subscription(0).stream().isOpen()).isTrue();
	}

	private void removed(int subscription) {
		Received removed = subscription(subscription);
		removed.stream().say(0, new Frame.ConsumerClosed(consumerId(removed), ErrorCode.INTERNAL, "by the test"));
	}

	private void later() {
		this.world.timer().advance(Duration.ofSeconds(1));
	}

	private List<Received> subscriptions() {
		return this.broker.received(Frame.Subscribe.class).toList();
	}

	private Received subscription(int number) {
		return subscriptions().get(number);
	}

	private static long consumerId(Received subscription) {
		return ((Frame.Subscribe) subscription.frame()).consumerId();
	}

	private void deliver(Received subscription, long entry, String value) {
		this.fixture.deliver(subscription.stream(), consumerId(subscription), entry, new BitSet(), value);
	}

}
