package io.weir.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.Broker;
import io.weir.broker.deadletter.DeadLetter;
import io.weir.broker.deadletter.DeadLetterFilter;
import io.weir.broker.deadletter.Replay;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.Headers;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageIds;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A replay goes on though the broker's process is killed ({@code kill -9}). */
class ReplayKillTest {

	private static final int MESSAGES = 1_000;

	/** After how many messages the process is killed. */
	private static final int[] KILLED_AFTER = { 1, 200, 500, 800 };

	@TempDir
	private Path data;

	@Test
	@Timeout(300)
	void eachOfAThousandIsReplayedOnceThoughTheBrokerIsKilledInTheMiddleAgainAndAgain() throws Exception {
		publishDeadLetters();
		for (int messages : KILLED_AFTER) {
			replayUntilKilled(messages);
		}
		try (Broker broker = Broker.builder().port(0).dataDirectory(this.data).build().start()) {
			await().atMost(Duration.ofSeconds(60))
				.until(() -> broker.replay("dead").orElseThrow().state() == Replay.State.DONE);
			assertThat(replayed(broker)).containsExactlyElementsOf(values());
			assertThat(broker.deadLetters("dead", DeadLetterFilter.all(), null, MESSAGES).deadLetters())
				.hasSize(MESSAGES)
				.allMatch(DeadLetter::replayed);
		}
	}

	private void publishDeadLetters() {
		try (Broker broker = Broker.builder().port(0).dataDirectory(this.data).build().start();
				WeirClient client = WeirClient.builder().serviceUrl(broker.serviceUrl()).insecure().build();
				Producer<String> producer = client.producer(Schema.string()).topic("dead").create()) {
			broker.createTopic("orders");
			for (int i = 0; i < MESSAGES; i++) {
				MessageBuilder<String> message = producer.message("m" + i);
				new DeadLetterOrigin("orders", "billing", MessageIds.of(0, 0, i, 0), 3, "no").addTo(Headers.empty())
					.asMap()
					.forEach(message::header);
				message.sendAsync();
			}
			producer.flush();
		}
	}

	private void replayUntilKilled(int messages) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
				ReplayUntilKilled.class.getName(), this.data.toString())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try (BufferedReader ledger = process.inputReader()) {
			String line = ledger.readLine();
			while (Integer.parseInt(line.split(" ")[0]) < messages) {
				line = ledger.readLine();
			}
		}
		finally {
			process.destroyForcibly().waitFor();
		}
	}

	private static List<String> replayed(Broker broker) {
		List<String> replayed = new ArrayList<>();
		try (WeirClient client = WeirClient.builder().serviceUrl(broker.serviceUrl()).insecure().build();
				Reader<String> reader = client.reader(Schema.string())
					.topic("orders")
					.startAt(InitialPosition.EARLIEST)
					.create()) {
			for (Message<String> next = reader.read(Duration.ofSeconds(30)); next != null; next = reader
				.read((replayed.size() < MESSAGES) ? Duration.ofSeconds(30) : Duration.ofMillis(100))) {
				replayed.add(next.value());
			}
		}
		return replayed;
	}

	private static List<String> values() {
		return IntStream.range(0, MESSAGES).mapToObj((i) -> "m" + i).toList();
	}

}
