package io.weir.client.internal.producer;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** A producer whose topic turns out to have partitions. */
class PartitionedProducerTest {

	private final ProducerFixture fixture = new ProducerFixture();

	private final FakeBroker broker = this.fixture.world.broker();

	@BeforeEach
	void prepare() {
		this.broker.hold(Frame.OpenProducer.class);
	}

	@AfterEach
	void end() {
		this.fixture.end();
	}

	/** The broker says how many there are, and accepts the producer for all. */
	private void accept(int partitions) {
		this.broker.held().get(0).stream().say(0, new Frame.Partitions("topic", partitions));
		this.broker.holdNothing();
		this.broker.answerHeld();
	}

	private static CompletableFuture<MessageId> send(PartitionedProducer producer, String key) {
		return producer.sendAsync(ProducerFixture.record(key, "a"));
	}

	@Test
	void delayedMessageIsTakenBackFromItsPartitionBeforeTheNumberIsKnown() {
		PartitionedProducer producer = this.fixture.openingPartitioned();
		CompletableFuture<Boolean> taken = producer.cancelDelayed(MessageIds.of(2, 0, 7, 0));
		CompletableFuture<Boolean> nowhere = producer.cancelDelayed(MessageIds.of(4, 0, 7, 0));
		assertThat(taken).isNotDone();
		accept(4);
		assertThat(taken).isCompletedWithValue(true);
		assertThat(ProducerFixture.failure(nowhere)).isEqualTo(ErrorCode.INVALID_REQUEST);
		long asked = this.broker.frames(Frame.CancelDelayed.class).get(0).producerId();
		assertThat(this.broker.frames(Frame.OpenProducer.class)).filteredOn((open) -> open.producerId() == asked)
			.extracting(Frame.OpenProducer::topic)
			.containsExactly("topic#2");
	}

	@Test
	void nothingIsTakenBackByAProducerThatWasNeverAccepted() {
		PartitionedProducer producer = this.fixture.openingPartitioned();
		CompletableFuture<Boolean> taken = producer.cancelDelayed(MessageIds.of(2, 0, 7, 0));
		producer.close();
		assertThat(ProducerFixture.failure(taken)).isEqualTo(ErrorCode.CLOSED);
	}

	@Test
	void messageThatMovesToItsPartitionHasNoMoreTimeForThat() {
		PartitionedProducer producer = this.fixture.openingPartitioned();
		List<CompletableFuture<MessageId>> sent = IntStream.range(0, 20)
			.mapToObj((i) -> send(producer, "key-" + i))
			.toList();
		Duration half = ProducerFixture.SEND_TIMEOUT.dividedBy(2);
		this.fixture.world.timer().advance(half);
		this.broker.held().get(0).stream().say(0, new Frame.Partitions("topic", 4));
		this.broker.hold(Frame.Publish.class);
		this.broker.answerHeld();
		assertThat(this.broker.frames(Frame.Publish.class)).hasSize(4);
		// It is looked for once in a second.
		this.fixture.world.timer().advance(half.plusSeconds(2));
		assertThat(sent).allMatch((each) -> ProducerFixture.failure(each) == ErrorCode.TIMEOUT);
	}

	@Test
	void messagesWithoutAKeyStickToAPartitionUntilTheyFillABatch() {
		this.fixture.maxPending = 40;
		PartitionedProducer producer = this.fixture.openingPartitioned();
		accept(4);
		this.broker.hold(Frame.Publish.class);
		IntStream.range(0, 10).forEach((i) -> send(producer, null));
		assertThat(publishingProducers()).hasSize(1);
		send(producer, null);
		assertThat(publishingProducers()).hasSize(2);
	}

	private Set<Long> publishingProducers() {
		return this.broker.frames(Frame.Publish.class)
			.stream()
			.map(Frame.Publish::producerId)
			.collect(Collectors.toSet());
	}

	@Test
	void messagesWithoutAKeyAreRefusedOnlyWhenNoPartitionHasRoom() {
		this.fixture.maxPending = 40;
		PartitionedProducer producer = this.fixture.openingPartitioned();
		accept(4);
		this.broker.hold(Frame.Publish.class);
		List<CompletableFuture<MessageId>> sent = IntStream.range(0, 40).mapToObj((i) -> send(producer, null)).toList();
		assertThat(sent).noneMatch(CompletableFuture::isDone);
		assertThat(ProducerFixture.failure(send(producer, null))).isEqualTo(ErrorCode.QUEUE_FULL);
		for (int i = 0; i < 4; i++) {
			FakeBroker.Received publish = this.broker.takeHeld();
			publish.answer(new Frame.Receipt(new Position(0, 0), false));
			assertThat(send(producer, null)).as("where one was stored").isNotDone();
		}
	}

	@Test
	void producerThatIsFencedInOnePartitionSaysSoInAll() {
		PartitionedProducer producer = this.fixture.openingPartitioned();
		accept(4);
		this.broker.refuse(Frame.Publish.class, ErrorCode.PRODUCER_FENCED);
		assertThat(ProducerFixture.failure(send(producer, "k"))).isEqualTo(ErrorCode.PRODUCER_FENCED);
		assertThat(producer.closed()).isCompleted();
		for (int key = 0; key < 20; key++) {
			assertThat(ProducerFixture.failure(send(producer, "k" + key))).isEqualTo(ErrorCode.PRODUCER_FENCED);
		}
	}

}
