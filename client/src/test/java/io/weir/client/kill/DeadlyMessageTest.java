package io.weir.client.kill;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.broker.Broker;
import io.weir.broker.BrokerLimits;
import io.weir.broker.TopicStats;
import io.weir.client.Producer;
import io.weir.client.Reader;
import io.weir.client.WeirClient;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.wire.BrokerLimit;

import static org.assertj.core.api.Assertions.assertThat;

/** A message that ends the JVM of whoever gets it. */
class DeadlyMessageTest {

	private static final int MESSAGES = 10;

	/** Twice alone, and as often as it takes to find it among the others. */
	private static final int MAX_DEATHS = 8;

	/** The shortest there is: a process that has died says no good-bye. */
	private static final long SESSION_TIMEOUT = 1_000;

	private final Set<String> acknowledged = new HashSet<>();

	@Test
	@Timeout(180)
	void messageThatKillsTheProcessOfEachConsumerIsADeadLetterInTheEndAndAllOthersAreDelivered() throws Exception {
		try (Broker broker = Broker.builder()
			.port(0)
			.limits(BrokerLimits.defaults().with(BrokerLimit.SESSION_TIMEOUT, SESSION_TIMEOUT))
			.build()
			.start();
				WeirClient client = WeirClient.builder()
					.serviceUrl(broker.serviceUrl())
					.fingerprint(broker.certificateFingerprint())
					.build()) {
			Set<String> others = publish(client);
			int deaths = 0;
			while (isAnythingLeft(broker) && deaths <= MAX_DEATHS) {
				deaths += consume(broker) ? 1 : 0;
			}
			assertThat(deaths).isBetween(2, MAX_DEATHS);
			assertThat(this.acknowledged).isEqualTo(others);
			assertThat(deadLetters(client)).containsExactly(DoomedConsumer.POISON);
		}
	}

	private static Set<String> publish(WeirClient client) {
		Set<String> others = new HashSet<>();
		Producer<String> producer = client.producer(Schema.string()).topic("t").create();
		for (int i = 0; i < MESSAGES; i++) {
			boolean poison = i == MESSAGES / 2;
			producer.send(poison ? DoomedConsumer.POISON : "message-" + i);
			if (!poison) {
				others.add("message-" + i);
			}
		}
		return others;
	}

	/** Whether anything is not acknowledged, or nobody has subscribed yet. */
	private static boolean isAnythingLeft(Broker broker) {
		List<TopicStats.SubscriptionStats> subscriptions = broker.topic("t").orElseThrow().subscriptions();
		return subscriptions.isEmpty() || subscriptions.get(0).backlog() > 0;
	}

	/** Lets a process consume; says whether it died, or everything is acknowledged. */
	private boolean consume(Broker broker) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-cp",
				System.getProperty("java.class.path"), DoomedConsumer.class.getName(), broker.serviceUrl(),
				broker.certificateFingerprint(), "t", "t.dead")
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try (BufferedReader output = process.inputReader()) {
			for (String line = output.readLine(); line != null; line = output.readLine()) {
				if (line.startsWith("acknowledged ")) {
					this.acknowledged.add(line.substring("acknowledged ".length()));
				}
				if (!isAnythingLeft(broker)) {
					return false;
				}
			}
			return true;
		}
		finally {
			process.destroyForcibly().waitFor();
		}
	}

	private static List<String> deadLetters(WeirClient client) {
		List<String> found = new ArrayList<>();
		try (Reader<String> reader = client.reader(Schema.string())
			.topic("t.dead")
			.startAt(InitialPosition.EARLIEST)
			.create()) {
			Message<String> copy = reader.read(Duration.ofSeconds(30));
			while (copy != null) {
				found.add(copy.value());
				copy = reader.read(Duration.ZERO);
			}
		}
		return found;
	}

}
