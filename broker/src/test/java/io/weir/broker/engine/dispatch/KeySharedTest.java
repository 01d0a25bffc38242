package io.weir.broker.engine.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.TopicSnapshot;
import io.weir.broker.engine.runtime.TopicHarness.Delivery;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.MessageId;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Consumers that share messages by key. The key is the last digit of the sequence id.
 */
class KeySharedTest extends TopicFixture {

	private static final Peer FIRST = new Peer(2, 1);

	private static final Peer SECOND = new Peer(3, 1);

	private static final Peer THIRD = new Peer(4, 1);

	@BeforeEach
	void openProducer() {
		this.topic.openProducer(PRODUCER, "p");
	}

	@Test
	void messagesOfOneKeyMustGoToOneConsumerInOrder() {
		share(1000, FIRST, SECOND, THIRD);
		IntStream.range(0, 10).forEach((i) -> this.topic.publish(PRODUCER, 10L * i, 10));
		Map<Long, Peer> owners = new HashMap<>();
		for (Peer consumer : List.of(FIRST, SECOND, THIRD)) {
			Map<Long, List<Long>> byKey = new HashMap<>();
			sequences(consumer)
				.forEach((sequence) -> byKey.computeIfAbsent(sequence % 10, (key) -> new ArrayList<>()).add(sequence));
			byKey.forEach((key, sequences) -> {
				assertThat(owners.put(key, consumer)).as("another consumer of key %s", key).isNull();
				assertThat(sequences)
					.containsExactlyElementsOf(LongStream.range(0, 10).mapToObj((i) -> 10 * i + key).toList());
			});
		}
		assertThat(owners).hasSize(10);
		assertThat(owners.values()).as("keys are spread").contains(FIRST, SECOND, THIRD);
	}

	@Test
	void entryMustComeInPortionsToSeveralConsumers() {
		share(1000, FIRST, SECOND);
		this.topic.publish(PRODUCER, 0, 20);
		List<Delivery> all = new ArrayList<>(this.topic.deliveries(FIRST));
		assertThat(all).isNotEmpty().hasSizeLessThan(20);
		all.addAll(this.topic.deliveries(SECOND));
		assertThat(all).extracting(Delivery::sequence)
			.containsExactlyInAnyOrderElementsOf(LongStream.range(0, 20).boxed().toList());
		assertThat(this.topic.subscription("s").consumers().stream().mapToInt(TopicSnapshot.Consumer::permits).sum())
			.as("a delivery uses permits for what is given only")
			.isEqualTo(2000 - 20);
	}

	@Test
	void consumerWithoutPermitsMustHoldBackItsKeysOnly() {
		share(1000, FIRST);
		share(1, SECOND);
		publishAllKeys(0, 30);
		List<Long> second = sequences(SECOND);
		List<Long> first = sequences(FIRST);
		assertThat(second).hasSize(1);
		List<Long> blocked = LongStream.range(0, 300)
			.filter((sequence) -> !first.contains(sequence % 10))
			.boxed()
			.toList();
		assertThat(first).hasSize(300 - blocked.size()).isSorted();
		this.topic.flow(SECOND, 1000);
		second.addAll(sequences(SECOND));
		assertThat(second).containsExactlyElementsOf(blocked);
	}

	@Test
	void keyWithMessagesInFlightMustStayThoughConsumersCome() {
		share(1000, FIRST);
		publishAllKeys(0, 1);
		assertThat(sequences(FIRST)).hasSize(10);
		share(1000, SECOND, THIRD);
		publishAllKeys(10, 1);
		assertThat(sequences(FIRST)).hasSize(10);
		acknowledgeEntries(FIRST, 0, 20);
		publishAllKeys(20, 3);
		assertThat(sequences(SECOND)).as("keys that were free").isNotEmpty();
		assertThat(sequences(THIRD)).isNotEmpty();
		assertThat(sequences(FIRST)).isNotEmpty().hasSizeLessThan(30);
	}

	@Test
	void fewKeysMustMoveWhenAConsumerGoes() {
		share(1000, FIRST, SECOND, THIRD);
		publishAllKeys(0, 1);
		List<Long> first = sequences(FIRST);
		List<Long> second = sequences(SECOND);
		acknowledgeEntries(FIRST, 0, 10);
		this.topic.endSession(THIRD.session());
		sequences(FIRST);
		sequences(SECOND);
		acknowledgeEntries(FIRST, 0, 10);
		publishAllKeys(10, 1);
		assertThat(sequences(FIRST)).containsAll(first.stream().map((sequence) -> sequence + 10).toList());
		assertThat(sequences(SECOND)).containsAll(second.stream().map((sequence) -> sequence + 10).toList());
	}

	@Test
	void messagesOfAConsumerThatIsGoneMustComeInOrderBeforeLaterOnesOfTheirKeys() {
		share(1000, FIRST, SECOND);
		publishAllKeys(0, 3);
		List<Long> lost = sequences(FIRST);
		List<Long> other = sequences(SECOND);
		this.topic.endSession(FIRST.session());
		publishAllKeys(30, 1);
		List<Delivery> again = this.topic.deliveries(SECOND);
		assertThat(again.subList(0, lost.size())).extracting(Delivery::sequence).containsExactlyElementsOf(lost);
		assertThat(again.subList(0, lost.size())).extracting(Delivery::redeliveryCount).containsOnly(1);
		assertThat(again).hasSize(lost.size() + 10);
		assertThat(other).doesNotContainAnyElementsOf(lost);
	}

	@Test
	void keyThatIsFreeAgainMustGoOnWithItsFirstMessageElsewhere() {
		share(10, FIRST);
		publishAllKeys(0, 1);
		sequences(FIRST);
		share(1000, SECOND, THIRD);
		publishAllKeys(10, 1);
		assertThat(sequences(SECOND)).as("all keys are with the first, which has no permits").isEmpty();
		acknowledgeEntries(FIRST, 0, 10);
		publishAllKeys(20, 1);
		List<Long> second = sequences(SECOND);
		List<Long> third = sequences(THIRD);
		assertThat(second).isNotEmpty().isSorted();
		assertThat(third).isNotEmpty().isSorted();
		second.addAll(third);
		assertThat(second.stream().filter((sequence) -> sequence < 20)).as("each key goes on with what waited")
			.hasSize(second.size() / 2);
	}

	@Test
	void messageThatCameBackMustBlockLaterOnesOfItsKey() {
		share(2, FIRST);
		publish(5, 15);
		assertThat(sequences(FIRST)).containsExactly(5L, 15L);
		this.topic.negativeAcknowledge(FIRST, id(0));
		publish(25, 6);
		this.topic.flow(FIRST, 3);
		List<Delivery> next = this.topic.deliveries(FIRST);
		assertThat(next).extracting(Delivery::sequence).containsExactly(5L, 25L, 6L);
		assertThat(next).extracting(Delivery::redeliveryCount).containsExactly(1, 0, 0);
	}

	@Test
	void messagesOfOneKeyInABatchMustComeInOrderHoweverOftenEachWasDelivered() {
		share(1000, FIRST);
		this.topic.publish(PRODUCER, 0, 30);
		sequences(FIRST);
		this.topic.negativeAcknowledge(FIRST, new Position(0, 0).message(10));
		assertThat(sequences(FIRST)).containsExactly(10L);
		this.topic.endSession(FIRST.session());
		share(1000, SECOND);
		List<Delivery> again = this.topic.deliveries(SECOND);
		assertThat(again).hasSize(30);
		assertThat(again.stream().filter((each) -> each.sequence() % 10 == 0)).containsExactly(
				new Delivery(index(0), 0, 1), new Delivery(index(10), 10, 2), new Delivery(index(20), 20, 1));
	}

	@Test
	void lookingAheadMustBeBounded() {
		share(1, FIRST);
		share(1_000_000, SECOND);
		int times = KeyDispatcher.MAX_WAITING_ENTRIES;
		publishAllKeys(0, times);
		List<Long> first = sequences(FIRST);
		List<Long> second = sequences(SECOND);
		assertThat(first).hasSize(1);
		assertThat(second).hasSizeBetween(times, 9 * times);
		publishAllKeys(10L * times, 10);
		assertThat(sequences(SECOND)).as("from beyond the bound").isEmpty();
		this.topic.flow(FIRST, 1_000_000);
		first.addAll(sequences(FIRST));
		second.addAll(sequences(SECOND));
		assertThat(first).isSorted();
		assertThat(second).isSorted();
		assertThat(first.size() + second.size()).isEqualTo(10 * (times + 10));
	}

	@Test
	void lookingAheadMustBeBoundedInMessages() {
		share(1, FIRST);
		share(1_000_000, SECOND);
		int messages = 1_000;
		IntStream.range(0, 200).forEach((i) -> this.topic.publish(PRODUCER, (long) messages * i, messages));
		assertThat(sequences(FIRST)).hasSize(1);
		assertThat(sequences(SECOND)).isNotEmpty()
			.hasSizeLessThan(KeyDispatcher.MAX_WAITING_MESSAGES + ReadAhead.MAX_BYTES / Long.BYTES + messages);
	}

	/** Only one of the consumers may have the key, and it has no more permits. */
	@Test
	void bytesOfWhatCannotBeDeliveredMustBeBounded() {
		share(1, FIRST, SECOND);
		String large = "x".repeat(ReadAhead.MAX_BYTES / 8);
		IntStream.range(0, 16).forEach((i) -> this.topic.publishKeyed(PRODUCER, i, "key", large));
		assertThat(this.topic.deliveries(FIRST).size() + this.topic.deliveries(SECOND).size()).isOne();
		assertThat(this.topic.bytesHeld()).isPositive().isLessThanOrEqualTo(ReadAhead.MAX_BYTES / 2);
	}

	@Test
	void entriesWhoseBytesWereLetGoMustBeReadAgain() {
		share(1, FIRST);
		share(1_000_000, SECOND);
		int large = 8_000;
		IntStream.range(0, 40).forEach((i) -> this.topic.publish(PRODUCER, (long) large * i, large));
		int received = 0;
		for (int more = 1; more > 0; received += more) {
			this.topic.flow(FIRST, large);
			this.topic.flow(SECOND, large);
			List<Delivery> first = this.topic.deliveries(FIRST);
			List<Delivery> second = this.topic.deliveries(SECOND);
			assertThat(first).extracting(Delivery::sequence).isSorted();
			assertThat(second).extracting(Delivery::sequence).isSorted();
			more = first.size() + second.size();
		}
		assertThat(received).isEqualTo(40 * large);
	}

	@Test
	void restartMustKeepWhatIsAcknowledged() {
		share(1000, FIRST, SECOND);
		publishAllKeys(0, 2);
		List<Delivery> first = this.topic.deliveries(FIRST);
		this.topic.deliveries(SECOND);
		this.topic.acknowledge(FIRST, first.stream().map(Delivery::id).toList());
		this.topic.restart();
		share(1000, THIRD);
		assertThat(sequences(THIRD)).hasSize(20 - first.size())
			.doesNotContainAnyElementsOf(first.stream().map(Delivery::sequence).toList());
	}

	@Test
	void acknowledgementUpToAMessageMustBeRefused() {
		share(1, FIRST);
		long request = this.topic.acknowledgeUpTo(FIRST, id(0));
		assertThat(this.topic.answer(request)).isInstanceOfSatisfying(Effect.Refused.class,
				(refused) -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
	}

	private void share(int permits, Peer... consumers) {
		for (Peer consumer : consumers) {
			this.topic.shareByKey(consumer, "s", permits);
		}
	}

	/** Publishes ten messages of different keys, one an entry, several times. */
	private void publishAllKeys(long first, int times) {
		LongStream.range(first, first + 10L * times).forEach((sequence) -> this.topic.publish(PRODUCER, sequence, 1));
	}

	private void publish(long... sequences) {
		for (long sequence : sequences) {
			this.topic.publish(PRODUCER, sequence, 1);
		}
	}

	private void acknowledgeEntries(Peer consumer, int from, int to) {
		this.topic.acknowledge(consumer, IntStream.range(from, to).mapToObj(KeySharedTest::id).toList());
	}

	private static MessageId index(int index) {
		return new Position(0, 0).message(index);
	}

}
