package io.weir.broker.engine.dispatch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Peer;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.runtime.TopicHarness.Delivery;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.Compression;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Limits;

import static org.assertj.core.api.Assertions.assertThat;

/** Permits bound messages: an entry goes out in parts to those who ask for less. */
class PartsTest extends TopicFixture {

	private static final Peer FIRST = new Peer(2, 1);

	private static final Peer SECOND = new Peer(3, 1);

	@BeforeEach
	void openProducer() {
		this.topic.openProducer(PRODUCER, "p");
	}

	@Test
	void consumerMustNotBeGivenMoreThanItAskedFor() {
		this.topic.consume(FIRST, "s", 3);
		publish(0, 2);
		publish(2, 5);
		publish(7, 1);
		assertThat(sequences(FIRST)).containsExactly(0L, 1L, 2L);
		assertThat(permits()).containsExactly(0);
		this.topic.flow(FIRST, 4);
		assertThat(sequences(FIRST)).containsExactly(3L, 4L, 5L, 6L);
		this.topic.flow(FIRST, 10);
		assertThat(sequences(FIRST)).containsExactly(7L);
		assertThat(permits()).containsExactly(9);
	}

	@Test
	void batchMustBeSplitAmongConsumersThatAskForOneMessage() {
		this.topic.share(FIRST, "s", 1);
		this.topic.share(SECOND, "s", 1);
		publish(0, 60);
		List<Long> slow = sequences(FIRST);
		assertThat(slow).containsExactly(0L);
		List<Long> fast = sequences(SECOND);
		while (fast.size() < 59) {
			this.topic.flow(SECOND, 1);
			List<Long> next = sequences(SECOND);
			assertThat(next).hasSize(1);
			fast.addAll(next);
		}
		this.topic.flow(SECOND, 1);
		assertThat(sequences(SECOND)).isEmpty();
		assertThat(fast).containsExactlyElementsOf(LongStream.range(1, 60).boxed().toList());
	}

	@Test
	void wholeEntryMustGoInOneDeliveryToWhoHasThePermits() {
		this.topic.share(FIRST, "s", Limits.MAX_BATCH_MESSAGES);
		publish(0, Limits.MAX_BATCH_MESSAGES);
		assertThat(this.topic.peek(FIRST)).singleElement().satisfies((deliver) -> {
			assertThat(deliver.count()).isEqualTo(Limits.MAX_BATCH_MESSAGES);
			assertThat(deliver.passOver().isEmpty()).isTrue();
		});
	}

	@Test
	void partMustHaveTheBytesOfItsMessagesOnly() {
		this.topic.consume(FIRST, "s", 10);
		publish(0, Limits.MAX_BATCH_MESSAGES);
		assertThat(this.topic.bytesDelivered(FIRST)).isEqualTo(10 * Long.BYTES);
		this.topic.deliveries(FIRST);
		this.topic.flow(FIRST, 1);
		assertThat(this.topic.peek(FIRST)).singleElement().satisfies((deliver) -> {
			assertThat(deliver.firstIndex()).isEqualTo(10);
			assertThat(deliver.count()).isOne();
			assertThat(deliver.passOver().isEmpty()).isTrue();
		});
		assertThat(this.topic.bytesDelivered(FIRST)).isEqualTo(Long.BYTES);
	}

	@Test
	void compressedBatchMustGoWholeWithMarksForWhatIsNotGiven() {
		this.topic.share(FIRST, "s", 3);
		this.topic.share(SECOND, "s", 100);
		this.topic.publish(PRODUCER, 0, 10, new BatchEncoding(Compression.LZ4, 1000, 0));
		assertThat(this.topic.bytesDelivered(FIRST)).isEqualTo(10 * Long.BYTES);
		assertThat(sequences(FIRST)).containsExactly(0L, 1L, 2L);
		assertThat(sequences(SECOND)).containsExactlyElementsOf(LongStream.range(3, 10).boxed().toList());
		assertThat(permits()).containsExactly(0, 93);
	}

	@Test
	void lastMessageOfAFullBatchMustBeAPartToo() {
		this.topic.consume(FIRST, "s", Limits.MAX_BATCH_MESSAGES - 1);
		publish(0, Limits.MAX_BATCH_MESSAGES);
		assertThat(sequences(FIRST)).hasSize(Limits.MAX_BATCH_MESSAGES - 1);
		this.topic.flow(FIRST, 1);
		assertThat(this.topic.deliveries(FIRST))
			.containsExactly(new Delivery(id(0, Limits.MAX_BATCH_MESSAGES - 1), Limits.MAX_BATCH_MESSAGES - 1, 0));
	}

	@Test
	void whatIsGivenBackMustComeInPartsToo() {
		this.topic.consume(FIRST, "s", 6);
		publish(0, 6);
		this.topic.deliveries(FIRST);
		this.topic.acknowledge(FIRST, id(0, 2));
		this.topic.negativeAcknowledge(FIRST, id(0, 1), id(0, 3), id(0, 5));
		this.topic.flow(FIRST, 2);
		assertThat(this.topic.deliveries(FIRST)).containsExactly(new Delivery(id(0, 1), 1, 1),
				new Delivery(id(0, 3), 3, 1));
		this.topic.flow(FIRST, 1);
		assertThat(this.topic.deliveries(FIRST)).containsExactly(new Delivery(id(0, 5), 5, 1));
	}

	@Test
	void nextConsumerMustTakeOverInTheMiddleOfAnEntry() {
		this.topic.standBy(FIRST, "s", 4);
		this.topic.standBy(SECOND, "s", 3);
		publish(0, 10);
		assertThat(sequences(FIRST)).containsExactly(0L, 1L, 2L, 3L);
		this.topic.acknowledge(FIRST, id(0, 0), id(0, 1));
		this.topic.endSession(FIRST.session());
		assertThat(sequences(SECOND)).containsExactly(2L, 3L, 4L);
		this.topic.flow(SECOND, 100);
		assertThat(sequences(SECOND)).containsExactlyElementsOf(LongStream.range(5, 10).boxed().toList());
	}

	@Test
	void consumersByKeyMustNotBeGivenMoreThanTheyAskedFor() {
		this.topic.shareByKey(FIRST, "s", 3);
		this.topic.shareByKey(SECOND, "s", 1);
		publish(0, 200);
		assertThat(sequences(FIRST)).hasSize(3).isSorted();
		assertThat(sequences(SECOND)).hasSize(1);
		List<Long> all = new ArrayList<>();
		this.topic.flow(SECOND, 1000);
		all.addAll(sequences(SECOND));
		this.topic.flow(FIRST, 1000);
		all.addAll(sequences(FIRST));
		assertThat(all).hasSize(196);
	}

	@Test
	void thousandsOfPartsMustLeaveNothingBehind() {
		publish(0, Limits.MAX_BATCH_MESSAGES);
		this.topic.share(FIRST, "s", 1);
		this.topic.share(SECOND, "s", 1);
		List<Long> all = new ArrayList<>();
		while (all.size() < Limits.MAX_BATCH_MESSAGES) {
			for (Peer consumer : List.of(FIRST, SECOND)) {
				List<Delivery> next = this.topic.deliveries(consumer);
				this.topic.acknowledge(consumer, next.stream().map(Delivery::id).toList());
				next.forEach((delivery) -> all.add(delivery.sequence()));
				this.topic.flow(consumer, 1);
			}
		}
		assertThat(all).isSortedAccordingTo(Comparator.naturalOrder()).doesNotHaveDuplicates();
		assertThat(this.topic.subscription("s").backlog()).isZero();
		assertThat(this.topic.subscription("s").inFlight()).isZero();
	}

	private void publish(long firstSequence, int count) {
		this.topic.publish(PRODUCER, firstSequence, count);
	}

	private List<Integer> permits() {
		return this.topic.subscription("s").consumers().stream().map(TopicSnapshot.Consumer::permits).toList();
	}

}
