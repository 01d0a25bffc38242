package io.weir.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.message.Backlog;
import io.weir.message.InitialPosition;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Topics with partitions, as consumers and readers see them. */
@Timeout(60)
class PartitionedConsumersTest extends PartitionsFixture {

	@Test
	void acknowledgementsGoToThePartitionOfTheMessage() {
		this.broker.partitions("t", 3);
		try (Producer<String> producer = producer()) {
			send(producer, 30, 0, 2);
			try (Consumer<String> consumer = consumer().subscribe()) {
				receive(consumer, 60).stream()
					.filter((message) -> message.value().equals("0"))
					.forEach((message) -> consumer.acknowledgeAsync(message.id()).join());
			}
			try (Consumer<String> consumer = consumer().subscribe()) {
				List<Message<String>> left = receive(consumer, 30);
				assertThat(left).extracting(Message::value).containsOnly("1");
				Map<Integer, MessageId> last = new HashMap<>();
				left.forEach((message) -> last.merge(message.partition(), message.id(),
						(one, other) -> (one.compareTo(other) > 0) ? one : other));
				last.values().forEach((id) -> consumer.acknowledgeCumulativeAsync(id).join());
			}
			await().atMost(SOON).untilAsserted(() -> assertThat(backlog()).isZero());
		}
	}

	@Test
	void messageThatIsGivenBackComesAgain() {
		this.broker.partitions("t", 3);
		try (Producer<String> producer = producer(); Consumer<String> consumer = consumer().subscribe()) {
			send(producer, 30, 0, 1);
			List<Message<String>> messages = receive(consumer, 30);
			messages.forEach(consumer::negativeAcknowledge);
			List<Message<String>> again = receive(consumer, 30);
			assertThat(again).extracting(Message::id)
				.containsExactlyInAnyOrderElementsOf(messages.stream().map(Message::id).toList());
			assertThat(again).allSatisfy((message) -> assertThat(message.redeliveryCount()).isEqualTo(1));
		}
	}

	@Test
	void seekingAnIdMovesItsPartitionAndATimeAll() {
		this.broker.partitions("t", 3);
		try (Producer<String> producer = producer(); Consumer<String> consumer = consumer().subscribe()) {
			send(producer, 30, 0, 1);
			List<Message<String>> messages = receive(consumer, 30);
			MessageId first = messages.stream()
				.map(Message::id)
				.filter((id) -> MessageIds.partition(id) == 2)
				.min(MessageId::compareTo)
				.orElseThrow();
			long ofPartition = messages.stream().filter((message) -> message.partition() == 2).count();
			consumer.seek(first);
			assertThat(partitions(receive(consumer, (int) ofPartition))).containsExactly(2);
			consumer.seek(Instant.EPOCH);
			assertThat(receive(consumer, 30)).extracting(Message::id)
				.containsExactlyInAnyOrderElementsOf(messages.stream().map(Message::id).toList());
		}
	}

	@Test
	void backlogIsThatOfAllPartitionsTogether() {
		this.broker.partitions("t", 3);
		try (Producer<String> producer = producer(); Consumer<String> consumer = consumer().subscribe()) {
			send(producer, 30, 0, 1);
			List<Message<String>> messages = receive(consumer, 30);
			Instant oldest = messages.stream().map(Message::publishTime).min(Instant::compareTo).orElseThrow();
			assertThat(consumer.backlogAsync().join()).isEqualTo(new Backlog(30, oldest));
			messages.forEach((message) -> consumer.acknowledgeAsync(message).join());
			assertThat(consumer.backlogAsync().join()).isEqualTo(new Backlog(0, null));
		}
	}

	@Test
	void idOfAPartitionThatIsNotThereIsRefused() {
		this.broker.partitions("t", 3);
		try (Consumer<String> consumer = consumer().subscribe()) {
			MessageId id = MessageIds.of(3, 0, 0, 0);
			assertThatExceptionOfType(WeirException.class).isThrownBy(() -> consumer.acknowledge(id))
				.withMessageContaining("is of partition 3, and topic 't' has only 0 to 2")
				.extracting(WeirException::code)
				.isEqualTo(ErrorCode.INVALID_REQUEST);
			assertThatExceptionOfType(WeirException.class).isThrownBy(() -> consumer.seek(id))
				.withMessageContaining("is of partition 3");
			assertThatExceptionOfType(WeirException.class)
				.isThrownBy(() -> this.client.reader(Schema.string()).topic("t").startAt(id).create())
				.withMessageContaining("is of partition 3");
		}
	}

	@Test
	void consumerIsNeverGivenMoreThanItAskedFor() {
		this.broker.partitions("t", 4);
		try (Producer<String> producer = producer()) {
			send(producer, 40, 0, 3);
			try (Consumer<String> consumer = consumer().receiverQueueSize(8)
				.acknowledgementDelay(Duration.ZERO)
				.subscribe()) {
				await().atMost(SOON).until(() -> inFlight() == 4);
				for (int i = 0; i < 120; i++) {
					consumer.acknowledgeAsync(receive(consumer, 1).get(0).id()).join();
					assertThat(inFlight()).isLessThanOrEqualTo(8);
				}
				assertThat(backlog()).isZero();
			}
		}
	}

	@Test
	void consumersShareOutKeysOfAllPartitions() {
		this.broker.partitions("t", 3);
		try (Producer<String> producer = producer();
				Consumer<String> one = consumer().subscriptionType(SubscriptionType.KEY_SHARED).subscribe();
				Consumer<String> other = consumer().subscriptionType(SubscriptionType.KEY_SHARED).subscribe()) {
			send(producer, 60, 0, 5);
			Map<String, List<Message<String>>> messages = new HashMap<>();
			await().atMost(SOON).until(() -> {
				for (Consumer<String> consumer : List.of(one, other)) {
					byKey(consumer.batchReceive(300, Duration.ZERO)).forEach(
							(key, ofKey) -> messages.computeIfAbsent(key, (name) -> new ArrayList<>()).addAll(ofKey));
				}
				return messages.values().stream().mapToInt(List::size).sum() == 300;
			});
			messages.forEach((key, ofKey) -> assertThat(numbers(ofKey)).as(key).isEqualTo(upTo(5)));
		}
	}

	@Test
	void readerReadsAllPartitions() {
		this.broker.partitions("t", 3);
		try (Producer<String> producer = producer()) {
			List<MessageId> ids = send(producer, 30, 0, 1);
			try (Reader<String> reader = this.client.reader(Schema.string())
				.topic("t")
				.startAt(InitialPosition.EARLIEST)
				.create()) {
				assertThat(read(reader, 30)).containsExactlyInAnyOrderElementsOf(ids);
			}
		}
	}

	@Test
	void readerGoesOnInEachPartitionWhereAnotherHasComeTo() {
		this.broker.partitions("t", 3);
		try (Producer<String> producer = producer()) {
			Map<Integer, MessageId> last = new HashMap<>();
			List<MessageId> unread = new ArrayList<>();
			for (MessageId id : send(producer, 30, 0, 1)) {
				if (MessageIds.partition(id) == 2) {
					unread.add(id);
				}
				else {
					last.merge(MessageIds.partition(id), id, BinaryOperator.maxBy(Comparator.naturalOrder()));
				}
			}
			unread.addAll(send(producer, 30, 1, 2));
			try (Reader<String> reader = this.client.reader(Schema.string())
				.topic("t")
				.startAt(InitialPosition.EARLIEST)
				.resumeAfter(last.values())
				.create()) {
				assertThat(read(reader, unread.size())).containsExactlyInAnyOrderElementsOf(unread);
			}
		}
	}

	@Test
	void readerReadsThePartitionsThatAreNamedOnly() {
		this.broker.partitions("t", 4);
		try (Producer<String> producer = producer();
				Reader<String> reader = this.client.reader(Schema.string())
					.topic("t")
					.startAt(InitialPosition.EARLIEST)
					.partitions(3, 1)
					.create()) {
			List<MessageId> wanted = send(producer, 40, 0, 1).stream()
				.filter((id) -> MessageIds.partition(id) % 2 == 1)
				.toList();
			assertThat(read(reader, wanted.size())).containsExactlyInAnyOrderElementsOf(wanted);
			MessageId first = Collections.min(wanted);
			reader.seek(first);
			assertThat(reader.read(SOON)).isNotNull().extracting(Message::id).isEqualTo(first);
			assertThatExceptionOfType(WeirException.class).isThrownBy(() -> reader.seek(MessageIds.of(2, 0, 0, 0)))
				.withMessageContaining("is of partition 2, and topic 't' has only 1, 3");
		}
	}

	@Test
	void readerWaitsForAPartitionThatTheTopicDoesNotHaveYet() {
		this.broker.partitions("t", 2);
		CompletableFuture<Reader<String>> reader = this.client.reader(Schema.string())
			.topic("t")
			.startAt(InitialPosition.EARLIEST)
			.partitions(2)
			.createAsync();
		try (Producer<String> producer = producer()) {
			send(producer, 10, 0, 1);
			assertThat(reader).isNotDone();
			this.broker.partitions("t", 3);
			await().atMost(SOON)
				.until(() -> send(producer, 30, 0, 1).stream().anyMatch((id) -> MessageIds.partition(id) == 2));
			assertThat(reader.join().read(SOON)).isNotNull().extracting(Message::partition).isEqualTo(2);
			reader.join().close();
		}
	}

	private static List<MessageId> read(Reader<String> reader, int count) {
		List<MessageId> read = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			Message<String> message = reader.read(SOON);
			assertThat(message).isNotNull();
			read.add(message.id());
		}
		assertThat(reader.read(Duration.ZERO)).isNull();
		return read;
	}

	@Test
	void listenerIsGivenMessagesOfAllPartitions() {
		this.broker.partitions("t", 3);
		Set<Integer> heard = ConcurrentHashMap.newKeySet();
		try (Producer<String> producer = producer();
				Consumer<String> consumer = consumer()
					.messageListener((from, message) -> from.acknowledgeAsync(message.id())
						.thenRun(() -> heard.add(message.partition())))
					.subscribe()) {
			send(producer, 30, 0, 1);
			await().atMost(SOON).untilAsserted(() -> assertThat(heard).containsExactlyInAnyOrder(0, 1, 2));
			await().atMost(SOON).untilAsserted(() -> assertThat(backlog()).isZero());
			assertThat(consumer.isConnected()).isTrue();
		}
	}

	@Test
	void subscriptionIsRemovedFromAllPartitions() {
		this.broker.partitions("t", 3);
		Consumer<String> consumer = consumer().subscribe();
		assertThat(stats()).hasSize(3);
		consumer.unsubscribe();
		assertThat(stats()).isEmpty();
		assertThatExceptionOfType(WeirException.class).isThrownBy(() -> consumer.receive(SOON))
			.extracting(WeirException::code)
			.isEqualTo(ErrorCode.CLOSED);
	}

	@Test
	void tableHasTheKeysOfAllPartitions() {
		this.broker.partitions("t", 3);
		try (Producer<String> producer = producer()) {
			send(producer, 30, 0, 3);
			try (Table<String> table = this.client.table(Schema.string(), "t")) {
				assertThat(table.snapshot()).hasSize(30).containsEntry("key-0", "2");
				assertThat(table.snapshot().values()).containsOnly("2");
			}
		}
	}

	@Test
	void deadLetterSaysThePartitionThatItComesFrom() {
		this.broker.partitions("t", 3);
		try (Producer<String> producer = producer();
				Consumer<String> dead = this.client.consumer(Schema.string())
					.topic("dead")
					.subscription("s")
					.subscribe();
				Consumer<String> consumer = consumer().deadLetterPolicy(new DeadLetterPolicy(0, "dead")).subscribe()) {
			List<MessageId> ids = send(producer, 10, 0, 1);
			receive(consumer, 10).forEach(consumer::negativeAcknowledge);
			assertThat(receive(dead, 10)).allSatisfy((message) -> {
				DeadLetterOrigin origin = message.deadLetterOrigin();
				assertThat(origin).isNotNull();
				assertThat(origin.topic()).isEqualTo("t");
				assertThat(origin.messageId()).isIn(ids);
			});
		}
	}

}
