package io.weir.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.broker.Broker;
import io.weir.broker.store.StorageStatus.State;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** On a small volume that really is full; skipped where none can be mounted. */
@Timeout(120)
class FullDiskTest {

	private static final int MIB = 1024 * 1024;

	private static final Duration SOON = Duration.ofSeconds(60);

	@TempDir
	private Path volume;

	@BeforeEach
	void mount() throws Exception {
		Assumptions.assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=96m", "weir-test", this.volume.toString()),
				"no volume can be mounted here");
	}

	@AfterEach
	void unmount() throws Exception {
		run("umount", this.volume.toString());
	}

	private static boolean run(String... command) throws InterruptedException {
		try {
			return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** Noticed before the disk is full, and, without such a limit, when it is. */
	@ParameterizedTest
	@ValueSource(longs = { 8 * MIB, 0 })
	void messagesSentWhileTheDiskIsFullAreStoredOnceAndInOrderWhenThereIsRoom(long minFree) throws Exception {
		try (Broker broker = Broker.builder()
			.port(0)
			.dataDirectory(this.volume.resolve("data"))
			.storageMinFree(minFree)
			.build()
			.start();
				WeirClient client = WeirClient.builder()
					.serviceUrl(broker.serviceUrl())
					.fingerprint(broker.certificateFingerprint())
					.build()) {
			Producer<String> producer = client.producer(Schema.string())
				.topic("t")
				.sendTimeout(Duration.ofMinutes(2))
				.create();
			List<CompletableFuture<MessageId>> sent = new ArrayList<>();
			send(producer, sent, 10);
			sent.get(9).get(60, TimeUnit.SECONDS);
			Path ballast = this.volume.resolve("ballast");
			fill(ballast);
			await().atMost(SOON).until(() -> {
				// RocksDB has reserved room for its log, which has to be used up.
				if (sent.stream().filter((each) -> !each.isDone()).count() < 500) {
					send(producer, sent, 200);
				}
				return broker.storage().status().state() != State.SERVING;
			});
			send(producer, sent, 10);
			Files.delete(ballast);
			await().atMost(SOON).until(() -> broker.storage().status().state() == State.SERVING);
			for (CompletableFuture<MessageId> each : sent) {
				each.get(60, TimeUnit.SECONDS);
			}
			assertThat(receive(client, sent.size()))
				.containsExactlyElementsOf(IntStream.range(0, sent.size()).mapToObj(String::valueOf).toList());
			System.out.println("Full with " + minFree + " bytes to stay free: " + sent.size()
					+ " messages were stored once and in order when there was room");
		}
	}

	private static void send(Producer<String> producer, List<CompletableFuture<MessageId>> sent, int count) {
		String padding = " ".repeat(10_000);
		for (int i = 0; i < count; i++) {
			sent.add(producer.sendAsync(sent.size() + padding));
		}
	}

	/** To the last byte. */
	private static void fill(Path ballast) throws IOException {
		try (var out = Files.newByteChannel(ballast, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			for (int size = MIB; size > 0; size /= 2) {
				fill(out, size);
			}
		}
	}

	private static void fill(WritableByteChannel out, int size) {
		try {
			while (true) {
				out.write(ByteBuffer.allocate(size));
			}
		}
		catch (IOException ex) {
			assertThat(ex).hasMessageContaining("No space left");
		}
	}

	private static List<String> receive(WeirClient client, int count) {
		List<String> received = new ArrayList<>();
		try (Consumer<String> consumer = client.consumer(Schema.string())
			.topic("t")
			.subscription("s")
			.initialPosition(InitialPosition.EARLIEST)
			.subscribe()) {
			while (received.size() < count) {
				Message<String> message = consumer.receive(SOON);
				assertThat(message).isNotNull();
				received.add(message.value().trim());
			}
			assertThat(consumer.receive(Duration.ZERO)).isNull();
		}
		return received;
	}

}
