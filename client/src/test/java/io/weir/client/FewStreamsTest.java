package io.weir.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;
import io.weir.pool.PoolStats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** More producers, consumers and partitions than the stream pool has streams. */
@Timeout(60)
class FewStreamsTest extends PartitionsFixture {

	private static final StreamPoolSettings TWO = new StreamPoolSettings(1, 2, 1, Duration.ofSeconds(30),
			Duration.ofMinutes(30), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ZERO, false);

	private WeirClient few;

	@BeforeEach
	void connect() {
		this.few = client().pool(TWO).build();
	}

	@AfterEach
	void disconnect() {
		this.few.close();
	}

	private ConsumerBuilder<String> consumerOf(String topic) {
		return this.few.consumer(Schema.string())
			.topic(topic)
			.subscription("s")
			.initialPosition(InitialPosition.EARLIEST);
	}

	@ParameterizedTest
	@EnumSource(SubscriptionType.class)
	void consumerReadsAllPartitions(SubscriptionType type) {
		this.broker.partitions("t", 6);
		try (Producer<String> producer = producer();
				Consumer<String> consumer = consumerOf("t").subscriptionType(type).subscribe()) {
			send(producer, 60, 0, 3);
			List<Message<String>> messages = receive(consumer, 180);
			assertThat(partitions(messages)).hasSize(6);
			byKey(messages).forEach((key, ofKey) -> assertThat(numbers(ofKey)).as(key).isEqualTo(upTo(3)));
			messages.forEach((message) -> consumer.acknowledgeAsync(message.id()));
			await().atMost(SOON).untilAsserted(() -> assertThat(backlog()).isZero());
			assertThat(consumer.isConnected()).isTrue();
		}
	}

	@ParameterizedTest
	@EnumSource(Ordering.class)
	void producerSendsToAllPartitions(Ordering ordering) {
		this.broker.partitions("t", 6);
		try (Producer<String> producer = this.few.producer(Schema.string())
			.topic("t")
			.ordering(ordering)
			.lanes(2)
			.create(); Consumer<String> consumer = consumer().subscribe()) {
			send(producer, 60, 0, 3);
			List<Message<String>> messages = receive(consumer, 180);
			assertThat(partitions(messages)).hasSize(6);
			if (ordering != Ordering.UNORDERED) {
				Map<String, List<Message<String>>> byKey = byKey(messages);
				byKey.forEach((key, ofKey) -> assertThat(numbers(ofKey)).as(key).isEqualTo(upTo(3)));
			}
		}
	}

	@Test
	void consumersOfManyTopicsReadAllOfThem() {
		List<Consumer<String>> consumers = new ArrayList<>();
		for (int i = 0; i < 9; i++) {
			consumers.add(consumerOf("topic-" + i).subscribe());
			try (Producer<String> producer = this.few.producer(Schema.string()).topic("topic-" + i).create()) {
				producer.send("m");
			}
		}
		consumers.forEach((consumer) -> assertThat(receive(consumer, 1)).hasSize(1));
	}

	@Test
	void topicsOfAPatternAreFoundAndRead() {
		try (Consumer<String> consumer = this.few.consumer(Schema.string())
			.topics("orders.*")
			.subscription("s")
			.topicSearchInterval(Duration.ofMillis(20))
			.subscribe()) {
			for (int i = 0; i < 9; i++) {
				try (Producer<String> producer = this.few.producer(Schema.string()).topic("orders." + i).create()) {
					producer.send("m");
				}
			}
			assertThat(receive(consumer, 9)).extracting(Message::topic).doesNotHaveDuplicates();
		}
	}

	@Test
	void producersWithoutStreamsOfTheirOwnLeaveTheOthersToThoseWhoWantOne() {
		StreamPoolSettings sixteen = new StreamPoolSettings(1, 16, 1, Duration.ofSeconds(30), Duration.ofMinutes(30),
				Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ZERO, false);
		try (WeirClient client = client().pool(sixteen).build()) {
			List<Producer<String>> producers = new ArrayList<>();
			for (int i = 0; i < 40; i++) {
				producers.add(client.producer(Schema.string()).topic("topic-" + i).shareStreams(true).create());
			}
			assertThat(active(client)).isEqualTo(2);
			List<Consumer<String>> consumers = new ArrayList<>();
			for (int i = 0; i < 10; i++) {
				consumers.add(client.consumer(Schema.string()).topic("topic-" + i).subscription("s").subscribe());
			}
			assertThat(active(client)).isEqualTo(12);
			producers.forEach((producer) -> send(producer, 1, 0, 20));
			consumers.forEach((consumer) -> assertThat(numbers(receive(consumer, 20))).isEqualTo(upTo(20)));
			producers.forEach(Producer::close);
			await().atMost(SOON).untilAsserted(() -> assertThat(active(client)).isEqualTo(10));
		}
	}

	private static int active(WeirClient client) {
		return client.pools().values().stream().mapToInt(PoolStats::active).sum();
	}

	@Test
	void producersWithoutStreamsOfTheirOwnDoWithWhatThereIs() {
		List<Consumer<String>> consumers = new ArrayList<>();
		List<Producer<String>> producers = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			consumers.add(consumerOf("topic-" + i).subscribe());
			producers.add(this.few.producer(Schema.string())
				.topic("topic-" + i)
				.ordering(Ordering.KEY_ORDERED)
				.lanes(2)
				.shareStreams(true)
				.create());
		}
		producers.forEach((producer) -> send(producer, 1, 0, 20));
		consumers.forEach((consumer) -> assertThat(numbers(receive(consumer, 20))).isEqualTo(upTo(20)));
		assertThat(active(this.few)).isEqualTo(2);
	}

	@Test
	void othersOnTheStreamGoOnWhenOneIsClosed() {
		List<Consumer<String>> consumers = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			consumers.add(consumerOf("topic-" + i).subscribe());
		}
		consumers.get(0).close();
		consumers.get(1).unsubscribe();
		consumers.add(consumerOf("topic-0").subscribe());
		for (int i = 0; i < 6; i++) {
			try (Producer<String> producer = this.few.producer(Schema.string()).topic("topic-" + i).create()) {
				producer.send("m");
			}
		}
		consumers.subList(2, 7).forEach((consumer) -> {
			Message<String> message = receive(consumer, 1).get(0);
			assertThat(message.redeliveryCount()).isZero();
			consumer.acknowledgeAsync(message.id()).join();
		});
		assertThat(this.few.pools().values()).allSatisfy((pool) -> assertThat(pool.size()).isLessThanOrEqualTo(2));
		consumers.forEach(Consumer::close);
		await().atMost(SOON)
			.untilAsserted(() -> assertThat(this.few.pools().values())
				.allSatisfy((pool) -> assertThat(pool.active()).isZero()));
	}

	@Test
	void consumerThatIsRefusedLeavesOthersAlone() {
		List<Consumer<String>> consumers = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			consumers.add(consumerOf("topic-" + i).subscriptionType(SubscriptionType.EXCLUSIVE).subscribe());
		}
		for (int i = 0; i < 4; i++) {
			ConsumerBuilder<String> second = consumerOf("topic-" + i).subscriptionType(SubscriptionType.EXCLUSIVE);
			assertThatExceptionOfType(WeirException.class).isThrownBy(second::subscribe);
		}
		for (int i = 0; i < 4; i++) {
			try (Producer<String> producer = this.few.producer(Schema.string()).topic("topic-" + i).create()) {
				producer.send("m");
			}
		}
		consumers.forEach((consumer) -> assertThat(receive(consumer, 1).get(0).redeliveryCount()).isZero());
		consumers.forEach(Consumer::close);
	}

	@Test
	void consumerThatTakesNothingHoldsUpNobody() {
		List<Consumer<String>> idle = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			idle.add(consumerOf("t").subscription("idle-" + i).receiverQueueSize(10).subscribe());
		}
		try (Producer<String> producer = producer();
				Consumer<String> busy = consumerOf("t").receiverQueueSize(10).subscribe()) {
			for (int i = 0; i < 4; i++) {
				send(producer, 1, 500 * i, 500 * (i + 1));
			}
			assertThat(numbers(receive(busy, 2_000))).isEqualTo(upTo(2_000));
		}
		idle.forEach(Consumer::close);
	}

}
