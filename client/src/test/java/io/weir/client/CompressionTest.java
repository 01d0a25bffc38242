package io.weir.client;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.broker.Broker;
import io.weir.fixtures.ServerPorts;
import io.weir.message.Compression;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;

/** Compressed batches through a real broker. */
@Timeout(60)
class CompressionTest {

	@TempDir
	private Path data;

	@ParameterizedTest
	@EnumSource(Compression.class)
	void compressedMessagesAreKeptAcrossARestart(Compression compression) throws Exception {
		Broker broker = Broker.builder().port(ServerPorts.free()).dataDirectory(this.data).build().start();
		int port = broker.address().getPort();
		try (WeirClient client = ClientFixture.client(broker).build()) {
			Producer<String> producer = client.producer(Schema.string()).topic("t").compression(compression).create();
			List<CompletableFuture<MessageId>> sent = new ArrayList<>();
			List<String> values = new ArrayList<>();
			for (int i = 0; i < 1000; i++) {
				values.add("message " + i + " " + "x".repeat((i == 500) ? 4 * 1024 * 1024 : i % 100));
			}
			for (String value : values.subList(0, 999)) {
				sent.add(producer.message(value).key("key").header("name", "value").sendAsync());
			}
			CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
			long stored = broker.stats().bytesIn();
			assertThat(stored > 4 * 1024 * 1024).as("%d bytes", stored).isEqualTo(compression == Compression.NONE);
			broker.close();
			broker = Broker.builder().port(port).dataDirectory(this.data).build().start();
			producer.send(values.get(999));
			Consumer<String> consumer = client.consumer(Schema.string())
				.topic("t")
				.subscription("s")
				.initialPosition(InitialPosition.EARLIEST)
				.subscribe();
			assertThat(ClientFixture.receive(consumer, 1000)).extracting(Message::value).isEqualTo(values);
		}
		finally {
			broker.close();
		}
	}

}
