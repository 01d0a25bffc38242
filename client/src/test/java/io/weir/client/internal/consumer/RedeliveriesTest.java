package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Redelivery;
import io.weir.wire.Frame;

import static io.weir.client.internal.consumer.ConsumerFixture.id;
import static io.weir.client.internal.consumer.ConsumerFixture.takeAll;
import static io.weir.client.internal.consumer.ConsumerFixture.values;
import static org.assertj.core.api.Assertions.assertThat;

class RedeliveriesTest {

	private final ConsumerFixture fixture = new ConsumerFixture();

	private final FakeWorld world = this.fixture.world;

	private final FakeBroker broker = this.world.broker();

	@Test
	void messageGivenBackWaitsAsLongAsTheBackoffSays() {
		this.fixture.redeliveryBackoff = (redeliveryCount) -> Duration.ofSeconds(1L << redeliveryCount);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "first");
		this.fixture.redeliver(1, 2, "third");
		takeAll(consumer);
		consumer.messages().negativeAcknowledge(id(1, 0), null);
		consumer.messages().negativeAcknowledge(id(0, 0), null);
		assertThat(givenBack()).isEmpty();
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(givenBack()).containsExactly(id(0, 0));
		this.world.timer().advance(Duration.ofSeconds(2));
		assertThat(givenBack()).hasSize(1);
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(givenBack()).containsExactly(id(0, 0), id(1, 0));
	}

	@Test
	void delayOfItsOwnCountsInsteadOfTheBackoff() {
		this.fixture.redeliveryBackoff = (redeliveryCount) -> Duration.ofHours(1);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b");
		takeAll(consumer);
		consumer.messages().negativeAcknowledge(id(0, 0), Duration.ZERO);
		assertThat(givenBack()).containsExactly(id(0, 0));
		consumer.messages().negativeAcknowledge(id(0, 1), Duration.ofSeconds(5));
		this.world.timer().advance(Duration.ofSeconds(5));
		assertThat(givenBack()).containsExactly(id(0, 0), id(0, 1));
	}

	@Test
	void acknowledgementTakesBackWhatWaits() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		takeAll(consumer);
		consumer.messages().negativeAcknowledge(id(0, 0), Duration.ofSeconds(5));
		consumer.messages().acknowledge(id(0, 0), null);
		consumer.messages().negativeAcknowledge(id(0, 0), null);
		this.world.timer().advance(Duration.ofSeconds(5));
		assertThat(givenBack()).isEmpty();
		assertThat(this.broker.frames(Frame.Acknowledge.class)).hasSize(1);
	}

	@Test
	void messageThatWaitsIsNotGivenEarlierBecauseOfAReconnect() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		takeAll(consumer);
		consumer.messages().negativeAcknowledge(id(0, 0), Duration.ofSeconds(5));
		this.world.reconnect();
		this.fixture.redeliver(0, 1, "a");
		assertThat(takeAll(consumer)).isEmpty();
		this.world.timer().advance(Duration.ofSeconds(5));
		assertThat(givenBack()).containsExactly(id(0, 0));
		this.fixture.redeliver(0, 2, "a");
		assertThat(takeAll(consumer)).extracting(Message::redeliveryCount).containsExactly(2);
	}

	@Test
	void noMoreThanTenThousandWait() {
		this.fixture.receiverQueueSize = 20_000;
		ConsumerCore<String> consumer = this.fixture.open();
		for (int entry = 0; entry <= Redeliveries.MAX_WAITING; entry += 1000) {
			this.fixture.deliver(entry, IntStream.range(0, 1000).mapToObj(Integer::toString).toArray(String[]::new));
		}
		List<Message<String>> messages = takeAll(consumer).subList(0, Redeliveries.MAX_WAITING + 1);
		messages.forEach((message) -> consumer.messages().negativeAcknowledge(message.id(), Duration.ofHours(1)));
		assertThat(givenBack()).containsExactly(id(0, 0));
	}

	@Test
	void backoffThatFailsGivesTheMessageBack() {
		this.fixture.redeliveryBackoff = (redeliveryCount) -> switch (redeliveryCount) {
			case 0 -> throw new IllegalStateException("no");
			case 1 -> throw new StackOverflowError();
			default -> null;
		};
		ConsumerCore<String> consumer = this.fixture.open();
		for (int count = 0; count < 3; count++) {
			this.fixture.redeliver(count, count, "a");
		}
		takeAll(consumer).forEach((message) -> assertThat(consumer.messages().negativeAcknowledge(message.id(), null))
			.isEqualTo(new Redelivery(Redeliveries.DELAY_WITHOUT_BACKOFF, null)));
		assertThat(givenBack()).isEmpty();
		this.world.timer().advance(Redeliveries.DELAY_WITHOUT_BACKOFF);
		assertThat(givenBack()).containsExactlyInAnyOrder(id(0, 0), id(1, 0), id(2, 0));
	}

	@Test
	void whoGivesAMessageBackIsToldWhatBecomesOfIt() {
		this.fixture.redeliveryBackoff = (redeliveryCount) -> Duration.ofSeconds(2);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b");
		takeAll(consumer);
		assertThat(consumer.messages().negativeAcknowledge(id(0, 0), null))
			.isEqualTo(new Redelivery(Duration.ofSeconds(2), null))
			.hasToString("is delivered again in 2 s");
		assertThat(consumer.messages().negativeAcknowledge(id(0, 1), Duration.ofMillis(-1)))
			.isEqualTo(new Redelivery(Duration.ZERO, null))
			.hasToString("is delivered again now");
		assertThat(consumer.messages().negativeAcknowledge(id(0, 1), null)).isNull();
	}

	@Test
	void messageThatIsNotAcknowledgedInTimeIsGivenBack() {
		this.fixture.ackTimeout = Duration.ofSeconds(10);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "acknowledged", "given back", "forgotten");
		takeAll(consumer);
		this.fixture.deliver(1, "not taken");
		consumer.messages().acknowledge(id(0, 0), null);
		consumer.messages().negativeAcknowledge(id(0, 1), Duration.ofHours(1));
		this.world.timer().advance(Duration.ofMillis(9_999));
		assertThat(givenBack()).isEmpty();
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(givenBack()).containsExactly(id(0, 2));
		this.fixture.redeliver(0, 1, "acknowledged", "given back", "forgotten");
		assertThat(values(takeAll(consumer))).contains("forgotten", "not taken").doesNotContain("given back");
	}

	@Test
	void cumulativeAcknowledgementIsInTimeForAllBefore() {
		this.fixture.ackTimeout = Duration.ofSeconds(10);
		this.broker.hold(Frame.AcknowledgeUpTo.class);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b", "c");
		takeAll(consumer);
		consumer.messages().acknowledgeUpTo(id(0, 1), new CompletableFuture<>());
		this.world.timer().advance(Duration.ofSeconds(11));
		assertThat(givenBack()).containsExactly(id(0, 2));
	}

	private List<MessageId> givenBack() {
		return this.broker.frames(Frame.NegativeAcknowledge.class)
			.stream()
			.map(Frame.NegativeAcknowledge::ids)
			.flatMap(List::stream)
			.toList();
	}

}
