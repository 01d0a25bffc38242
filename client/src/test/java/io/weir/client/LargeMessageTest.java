package io.weir.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.broker.Broker;
import io.weir.fixtures.ServerPorts;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Messages that are longer than a frame, through a real broker. */
@Timeout(120)
class LargeMessageTest {

	private static final Duration SOON = Duration.ofSeconds(30);

	private static final int MIB = 1024 * 1024;

	@TempDir
	private Path data;

	@Test
	void messageOfManyFramesIsKeptAcrossARestart() {
		byte[] large = random(32 * MIB);
		Broker broker = Broker.builder().port(ServerPorts.free()).dataDirectory(this.data).build().start();
		int port = broker.address().getPort();
		try (WeirClient client = ClientFixture.client(broker).build()) {
			Producer<byte[]> producer = client.producer(Schema.bytes()).topic("t").create();
			producer.send(new byte[] { 1 });
			producer.send(large);
			producer.send(new byte[] { 2 });
			broker.close();
			broker = Broker.builder().port(port).dataDirectory(this.data).build().start();
			producer.send(new byte[] { 3 });
			Consumer<byte[]> consumer = subscribe(client);
			List<Message<byte[]>> received = ClientFixture.receive(consumer, 4);
			assertThat(received.get(0).value()).containsExactly(1);
			assertThat(received.get(1).value()).isEqualTo(large);
			assertThat(received.get(2).value()).containsExactly(2);
			assertThat(received.get(3).value()).containsExactly(3);
			consumer.negativeAcknowledge(received.get(1));
			Message<byte[]> again = consumer.receive(SOON);
			assertThat(again).isNotNull();
			assertThat(again.value()).isEqualTo(large);
		}
		finally {
			broker.close();
		}
	}

	@ParameterizedTest
	@EnumSource(Ordering.class)
	void largeAndSmallMessagesFromManyStreamsArriveOnceEach(Ordering ordering) throws Exception {
		try (Broker broker = Broker.builder().port(0).maxMessageSize(6 * MIB).build().start();
				WeirClient client = ClientFixture.client(broker).build()) {
			Consumer<byte[]> consumer = subscribe(client);
			Producer<byte[]> producer = client.producer(Schema.bytes())
				.topic("t")
				.ordering(ordering)
				.streamGrowthThreshold(1)
				.batchMaxMessages(1)
				.whenFull(WhenFull.WAIT)
				.create();
			List<CompletableFuture<MessageId>> sent = new ArrayList<>();
			for (int i = 0; i < 40; i++) {
				byte[] payload = new byte[(i % 3 == 0) ? 4 * MIB : 10];
				payload[0] = (byte) i;
				sent.add(producer.message(payload).key("key" + i % 4).sendAsync());
			}
			CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
			List<Message<byte[]>> received = ClientFixture.receive(consumer, 40);
			List<Integer> numbers = received.stream().map((message) -> (int) message.value()[0]).toList();
			assertThat(numbers).doesNotHaveDuplicates();
			assertThat(received)
				.allMatch((message) -> message.value().length == ((message.value()[0] % 3 == 0) ? 4 * MIB : 10));
			if (ordering == Ordering.ORDERED) {
				assertThat(numbers).isSorted();
			}
			for (int key = 0; key < 4 && ordering == Ordering.KEY_ORDERED; key++) {
				int lane = key;
				assertThat(numbers.stream().filter((number) -> number % 4 == lane)).isSorted();
			}
			assertThat(client.lastFailure()).isNull();
		}
	}

	@Test
	void messageOfAnySizeThatTheBrokerTakesBecomesADeadLetter() {
		byte[] large = random(20 * MIB);
		try (Broker broker = Broker.builder().port(0).maxMessageSize(20 * MIB + 100).build().start();
				WeirClient client = ClientFixture.client(broker).build()) {
			Producer<byte[]> producer = client.producer(Schema.bytes()).topic("t").create();
			producer.send(large);
			producer.send(large);
			Consumer<byte[]> consumer = client.consumer(Schema.bytes())
				.topic("t")
				.subscription("s")
				.initialPosition(InitialPosition.EARLIEST)
				.deadLetterPolicy(new DeadLetterPolicy(0, "t.dead"))
				.subscribe();
			ClientFixture.receive(consumer, 2)
				.forEach((message) -> consumer.negativeAcknowledge(message, "x".repeat(10_000)));
			Consumer<byte[]> dead = client.consumer(Schema.bytes())
				.topic("t.dead")
				.subscription("s")
				.initialPosition(InitialPosition.EARLIEST)
				.subscribe();
			assertThat(ClientFixture.receive(dead, 2)).allSatisfy((message) -> {
				assertThat(message.payload()).isEqualTo(large);
				assertThat(message.deadLetterOrigin()).isNotNull();
			});
		}
	}

	@Test
	void messageLargerThanTheBrokerTakesIsRefusedByTheClientWithTheLimit() {
		try (Broker broker = Broker.builder().port(0).maxMessageSize(2 * MIB).build().start();
				WeirClient client = ClientFixture.client(broker).build();
				Producer<byte[]> producer = client.producer(Schema.bytes()).topic("t").create()) {
			assertThatExceptionOfType(WeirException.class).isThrownBy(() -> producer.send(new byte[2 * MIB]))
				.withMessageContaining("the broker takes at most 2097152")
				.extracting(WeirException::code)
				.isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
			producer.send(new byte[2 * MIB - 100]);
		}
	}

	private static Consumer<byte[]> subscribe(WeirClient client) {
		return client.consumer(Schema.bytes())
			.topic("t")
			.subscription("s")
			.initialPosition(InitialPosition.EARLIEST)
			.subscribe();
	}

	private static byte[] random(int size) {
		byte[] bytes = new byte[size];
		new Random(7).nextBytes(bytes);
		return bytes;
	}

}
