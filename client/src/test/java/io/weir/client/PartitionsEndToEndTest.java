package io.weir.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.Broker;
import io.weir.fixtures.ServerPorts;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;

/** Partitions over QUIC, with data on disk, across a restart of the broker. */
@Timeout(60)
class PartitionsEndToEndTest {

	private static final Duration SOON = Duration.ofSeconds(30);

	@TempDir
	private Path data;

	private Broker broker(int port) {
		return Broker.builder().port(port).dataDirectory(this.data).build().start();
	}

	@Test
	void restartOfTheBrokerLosesAndRepeatsNothingInAnyPartition() {
		Broker broker = broker(ServerPorts.free());
		int port = broker.address().getPort();
		broker.partitions("t", 4);
		try (WeirClient client = WeirClient.builder()
			.serviceUrl(broker.serviceUrl())
			.insecure()
			.heartbeatInterval(Duration.ofSeconds(1))
			.build();
				Producer<String> producer = client.producer(Schema.string()).topic("t").create();
				Consumer<String> consumer = client.consumer(Schema.string())
					.topic("t")
					.subscription("s")
					.initialPosition(InitialPosition.EARLIEST)
					.subscribe()) {
			List<CompletableFuture<MessageId>> sent = new ArrayList<>();
			List<Message<String>> messages = new ArrayList<>();
			send(producer, 0, sent);
			sent.forEach(CompletableFuture::join);
			consumer.batchReceive(100, SOON).forEach((message) -> {
				messages.add(message);
				consumer.acknowledgeAsync(message.id()).join();
			});
			broker.close();
			send(producer, 10, sent);
			broker = broker(port);
			assertThat(broker.partitions("t")).isEqualTo(4);
			messages.addAll(consumer.batchReceive(300, SOON));
			assertThat(messages).extracting(Message::id)
				.containsExactlyInAnyOrderElementsOf(sent.stream().map(CompletableFuture::join).toList());
			assertThat(new TreeSet<>(messages.stream().map(Message::partition).toList())).containsExactly(0, 1, 2, 3);
			Map<String, List<String>> byKey = new HashMap<>();
			messages
				.forEach((message) -> byKey.computeIfAbsent(String.valueOf(message.key()), (key) -> new ArrayList<>())
					.add(message.value()));
			assertThat(byKey).hasSize(20)
				.allSatisfy((key, values) -> assertThat(values)
					.isEqualTo(IntStream.range(0, 20).mapToObj(String::valueOf).toList()));
			assertThat(consumer.receive(Duration.ZERO)).isNull();
		}
		finally {
			broker.close();
		}
	}

	/** Ten messages to each of twenty keys. */
	private static void send(Producer<String> producer, int from, List<CompletableFuture<MessageId>> sent) {
		for (int number = from; number < from + 10; number++) {
			for (int key = 0; key < 20; key++) {
				sent.add(producer.message(String.valueOf(number)).key("key-" + key).sendAsync());
			}
		}
	}

}
