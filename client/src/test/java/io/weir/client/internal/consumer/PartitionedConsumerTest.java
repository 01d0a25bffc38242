package io.weir.client.internal.consumer;

import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.connection.Failures;
import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeBroker.Received;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A consumer that is asked for something before it knows of its partitions. */
class PartitionedConsumerTest {

	private final ConsumerFixture fixture = new ConsumerFixture();

	private final FakeWorld world = this.fixture.world;

	private final FakeBroker broker = this.world.broker();

	private final ConsumerSettings settings = this.fixture.settings("topic");

	private final PartitionedConsumer<String> consumer = new PartitionedConsumer<>(this.settings,
			new Inboxes<>(this.settings), List.of(), this.fixture::core);

	@BeforeEach
	void subscribe() {
		this.broker.hold(Frame.Subscribe.class);
		this.world.manager().start();
		this.consumer.openInBackground();
	}

	/** The broker says how many there are, and accepts the consumer for all. */
	private void accept(int partitions) {
		Received first = this.broker.takeHeld();
		this.broker.holdNothing();
		first.stream().say(0, new Frame.Partitions("topic", partitions));
		first.answer(new Frame.Ok());
	}

	@Test
	void allPartitionsAreMovedToATime() {
		CompletableFuture<Void> moved = this.consumer.seek(SeekTarget.at(Instant.EPOCH));
		accept(3);
		assertThat(this.broker.frames(Frame.SeekTime.class)).extracting(Frame.SeekTime::consumerId)
			.containsExactlyInAnyOrderElementsOf(
					this.broker.frames(Frame.Subscribe.class).stream().map(Frame.Subscribe::consumerId).toList())
			.hasSize(3);
		assertThat(moved).isCompleted();
	}

	@Test
	void partitionOfTheMessageIsMovedToIt() {
		CompletableFuture<Void> moved = this.consumer.seek(SeekTarget.at(MessageIds.of(2, 0, 7, 0)));
		CompletableFuture<Void> nowhere = this.consumer.seek(SeekTarget.at(MessageIds.of(3, 0, 7, 0)));
		assertThat(nowhere).isNotDone();
		accept(3);
		assertThat(moved).isCompleted();
		assertThat(nowhere.handle((done, failure) -> Failures.of(failure).code()))
			.isCompletedWithValue(ErrorCode.INVALID_REQUEST);
		long asked = this.broker.frames(Frame.SeekId.class).get(0).consumerId();
		assertThat(this.broker.frames(Frame.Subscribe.class)).filteredOn((one) -> one.consumerId() == asked)
			.extracting(Frame.Subscribe::topic)
			.containsExactly("topic#2");
	}

	@Test
	void messageOfAPartitionCanBeAcknowledgedLater() {
		MessageId id = MessageIds.of(2, 0, 7, 0);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> this.consumer.messages("topic", id))
			.withMessageContaining("as long as the broker has not accepted the consumer")
			.satisfies((cause) -> assertThat(cause.code().retryable()).isTrue());
		accept(3);
		assertThat(this.consumer.messages("topic", id)).isNotNull();
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> this.consumer.messages("topic", MessageIds.of(3, 0, 7, 0)))
			.withMessageEndingWith("has only 0 to 2")
			.satisfies((cause) -> assertThat(cause.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
	}

	@Test
	void subscriptionIsRemovedFromAllPartitions() {
		CompletableFuture<Void> removed = this.consumer.unsubscribe();
		accept(3);
		assertThat(removed).isCompleted();
		assertThat(this.broker.frames(Frame.Unsubscribe.class)).hasSize(3);
		this.world.timer().advance(Duration.ofSeconds(5));
		assertThat(this.consumer.closed()).isCompleted();
	}

	@Test
	void subscriptionThatIsNotRemovedGoesOn() {
		this.broker.refuse(Frame.Unsubscribe.class, ErrorCode.SUBSCRIPTION_BUSY);
		CompletableFuture<Void> removed = this.consumer.unsubscribe();
		accept(3);
		assertThat(removed).isCompletedExceptionally();
		assertThat(this.consumer.isConnected()).isTrue();
		assertThat(this.consumer.closed()).isNotDone();
	}

	@Test
	void partitionsThatComeLaterHaveNoMoreThanWhatIsLeftAndOneEach() {
		accept(1);
		this.broker.last(Frame.Subscribe.class).stream().say(0, new Frame.Partitions("topic", 5));
		List<Frame.Subscribe> all = this.broker.frames(Frame.Subscribe.class);
		assertThat(all).hasSize(5);
		assertThat(granted(all)).as("the first one had all").containsExactly(10, 1, 1, 1, 1);
		Received first = this.broker.received(Frame.Subscribe.class).findFirst().orElseThrow();
		for (int entry = 0; entry < 10; entry++) {
			this.fixture.deliver(first.stream(), all.get(0).consumerId(), entry, new BitSet(), "a");
			assertThat(this.consumer.receiveAsync()).isCompleted();
			List<Integer> granted = granted(all);
			int ahead = granted.stream().mapToInt(Integer::intValue).sum() - (entry + 1);
			assertThat(ahead).isBetween(9, 13);
		}
		assertThat(granted(all).subList(1, 5)).as("their share of what was taken").containsOnly(2);
	}

	private List<Integer> granted(List<Frame.Subscribe> consumers) {
		return consumers.stream()
			.map((consumer) -> this.broker.frames(Frame.Flow.class)
				.stream()
				.filter((flow) -> flow.consumerId() == consumer.consumerId())
				.mapToInt(Frame.Flow::permits)
				.sum())
			.toList();
	}

	@Test
	void partitionThatTheBrokerDoesNotKnowYetIsAskedForAgain() {
		Received first = this.broker.takeHeld();
		first.stream().say(0, new Frame.Partitions("topic", 2));
		this.broker.takeHeld().refuse(ErrorCode.UNKNOWN_PARTITION);
		this.broker.holdNothing();
		first.answer(new Frame.Ok());
		assertThat(this.consumer.isConnected()).isFalse();
		assertThat(this.consumer.closed()).isNotDone();
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(this.consumer.isConnected()).isTrue();
	}

}
