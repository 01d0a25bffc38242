package io.weir.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import io.weir.broker.Broker;
import io.weir.broker.TopicStats.SubscriptionStats;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A broker and a client in memory, and what tests do with a topic that has partitions.
 */
abstract class PartitionsFixture {

	static final Duration SOON = Duration.ofSeconds(20);

	private final InMemory memory = new InMemory();

	final Broker broker = this.memory.broker();

	WeirClient client;

	@BeforeEach
	void start() {
		this.broker.start();
		this.client = client().name("partitions").build();
	}

	/** One more client of the broker. */
	WeirClientBuilder client() {
		return this.memory.client(this.broker);
	}

	@AfterEach
	void stop() {
		this.client.close();
		this.broker.close();
	}

	Producer<String> producer() {
		return this.client.producer(Schema.string()).topic("t").create();
	}

	ConsumerBuilder<String> consumer() {
		return this.client.consumer(Schema.string())
			.topic("t")
			.subscription("s")
			.initialPosition(InitialPosition.EARLIEST);
	}

	/** Numbers in order, each key's. */
	static List<MessageId> send(Producer<String> producer, int keys, int from, int to) {
		List<CompletableFuture<MessageId>> sent = new ArrayList<>();
		for (int number = from; number < to; number++) {
			for (int key = 0; key < keys; key++) {
				sent.add(producer.message(String.valueOf(number)).key("key-" + key).sendAsync());
			}
		}
		return sent.stream().map(CompletableFuture::join).toList();
	}

	static List<Message<String>> receive(Consumer<String> consumer, int count) {
		List<Message<String>> messages = consumer.batchReceive(count, SOON);
		assertThat(messages).hasSize(count);
		return messages;
	}

	static Map<String, List<Message<String>>> byKey(List<Message<String>> messages) {
		Map<String, List<Message<String>>> byKey = new HashMap<>();
		messages.forEach((message) -> byKey.computeIfAbsent(String.valueOf(message.key()), (key) -> new ArrayList<>())
			.add(message));
		return byKey;
	}

	static Set<Integer> partitions(List<Message<String>> messages) {
		Set<Integer> partitions = new TreeSet<>();
		messages.forEach((message) -> partitions.add(message.partition()));
		return partitions;
	}

	static List<Integer> numbers(List<Message<String>> messages) {
		return messages.stream().map((message) -> Integer.valueOf(message.value())).toList();
	}

	static List<Integer> upTo(int count) {
		return IntStream.range(0, count).boxed().toList();
	}

	long backlog() {
		return stats().mapToLong(SubscriptionStats::backlog).sum();
	}

	/** Of each partition. */
	Stream<SubscriptionStats> stats() {
		return this.broker.topic("t")
			.stream()
			.flatMap((topic) -> topic.partitionStats().isEmpty() ? Stream.of(topic) : topic.partitionStats().stream())
			.flatMap((topic) -> topic.subscriptions().stream());
	}

	long inFlight() {
		return stats().mapToLong(SubscriptionStats::inFlight).sum();
	}

	/** Sends to each key until all partitions are used; tells how often. */
	static int sendUntilAllAreUsed(Producer<String> producer, int from, Integer... partitions) {
		AtomicInteger number = new AtomicInteger(from);
		await().atMost(SOON).until(() -> {
			int next = number.getAndIncrement();
			Set<Integer> used = new TreeSet<>();
			send(producer, 40, next, next + 1).forEach((id) -> used.add(MessageIds.partition(id)));
			return used.equals(Set.of(partitions));
		});
		return number.get();
	}

}
