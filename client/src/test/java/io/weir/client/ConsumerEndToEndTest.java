package io.weir.client;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.Broker;
import io.weir.fixtures.ServerPorts;
import io.weir.message.DeadLetterCause;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.Headers;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Redelivery;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** What consumers and readers do with a real broker over QUIC. */
@Timeout(60)
class ConsumerEndToEndTest {

	private static final Duration SOON = Duration.ofSeconds(10);

	@TempDir
	private Path data;

	private Broker broker;

	private WeirClient client;

	private Producer<String> producer;

	@BeforeEach
	void start() {
		this.broker = broker(ServerPorts.free());
		this.client = WeirClient.builder().serviceUrl(this.broker.serviceUrl()).insecure().build();
		this.producer = this.client.producer(Schema.string()).topic("t").create();
	}

	@AfterEach
	void stop() {
		this.client.close();
		this.broker.close();
	}

	private Broker broker(int port) {
		return Broker.builder().port(port).dataDirectory(this.data).build().start();
	}

	private List<MessageId> send(int count) {
		List<MessageId> ids = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			ids.add(this.producer.send("message " + i));
		}
		return ids;
	}

	private ConsumerBuilder<String> consumer(String subscription) {
		return this.client.consumer(Schema.string())
			.topic("t")
			.subscription(subscription)
			.initialPosition(InitialPosition.EARLIEST);
	}

	private static List<String> values(List<Message<String>> messages) {
		return messages.stream().map(Message::value).toList();
	}

	@Test
	void acknowledgedUpToAMessageNothingBeforeItComesAgain() throws Exception {
		send(5);
		try (Consumer<String> first = consumer("s").subscribe()) {
			List<Message<String>> messages = first.batchReceive(5, SOON);
			assertThat(messages).hasSize(5);
			first.acknowledgeCumulativeAsync(messages.get(2).id()).get(10, TimeUnit.SECONDS);
		}
		try (Consumer<String> second = consumer("s").subscribe()) {
			assertThat(values(second.batchReceive(2, SOON))).containsExactly("message 3", "message 4");
			assertThat(second.receive(Duration.ZERO)).isNull();
		}
	}

	@Test
	void sharedSubscriptionRefusesToAcknowledgeUpToAMessage() {
		MessageId id = send(1).get(0);
		Consumer<String> consumer = consumer("s").subscriptionType(SubscriptionType.SHARED).subscribe();
		assertThatExceptionOfType(WeirException.class).isThrownBy(() -> consumer.acknowledgeCumulative(id))
			.withMessageContaining("SHARED")
			.extracting(WeirException::code)
			.isEqualTo(ErrorCode.INVALID_REQUEST);
		assertThat(consumer.acknowledgeCumulativeAsync(id)).isCompletedExceptionally();
	}

	@Test
	void seekGoesBackAndForthAndToAMoment() throws Exception {
		List<MessageId> ids = send(3);
		Consumer<String> consumer = consumer("s").subscribe();
		List<Message<String>> messages = consumer.batchReceive(3, SOON);
		assertThat(messages).hasSize(3);
		consumer.acknowledgeAsync(ids.get(1)).get(10, TimeUnit.SECONDS);
		consumer.acknowledge(ids.get(0));
		consumer.seek(ids.get(0));
		assertThat(values(consumer.batchReceive(3, SOON))).containsExactly("message 0", "message 1", "message 2");
		consumer.seek(ids.get(2));
		assertThat(values(consumer.batchReceive(1, SOON))).containsExactly("message 2");
		consumer.seek(messages.get(0).publishTime());
		assertThat(values(consumer.batchReceive(1, SOON))).containsExactly("message 0");
		consumer.seek(Instant.MAX);
		this.producer.send("new");
		assertThat(values(consumer.batchReceive(1, SOON))).containsExactly("new");
	}

	@Test
	void unsubscribedSubscriptionRemembersNothing() {
		send(2);
		Consumer<String> consumer = consumer("s").subscribe();
		consumer.batchReceive(2, SOON).forEach(consumer::acknowledge);
		consumer.unsubscribe();
		assertThatExceptionOfType(WeirException.class).isThrownBy(consumer::receive);
		assertThat(values(consumer("s").subscribe().batchReceive(2, SOON))).containsExactly("message 0", "message 1");
	}

	@Test
	void standbyTakesOverWhatTheActiveConsumerLeft() {
		ConsumerBuilder<String> builder = consumer("s").subscriptionType(SubscriptionType.FAILOVER);
		Consumer<String> active = builder.subscribe();
		Consumer<String> standby = builder.subscribe();
		send(2);
		assertThat(active.batchReceive(2, SOON)).hasSize(2);
		assertThat(standby.receive(Duration.ZERO)).isNull();
		active.close();
		assertThat(values(standby.batchReceive(2, SOON))).containsExactly("message 0", "message 1");
	}

	@Test
	void messageThatAlwaysFailsBecomesADeadLetterAsItWasSent() {
		Instant eventTime = Instant.ofEpochMilli(1_234_567);
		MessageId id = this.producer.message("poison").key("k").header("h", "v").eventTime(eventTime).send();
		Consumer<String> consumer = consumer("s").deadLetterPolicy(new DeadLetterPolicy(2, "t.dead"))
			.negativeAckRedeliveryBackoff(RedeliveryBackoff.exponential(Duration.ofMillis(1), 2, Duration.ofMillis(2)))
			.subscribe();
		for (int delivery = 0; delivery <= 2; delivery++) {
			Message<String> message = consumer.receive(SOON);
			assertThat(message).isNotNull();
			assertThat(message.redeliveryCount()).isEqualTo(delivery);
			consumer.negativeAcknowledge(message, "error " + delivery);
		}
		Message<String> dead = this.client.reader(Schema.string())
			.topic("t.dead")
			.startAt(InitialPosition.EARLIEST)
			.create()
			.read(SOON);
		assertThat(dead).isNotNull();
		assertThat(dead.deadLetterOrigin()).isEqualTo(new DeadLetterOrigin("t", "s", id, 2, "error 2"));
		assertThat(dead.value()).isEqualTo("poison");
		assertThat(dead.key()).isEqualTo("k");
		assertThat(dead.eventTime()).isEqualTo(eventTime);
		assertThat(dead.headers()).isEqualTo(dead.deadLetterOrigin().addTo(Headers.of(Map.of("h", "v"))));
		consumer.close();
		assertThat(consumer("s").subscribe().receive(Duration.ZERO)).isNull();
	}

	@Test
	void messageThatIsGivenUpBecomesADeadLetterAtOnce() {
		MessageId id = this.producer.send("hopeless");
		Consumer<String> consumer = consumer("s").deadLetterPolicy(new DeadLetterPolicy(2, "t.dead")).subscribe();
		Message<String> message = consumer.receive(SOON);
		assertThat(message).isNotNull();
		assertThat(consumer.deadLetter(message, null, new IllegalStateException("no")))
			.isEqualTo(new Redelivery(Duration.ZERO, "t.dead"));
		Message<String> dead = this.client.reader(Schema.string())
			.topic("t.dead")
			.startAt(InitialPosition.EARLIEST)
			.create()
			.read(SOON);
		assertThat(dead).isNotNull();
		assertThat(dead.deadLetterOrigin())
			.isEqualTo(new DeadLetterOrigin("t", "s", id, 0, "java.lang.IllegalStateException: no"));
		assertThat(DeadLetterCause.of(dead.headers())).isNotNull().satisfies((cause) -> {
			assertThat(cause.exception()).isEqualTo("java.lang.IllegalStateException");
			assertThat(cause.message()).isEqualTo("no");
			assertThat(cause.stackTrace()).contains("ConsumerEndToEndTest");
		});
	}

	@Test
	void deadLettersMustGoElsewhere() {
		assertThatExceptionOfType(WeirException.class)
			.isThrownBy(() -> consumer("s").deadLetterPolicy(DeadLetterPolicy.to("t")).subscribe())
			.extracting(WeirException::code)
			.isEqualTo(ErrorCode.INVALID_CONFIGURATION);
	}

	@Test
	void messageThatIsNotAcknowledgedInTimeComesAgain() {
		send(1);
		Consumer<String> consumer = consumer("s").ackTimeout(Duration.ofMillis(50)).subscribe();
		assertThat(consumer.receive(SOON)).isNotNull();
		Message<String> again = consumer.receive(SOON);
		assertThat(again).isNotNull();
		assertThat(again.redeliveryCount()).isEqualTo(1);
	}

	@Test
	void queueOfLargeMessagesIsBoundedByItsBytes() {
		Producer<byte[]> large = this.client.producer(Schema.bytes()).topic("large").batchMaxMessages(1).create();
		for (int i = 0; i < 20; i++) {
			large.send(new byte[200_000]);
		}
		Consumer<byte[]> consumer = this.client.consumer(Schema.bytes())
			.topic("large")
			.subscription("s")
			.initialPosition(InitialPosition.EARLIEST)
			.receiverQueueBytes(1_000_000)
			.subscribe();
		await().atMost(SOON).until(() -> inFlight("large") > 0);
		await().during(Duration.ofMillis(300)).atMost(SOON).until(() -> inFlight("large") <= 5);
		assertThat(consumer.batchReceive(20, SOON)).hasSize(20);
	}

	@Test
	void consumerThatAsksForOneMessageLeavesTheRestOfABatchToOthers() {
		Producer<String> batches = this.client.producer(Schema.string())
			.topic("jobs")
			.batchMaxMessages(60)
			.batchLinger(SOON)
			.create();
		for (int i = 0; i < 60; i++) {
			batches.sendAsync("job " + i);
		}
		batches.flush();
		Consumer<String> slow = jobs().subscribe();
		Message<String> one = slow.receive(SOON);
		assertThat(one).isNotNull();
		// One that it works on, and one in its queue.
		await().atMost(SOON).until(() -> inFlight("jobs") == 2);
		Consumer<String> fast = jobs().subscribe();
		for (int i = 0; i < 58; i++) {
			Message<String> next = fast.receive(SOON);
			assertThat(next).as("job %d of the fast consumer", i).isNotNull();
			fast.acknowledge(next);
		}
		assertThat(fast.receive(Duration.ZERO)).isNull();
	}

	private ConsumerBuilder<String> jobs() {
		return this.client.consumer(Schema.string())
			.topic("jobs")
			.subscription("s")
			.subscriptionType(SubscriptionType.SHARED)
			.initialPosition(InitialPosition.EARLIEST)
			.receiverQueueSize(1);
	}

	private long inFlight(String topic) {
		return this.broker.topics()
			.stream()
			.filter((stats) -> stats.name().equals(topic))
			.flatMap((stats) -> stats.subscriptions().stream())
			.mapToLong((subscription) -> subscription.inFlight())
			.sum();
	}

	@Test
	void readerBeginsWhereItIsToldAndRemembersNothing() {
		List<MessageId> ids = send(4);
		try (Reader<String> reader = reader().startAt(ids.get(1)).create()) {
			assertThat(read(reader, 3)).containsExactly("message 1", "message 2", "message 3");
			reader.seek(ids.get(0));
			assertThat(read(reader, 1)).containsExactly("message 0");
		}
		try (Reader<String> again = reader().startAt(InitialPosition.EARLIEST).create()) {
			assertThat(read(again, 4)).hasSize(4);
		}
		try (Reader<String> end = reader().startAt(InitialPosition.LATEST).create()) {
			CompletableFuture<Message<String>> next = end.readAsync();
			this.producer.send("new");
			assertThat(next).succeedsWithin(SOON).extracting(Message::value).isEqualTo("new");
		}
		await().atMost(SOON)
			.untilAsserted(
					() -> assertThat(this.broker.topics()).flatExtracting((stats) -> stats.subscriptions()).isEmpty());
	}

	@Test
	void readerLeavesOutNothingAndRepeatsNothingWhenTheBrokerComesBack() {
		int count = 300;
		List<MessageId> ids = send(count);
		int port = this.broker.address().getPort();
		List<String> read = new ArrayList<>();
		try (Reader<String> reader = reader().startAt(ids.get(0)).receiverQueueSize(20).create()) {
			for (int restart = 0; restart < 2; restart++) {
				read.addAll(read(reader, count / 3));
				this.broker.close();
				this.broker = broker(port);
			}
			read.addAll(read(reader, count / 3));
			assertThat(reader.read(Duration.ZERO)).isNull();
		}
		assertThat(read).hasSize(count).doesNotHaveDuplicates();
		for (int i = 0; i < count; i++) {
			assertThat(read.get(i)).isEqualTo("message " + i);
		}
	}

	@Test
	void readerBeginsAfterAMessage() {
		List<MessageId> ids = send(3);
		try (Reader<String> after = reader().startAfter(ids.get(1)).create();
				Reader<String> afterLast = reader().startAfter(ids.get(2)).create()) {
			assertThat(read(after, 1)).containsExactly("message 2");
			this.producer.send("next");
			assertThat(read(afterLast, 1)).containsExactly("next");
		}
	}

	@Test
	void readerNeedsATopicAndAPlace() {
		assertThatExceptionOfType(WeirException.class).isThrownBy(() -> reader().create())
			.withMessageContaining("place to start")
			.extracting(WeirException::code)
			.isEqualTo(ErrorCode.INVALID_CONFIGURATION);
	}

	private ReaderBuilder<String> reader() {
		return this.client.reader(Schema.string()).topic("t");
	}

	private static List<String> read(Reader<String> reader, int count) {
		List<String> values = new ArrayList<>();
		while (values.size() < count) {
			Message<String> message = reader.read(SOON);
			assertThat(message).as("message %d of %d", values.size(), count).isNotNull();
			values.add(message.value());
		}
		return values;
	}

}
