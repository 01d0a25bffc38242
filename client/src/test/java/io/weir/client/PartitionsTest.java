package io.weir.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.broker.TopicStats;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/** Topics with partitions, as producers see them, and how they become more. */
@Timeout(60)
class PartitionsTest extends PartitionsFixture {

	@Test
	void keyKeepsToAPartitionAndToItsOrder() {
		this.broker.partitions("t", 4);
		try (Producer<String> producer = producer(); Consumer<String> consumer = consumer().subscribe()) {
			List<MessageId> ids = send(producer, 40, 0, 10);
			List<Message<String>> messages = receive(consumer, 400);
			assertThat(messages).extracting(Message::id).containsExactlyInAnyOrderElementsOf(ids);
			assertThat(messages).allSatisfy((message) -> {
				assertThat(message.partition()).isEqualTo(MessageIds.partition(message.id()));
				assertThat(message.topic()).isEqualTo("t");
			});
			assertThat(partitions(messages)).containsExactly(0, 1, 2, 3);
			byKey(messages).forEach((key, ofKey) -> {
				assertThat(partitions(ofKey)).as(key).hasSize(1);
				assertThat(numbers(ofKey)).as(key).isEqualTo(upTo(10));
			});
		}
	}

	@Test
	void keyGoesToTheSamePartitionFromEveryProducer() {
		this.broker.partitions("t", 8);
		Map<String, Integer> places = new HashMap<>();
		for (Ordering ordering : Ordering.values()) {
			try (Producer<String> producer = this.client.producer(Schema.string())
				.topic("t")
				.ordering(ordering)
				.create()) {
				for (int key = 0; key < 20; key++) {
					int partition = MessageIds.partition(producer.message("x").key("k" + key).send());
					assertThat(places.computeIfAbsent("k" + key, (name) -> partition)).isEqualTo(partition);
				}
			}
		}
	}

	@Test
	void messagesWithoutAKeyGoToAllPartitions() {
		this.broker.partitions("t", 3);
		try (Producer<String> producer = producer()) {
			Set<Integer> used = new HashSet<>();
			for (int i = 0; i < 3; i++) {
				used.add(MessageIds.partition(producer.send("x")));
			}
			assertThat(used).containsExactlyInAnyOrder(0, 1, 2);
		}
	}

	@Test
	void morePartitionsAreNoticedByThoseWhoAreThere() {
		try (Producer<String> producer = producer(); Consumer<String> consumer = consumer().subscribe()) {
			send(producer, 40, 0, 5);
			this.broker.partitions("t", 4);
			int count = sendUntilAllAreUsed(producer, 5, 0, 1, 2, 3);
			List<Message<String>> messages = receive(consumer, 40 * count);
			byKey(messages).forEach((key, ofKey) -> {
				assertThat(numbers(ofKey)).as(key).containsExactlyInAnyOrderElementsOf(upTo(count));
				// A key stays, or moves to a new partition, once.
				Map<Integer, List<Message<String>>> places = ofKey.stream()
					.collect(Collectors.groupingBy(Message::partition));
				assertThat(places).as(key).hasSizeBetween(1, 2).containsKey(0);
				places.values().forEach((ofPlace) -> assertThat(numbers(ofPlace)).as(key).isSorted());
			});
			assertThat(consumer.receive(Duration.ZERO)).isNull();
		}
	}

	@Test
	void subscriptionWhoseConsumerIsAwayMissesNothingInNewPartitions() {
		try (Producer<String> producer = producer()) {
			consumer().initialPosition(InitialPosition.LATEST).subscribe().close();
			this.broker.partitions("t", 3);
			int count = sendUntilAllAreUsed(producer, 0, 0, 1, 2);
			try (Consumer<String> consumer = consumer().initialPosition(InitialPosition.LATEST).subscribe()) {
				byKey(receive(consumer, 40 * count)).forEach((key, ofKey) -> assertThat(numbers(ofKey)).as(key)
					.containsExactlyInAnyOrderElementsOf(upTo(count)));
			}
		}
	}

	@Test
	void messagesThatWereSentBeforeTheNumberWasKnownGoToTheirPartitions() {
		this.broker.partitions("t", 4);
		try (Producer<String> known = producer();
				Producer<String> lazy = this.client.producer(Schema.string())
					.topic("t")
					.maxPending(8)
					.whenFull(WhenFull.WAIT)
					.createLazily()) {
			List<CompletableFuture<MessageId>> sent = new ArrayList<>();
			for (int i = 0; i < 40; i++) {
				sent.add(lazy.message("x").key("k" + i % 8).sendAsync());
			}
			lazy.flush();
			for (int key = 0; key < 8; key++) {
				List<MessageId> ofKey = new ArrayList<>();
				for (int i = key; i < 40; i += 8) {
					assertThat(sent.get(i)).isDone();
					ofKey.add(sent.get(i).join());
				}
				assertThat(ofKey).as("in the order sent").isSorted();
				assertThat(ofKey).extracting(MessageIds::partition)
					.containsOnly(MessageIds.partition(known.message("x").key("k" + key).send()));
			}
		}
	}

	@Test
	void closingReturnsWhenAllPartitionsHaveIt() {
		this.broker.partitions("t", 3);
		Producer<String> producer = producer();
		Consumer<String> consumer = consumer().subscribe();
		List<CompletableFuture<MessageId>> sent = new ArrayList<>();
		for (int key = 0; key < 30; key++) {
			sent.add(producer.message("x").key("k" + key).sendAsync());
		}
		producer.close();
		assertThat(sent).allMatch((each) -> each.isDone() && !each.isCompletedExceptionally());
		consumer.close();
		await().atMost(SOON)
			.untilAsserted(() -> assertThat(this.broker.topic("t").orElseThrow().partitionStats()).hasSize(3)
				.allSatisfy((topic) -> assertThat(topic.producers()).isEmpty())
				.flatExtracting(TopicStats::subscriptions)
				.allSatisfy((subscription) -> assertThat(subscription.consumers()).isEmpty()));
	}

	@Test
	void statsAreThoseOfTheWholeTopicAndOfEachPartition() {
		this.broker.partitions("t", 3);
		this.broker.createTopic("t-other");
		try (Producer<String> producer = this.client.producer(Schema.string()).topic("t").name("p").create();
				Consumer<String> consumer = consumer().subscribe()) {
			send(producer, 30, 0, 1);
			receive(consumer, 30);
			List<TopicStats> topics = this.broker.topics("t", "", 10);
			assertThat(topics).extracting(TopicStats::name).containsExactly("t", "t-other");
			TopicStats whole = topics.get(0);
			assertThat(whole.partitions()).isEqualTo(3);
			assertThat(whole.messagesIn()).isEqualTo(30);
			assertThat(whole.producers()).extracting(TopicStats.ProducerStats::name).containsExactly("p");
			assertThat(whole.subscriptions()).singleElement().satisfies((subscription) -> {
				assertThat(subscription.backlog()).isEqualTo(30);
				assertThat(subscription.consumers()).singleElement()
					.satisfies((each) -> assertThat(each.inFlight()).isEqualTo(30));
			});
			List<TopicStats> each = whole.partitionStats();
			assertThat(each).extracting(TopicStats::name).containsExactly("t", "t#1", "t#2");
			assertThat(each).extracting(TopicStats::partitions).containsOnly(1);
			assertThat(each.stream().mapToLong(TopicStats::messagesIn).sum()).isEqualTo(30);
			assertThat(this.broker.topic("t#1")).map(TopicStats::messagesIn).contains(each.get(1).messagesIn());
			assertThat(this.broker.topics("t", "", 1)).as("a page of one")
				.extracting(TopicStats::name)
				.containsExactly("t");
			assertThat(this.broker.topics("t", "t", 10)).as("the page after it")
				.extracting(TopicStats::name)
				.containsExactly("t-other");
		}
	}

	@Test
	void namesOfPartitionsAreNotForApplications() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.producer(Schema.string()).topic("t#1"))
			.withMessageContaining("partition 1 of topic 't'");
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.consumer(Schema.string()).topic("t#1"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.reader(Schema.string()).topic("t#1"));
	}

	@Test
	void delayedMessageIsTakenBackFromItsPartition() {
		this.broker.partitions("t", 3);
		try (Producer<String> producer = producer()) {
			Set<Integer> partitions = new HashSet<>();
			for (int key = 0; key < 10; key++) {
				MessageId id = producer.message("x").key("k" + key).deliverAfter(Duration.ofHours(1)).send();
				partitions.add(MessageIds.partition(id));
				assertThat(producer.cancelDelayed(id)).isTrue();
				assertThat(producer.cancelDelayed(id)).isFalse();
			}
			assertThat(partitions).containsExactlyInAnyOrder(0, 1, 2);
		}
	}

}
