package io.weir.client.kill;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.Broker;
import io.weir.broker.TopicStats.SubscriptionStats;
import io.weir.client.BrokerProcess;
import io.weir.client.Consumer;
import io.weir.client.DeadLetterPolicy;
import io.weir.client.Producer;
import io.weir.client.RedeliveryBackoff;
import io.weir.client.WeirClient;
import io.weir.fixtures.ServerPorts;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The broker is killed ({@code kill -9}) while messages become dead letters, after each
 * step of that, again and again with the same data, while more are published.
 */
class DeadLetterKillTest {

	private static final Duration SOON = Duration.ofSeconds(60);

	/** Each step once; more with {@code -Pchaos}. */
	private static final int ROUNDS = Integer.getInteger("chaos.kills", Step.values().length);

	/** Says when to kill: {@code -Dchaos.seed=…} for other moments. */
	private static final long SEED = Long.getLong("chaos.seed", 1);

	/** How many messages are published at a time, one of them poison. */
	private static final int BURST = 5;

	/** That are not acknowledged yet: while there are so many, no more are published. */
	private static final int MAX_OPEN = 300;

	private final List<CompletableFuture<MessageId>> sent = new ArrayList<>();

	private final Set<String> wholesome = new HashSet<>();

	private final Set<String> poison = new HashSet<>();

	/** What the consumer has acknowledged. */
	private final Set<String> delivered = ConcurrentHashMap.newKeySet();

	@TempDir
	private Path data;

	@Test
	@Timeout(3600)
	void eachPoisonMessageIsOnceInTheDeadLettersAndAllOthersAreDeliveredWhereverTheBrokerIsKilled() throws Exception {
		int port = ServerPorts.free();
		Random random = new Random(SEED);
		try (WeirClient client = WeirClient.builder()
			.serviceUrl("weir://127.0.0.1:" + port)
			.insecure()
			.heartbeatInterval(Duration.ofSeconds(1))
			.connectTimeout(Duration.ofMillis(500))
			.build()) {
			Producer<String> producer = null;
			for (int round = 0; round < ROUNDS; round++) {
				Step step = Step.values()[round % Step.values().length];
				int times = 1 + random.nextInt(4);
				try (BrokerProcess broker = BrokerProcess.start(KilledBroker.class, this.data.toString(),
						Integer.toString(port), step.name(), Integer.toString(times))) {
					producer = (producer != null) ? producer : start(client);
					publishUntilKilled(producer, broker);
				}
				catch (Throwable ex) {
					throw new AssertionError("Failed in round " + round + ", to be killed when " + step + " for the "
							+ times + ". time, with -Dchaos.seed=" + SEED, ex);
				}
			}
			try (Broker broker = Broker.builder().dataDirectory(this.data).port(port).build().start()) {
				check(broker, client);
			}
			System.out.println("Killed " + ROUNDS + " times: " + this.poison.size() + " of " + this.sent.size()
					+ " messages are dead letters, once each, and all others were delivered");
		}
	}

	/** A consumer that gives back what is poison, and the producer. */
	private Producer<String> start(WeirClient client) {
		client.consumer(Schema.string())
			.topic(KilledBroker.TOPIC)
			.subscription("s")
			.subscriptionType(SubscriptionType.SHARED)
			.initialPosition(InitialPosition.EARLIEST)
			.deadLetterPolicy(new DeadLetterPolicy(1, KilledBroker.DEAD_LETTERS))
			.negativeAckRedeliveryBackoff(RedeliveryBackoff.exponential(Duration.ofMillis(1), 2, Duration.ofMillis(2)))
			.messageListener(this::onMessage)
			.subscribeInBackground();
		return client.producer(Schema.string())
			.topic(KilledBroker.TOPIC)
			.name("p")
			.sendTimeout(Duration.ofHours(1))
			.create();
	}

	private void onMessage(Consumer<String> consumer, Message<String> message) {
		if (message.value().startsWith("poison")) {
			consumer.negativeAcknowledge(message, "poison");
		}
		else {
			consumer.acknowledgeAsync(message).thenRun(() -> this.delivered.add(message.value()));
		}
	}

	private void publishUntilKilled(Producer<String> producer, BrokerProcess broker) {
		await().pollInterval(Duration.ofMillis(20)).atMost(SOON).until(() -> {
			if (this.wholesome.size() - this.delivered.size() < MAX_OPEN) {
				publish(producer);
			}
			return !broker.isAlive();
		});
	}

	private void publish(Producer<String> producer) {
		for (int i = 0; i < BURST; i++) {
			boolean isPoison = i == 2;
			String value = (isPoison ? "poison-" : "message-") + this.sent.size();
			(isPoison ? this.poison : this.wholesome).add(value);
			this.sent.add(producer.sendAsync(value));
		}
	}

	private void check(Broker broker, WeirClient client) throws Exception {
		for (CompletableFuture<MessageId> each : this.sent) {
			each.get(SOON.toSeconds(), TimeUnit.SECONDS);
		}
		await().atMost(SOON).until(() -> backlog(broker, KilledBroker.TOPIC, "s") == 0);
		await().atMost(SOON).untilAsserted(() -> assertThat(this.delivered).containsAll(this.wholesome));
		Consumer<String> dead = client.consumer(Schema.string())
			.topic(KilledBroker.DEAD_LETTERS)
			.subscription("all")
			.initialPosition(InitialPosition.EARLIEST)
			.subscribe();
		List<String> copies = new ArrayList<>();
		for (long left = backlog(broker, KilledBroker.DEAD_LETTERS, "all"); left > 0; left--) {
			Message<String> copy = dead.receive(SOON);
			assertThat(copy).isNotNull();
			copies.add(copy.value());
		}
		assertThat(copies).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(this.poison);
	}

	private static long backlog(Broker broker, String topic, String subscription) {
		return broker.topic(topic)
			.orElseThrow()
			.subscriptions()
			.stream()
			.filter((each) -> each.name().equals(subscription))
			.mapToLong(SubscriptionStats::backlog)
			.sum();
	}

}
