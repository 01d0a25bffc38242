package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.client.internal.fakes.LogCapture;
import io.weir.transport.Connection;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static io.weir.client.internal.consumer.ConsumerFixture.id;
import static io.weir.client.internal.consumer.ConsumerFixture.takeAll;
import static io.weir.client.internal.consumer.ConsumerFixture.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Batches that come with other bytes than those of which their checksum was made. */
class DamagedBatchesTest {

	private final ConsumerFixture fixture = new ConsumerFixture();

	private final FakeWorld world = this.fixture.world;

	private final FakeBroker broker = this.world.broker();

	@Test
	void damagedBatchIsNotGivenToAnybodyButAskedForAgainOverAnotherConnection() {
		try (LogCapture log = new LogCapture(DamagedBatches.class)) {
			ConsumerCore<String> consumer = this.fixture.open();
			Connection first = this.world.connection();
			this.fixture.deliver(0, "a");
			this.fixture.deliverDamaged(1, "b", "c");
			assertThat(log.lines()).containsExactly("ERROR Messages 0:0:1:0 to 0:0:1:1 of subscription 'subscription' "
					+ "of topic 'topic', published by 'producer', have come with other bytes than those of which "
					+ "their checksum was made; they are asked for once more, over another connection");
			assertThat(first.isOpen()).isFalse();
			reconnected();
			assertThat(this.world.connection()).isNotSameAs(first);
			this.fixture.deliver(0, "a");
			this.fixture.deliver(1, "b", "c");
			assertThat(values(takeAll(consumer))).containsExactly("a", "b", "c");
			assertThat(this.fixture.damagedBatches.sum()).isOne();
		}
	}

	@Test
	void nothingThatComesAfterADamagedBatchOvertakesIt() {
		ConsumerCore<String> consumer = this.fixture.open();
		var stream = this.broker.last(Frame.Subscribe.class).stream();
		this.fixture.deliverDamaged(0, "a");
		this.fixture.deliver(stream, 1, new BitSet(), "b");
		assertThat(takeAll(consumer)).isEmpty();
	}

	@Test
	void batchThatIsDamagedAgainEndsTheConsumerAndIsSaidToBe() {
		ConsumerCore<String> consumer = this.fixture.open();
		damagedTwice(1);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> consumer.messages().receive(Duration.ZERO))
			.returns(ErrorCode.CHECKSUM_MISMATCH, ProtocolException::code)
			.withMessageContaining("Messages 0:0:1:0 to 0:0:1:1 of subscription 'subscription' of topic 'topic'")
			.withMessageContaining("To go on behind them");
		assertThat(consumer.closed()).isCompleted();
		int subscribed = this.broker.frames(Frame.Subscribe.class).size();
		this.world.timer().advance(Duration.ofHours(1));
		assertThat(this.broker.frames(Frame.Subscribe.class)).hasSize(subscribed);
		assertThat(acknowledged()).isEmpty();
	}

	@Test
	void messagesOfABatchThatIsDamagedAgainAreGivenUpAndTheOthersGoOn() {
		this.fixture.deadLettering = new ConsumerSettings.DeadLettering("graveyard", 3);
		ConsumerCore<String> consumer = this.fixture.open();
		damagedTwice(1);
		this.fixture.deliver(2, "d");
		assertThat(values(takeAll(consumer))).containsExactly("d");
		assertThat(givenUp()).singleElement().satisfies((frame) -> {
			assertThat(frame.forGood()).isTrue();
			assertThat(frame.ids()).containsExactly(id(1, 0), id(1, 1));
			assertThat(frame.report().error()).contains("damaged");
			assertThat(frame.delay()).as("if the broker has no topic for them").isPositive();
		});
		assertThat(acknowledged()).isEmpty();
	}

	@Test
	void messageInHandIsNotGivenUpBecauseItComesAgainDamaged() {
		this.fixture.deadLettering = new ConsumerSettings.DeadLettering("graveyard", 3);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(1, "b", "c");
		consumer.messages().receiveAsync().join();
		this.world.reconnect();
		damagedTwice(1);
		assertThat(givenUp()).singleElement().satisfies((frame) -> assertThat(frame.ids()).containsExactly(id(1, 1)));
	}

	@Test
	void soonAfterAskingWasInVainOtherBatchesAreNotAskedForAgain() {
		this.fixture.deadLettering = new ConsumerSettings.DeadLettering("graveyard", 3);
		this.fixture.open();
		damagedTwice(1);
		Connection second = this.world.connection();
		this.fixture.deliverDamaged(2, "d");
		assertThat(second.isOpen()).isTrue();
		assertThat(givenUp()).hasSize(2);
		this.world.timer().advance(Duration.ofMinutes(1));
		this.fixture.deliverDamaged(3, "e");
		assertThat(second.isOpen()).isFalse();
		assertThat(givenUp()).hasSize(2);
	}

	private List<Frame.NegativeAcknowledge> givenUp() {
		return this.broker.frames(Frame.NegativeAcknowledge.class);
	}

	private void damagedTwice(long entry) {
		this.fixture.deliverDamaged(entry, "b", "c");
		reconnected();
		this.fixture.deliverDamaged(entry, "b", "c");
	}

	/** As soon as the client comes again by itself. */
	private void reconnected() {
		int before = this.broker.frames(Frame.Subscribe.class).size();
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(this.broker.frames(Frame.Subscribe.class)).hasSize(before + 1);
	}

	private List<Object> acknowledged() {
		return this.broker.frames(Frame.Acknowledge.class)
			.stream()
			.flatMap((frame) -> frame.ids().stream())
			.map(Object.class::cast)
			.toList();
	}

}
