package io.weir.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The whole client against a real broker over QUIC. */
class WeirClientTest extends ClientFixture {

	@Test
	void messageArrivesAsItWasSent() {
		Producer<String> producer = this.client.producer(Schema.string()).topic("greetings").create();
		Instant eventTime = Instant.ofEpochMilli(1_234_567);
		MessageId id = producer.message("hello").key("k").header("h", "v").eventTime(eventTime).send();
		Consumer<String> consumer = subscribe("greetings");
		Message<String> message = consumer.receive(SOON);
		assertThat(message).isNotNull();
		assertThat(message.id()).isEqualTo(id);
		assertThat(message.value()).isEqualTo("hello");
		assertThat(message.key()).isEqualTo("k");
		assertThat(message.headers().asMap()).isEqualTo(Map.of("h", "v"));
		assertThat(message.eventTime()).isEqualTo(eventTime);
		assertThat(message.producerName()).isEqualTo(producer.name());
		assertThat(message.topic()).isEqualTo("greetings");
		assertThat(consumer.receive(Duration.ZERO)).isNull();
	}

	@ParameterizedTest
	@EnumSource(Ordering.class)
	void thousandsOfMessagesArriveOnceEachInThePromisedOrder(Ordering ordering) throws Exception {
		Producer<String> producer = this.client.producer(Schema.string())
			.topic("many")
			.ordering(ordering)
			.maxPending(8000)
			.create();
		Consumer<String> consumer = subscribe("many");
		List<CompletableFuture<MessageId>> sent = new ArrayList<>();
		for (int i = 0; i < 8000; i++) {
			sent.add(producer.message(Integer.toString(i)).key("key" + i % 7).sendAsync());
		}
		CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
		List<Message<String>> received = receive(consumer, 8000);
		List<Integer> values = received.stream().map((message) -> Integer.parseInt(message.value())).toList();
		assertThat(values).doesNotHaveDuplicates();
		if (ordering == Ordering.ORDERED) {
			assertThat(values).isSorted();
		}
		if (ordering == Ordering.KEY_ORDERED) {
			IntStream.range(0, 7)
				.forEach((key) -> assertThat(values.stream().filter((value) -> value % 7 == key)).isSorted());
		}
		assertThat(consumer.receive(Duration.ZERO)).isNull();
		assertThat(producer.pending()).isZero();
	}

	@Test
	void interruptedCloseLeavesNoFutureOpen() {
		Producer<String> producer = this.client.producer(Schema.string()).topic("t").create();
		this.broker.close();
		CompletableFuture<MessageId> sent = producer.sendAsync("never stored");
		Thread.currentThread().interrupt();
		this.client.close();
		assertThat(Thread.interrupted()).isTrue();
		assertThat(sent).isCompletedExceptionally();
	}

	@Test
	void acknowledgedMessagesAreNotDeliveredToTheNextConsumer() throws Exception {
		Producer<String> producer = this.client.producer(Schema.string()).topic("t").create();
		for (int i = 0; i < 10; i++) {
			producer.send("message " + i);
		}
		try (Consumer<String> first = subscribe("t")) {
			for (Message<String> message : receive(first, 10).subList(0, 5)) {
				first.acknowledge(message);
			}
		}
		try (Consumer<String> second = subscribe("t")) {
			List<Message<String>> rest = receive(second, 5);
			assertThat(rest).extracting(Message::value)
				.containsExactly("message 5", "message 6", "message 7", "message 8", "message 9");
			assertThat(rest).allMatch((message) -> message.redeliveryCount() == 1);
			second.acknowledgeAsync(rest.get(0).id()).get(10, TimeUnit.SECONDS);
		}
	}

	@Test
	void messageGivenBackComesAgain() {
		Producer<String> producer = this.client.producer(Schema.string()).topic("t").create();
		producer.send("a");
		Consumer<String> consumer = subscribe("t");
		Message<String> first = consumer.receive(SOON);
		assertThat(first).isNotNull();
		consumer.negativeAcknowledge(first);
		Message<String> again = consumer.receive(SOON);
		assertThat(again).isNotNull();
		assertThat(again.id()).isEqualTo(first.id());
		assertThat(again.redeliveryCount()).isEqualTo(1);
	}

	@Test
	void sharedSubscriptionSharesOut() {
		Producer<String> producer = this.client.producer(Schema.string()).topic("t").batchMaxMessages(1).create();
		ConsumerBuilder<String> builder = this.client.consumer(Schema.string())
			.topic("t")
			.subscription("shared")
			.subscriptionType(SubscriptionType.SHARED)
			.receiverQueueSize(1)
			.initialPosition(InitialPosition.EARLIEST);
		Consumer<String> one = builder.subscribe();
		Consumer<String> other = builder.subscribe();
		for (int i = 0; i < 4; i++) {
			producer.send("message " + i);
		}
		List<Message<String>> received = new ArrayList<>();
		for (Consumer<String> consumer : List.of(one, other, one, other)) {
			received.addAll(receive(consumer, 1));
		}
		assertThat(received).extracting(Message::value)
			.containsExactlyInAnyOrder("message 0", "message 1", "message 2", "message 3");
	}

	@Test
	void sharedSubscriptionDeliversThousandsOfMessagesOnceEach() throws Exception {
		Producer<String> producer = this.client.producer(Schema.string()).topic("many").maxPending(8000).create();
		ConsumerBuilder<String> builder = this.client.consumer(Schema.string())
			.topic("many")
			.subscription("shared")
			.subscriptionType(SubscriptionType.SHARED)
			.initialPosition(InitialPosition.EARLIEST);
		Consumer<String> reading = builder.subscribe();
		Consumer<String> unread = builder.subscription("unread").subscribe();
		List<CompletableFuture<MessageId>> sent = new ArrayList<>();
		for (int i = 0; i < 8000; i++) {
			sent.add(producer.sendAsync(Integer.toString(i)));
		}
		CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
		assertThat(receive(reading, 8000)).extracting(Message::value).doesNotHaveDuplicates();
		assertThat(reading.receive(Duration.ZERO)).isNull();
		assertThat(receive(unread, 8000)).extracting(Message::value).doesNotHaveDuplicates();
	}

	@Test
	void takenSubscriptionIsToldToTheSubscriber() {
		subscribe("t");
		assertFails(ErrorCode.SUBSCRIPTION_BUSY, () -> subscribe("t"));
	}

	@Test
	void secondExclusiveProducerFencesTheFirst() {
		ProducerBuilder<String> builder = this.client.producer(Schema.string())
			.topic("t")
			.name("p")
			.accessMode(io.weir.message.AccessMode.EXCLUSIVE);
		Producer<String> first = builder.create();
		first.send("a");
		Producer<String> second = builder.create();
		assertFails(ErrorCode.PRODUCER_FENCED, () -> first.send("b"));
		second.send("c");
		assertThat(receive(subscribe("t"), 2)).extracting(Message::value).containsExactly("a", "c");
	}

	@Test
	void messageThatCannotBeDecodedCanBeLookedAtAndAcknowledged() throws Exception {
		this.client.producer(Schema.bytes()).topic("t").create().send(new byte[] { (byte) 0xFF });
		Consumer<String> consumer = subscribe("t");
		Message<String> message = consumer.receive(SOON);
		assertThat(message).isNotNull();
		assertThatExceptionOfType(WeirException.class).isThrownBy(message::value)
			.satisfies((failure) -> assertThat(failure.code()).isEqualTo(ErrorCode.SCHEMA));
		assertThat(message.payload()).containsExactly(0xFF);
		consumer.acknowledgeAsync(message.id()).get(10, TimeUnit.SECONDS);
	}

	@Test
	void closingTheClientEndsWhatIsOpen() {
		Producer<String> producer = this.client.producer(Schema.string()).topic("t").create();
		Consumer<String> consumer = subscribe("t");
		CompletableFuture<Message<String>> waiting = consumer.receiveAsync();
		this.client.close();
		this.client.close();
		assertThat(this.client.state()).isEqualTo(ConnectionState.CLOSED);
		assertThat(waiting).isCompletedExceptionally();
		assertFails(ErrorCode.CLOSED, () -> producer.send("a"));
		assertFails(ErrorCode.CLOSED, consumer::receive);
		assertFails(ErrorCode.CLOSED, () -> this.client.producer(Schema.string()).topic("t").create());
	}

	@Test
	void interruptedSenderAndReceiverKeepTheirFlag() {
		Producer<String> producer = this.client.producer(Schema.string()).topic("t").create();
		Consumer<String> consumer = subscribe("t");
		// So that neither a receipt nor a message comes.
		this.broker.close();
		Thread.currentThread().interrupt();
		assertFails(ErrorCode.INTERRUPTED, () -> producer.send("a"));
		assertThat(Thread.interrupted()).isTrue();
		Thread.currentThread().interrupt();
		assertFails(ErrorCode.INTERRUPTED, consumer::receive);
		assertThat(Thread.interrupted()).isTrue();
	}

}
