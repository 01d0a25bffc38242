package io.weir.client;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.weir.broker.Broker;
import io.weir.broker.TopicStats.SubscriptionStats;
import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.broker.policy.TopicPolicies;
import io.weir.client.internal.fakes.LogCapture;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Messages that a topic keeps no longer, with a real broker: those of its life before it
 * was deleted.
 */
@Timeout(60)
class KeptNoLongerEndToEndTest {

	private static final String LOGGED_BY = "io.weir.client.internal.consumer.KeptNoLonger";

	private static final Duration SOON = Duration.ofSeconds(20);

	private final InMemory memory = new InMemory();

	@Test
	void whoAsksForAMessageThatIsGoneIsToldWhereItGoesOnInEachPartition() throws Exception {
		try (LogCapture log = new LogCapture(Class.forName(LOGGED_BY)); Broker broker = this.memory.broker().start()) {
			broker.partitions("t", 2);
			try (WeirClient client = this.memory.client(broker).build()) {
				MessageId gone = send(client, "old");
				broker.deleteTopic("t", true);
				broker.partitions("t", 2);
				MessageId kept = send(client, "new");
				assertThat(kept.toString()).as("in another partition than the first").startsWith("1:");
				try (Reader<String> reader = client.reader(Schema.string()).topic("t").startAt(kept).create()) {
					assertThat(reader.read().value()).isEqualTo("new");
				}
				try (Reader<String> reader = client.reader(Schema.string())
					.topic("t")
					.startAt(InitialPosition.EARLIEST)
					.create()) {
					assertThat(reader.read().value()).isEqualTo("new");
				}
				assertThat(log.lines()).isEmpty();
				try (Reader<String> reader = client.reader(Schema.string()).topic("t").startAt(gone).create()) {
					assertThat(reader.read().value()).isEqualTo("new");
				}
				assertThat(log.lines()).singleElement()
					.asString()
					.startsWith("WARN What stood before " + kept + " is kept no longer: ")
					.endsWith("was to go on at message " + gone + ", and goes on there");
			}
		}
	}

	@Test
	void whoWasNeverGivenWhatTheQuotaDroppedIsToldAndSoIsTheOperator() throws Exception {
		try (LogCapture log = new LogCapture(Class.forName(LOGGED_BY)); Broker broker = this.memory.broker().start()) {
			broker.createTopic("t");
			broker.setPolicies("t",
					TopicPolicies.builder()
						.backlogQuota(1L)
						.backlogQuotaPolicy(BacklogQuotaPolicy.DROP_OLDEST)
						.build());
			try (WeirClient client = this.memory.client(broker).build();
					Consumer<String> consumer = client.consumer(Schema.string())
						.topic("t")
						.subscription("s")
						.receiverQueueSize(1)
						.subscribe()) {
				send(client, "held");
				assertThat(consumer.receive().value()).isEqualTo("held");
				consumer.pause();
				send(client, "in the queue, perhaps");
				send(client, "dropped");
				MessageId last = send(client, "last");
				await().atMost(SOON).untilAsserted(() -> assertThat(log.lines()).isNotEmpty());
				assertThat(log.lines()).first()
					.asString()
					.startsWith("WARN ")
					.contains(" were trimmed that subscription 's' of topic 't' was never given: it goes on there");
				await().atMost(SOON).untilAsserted(() -> {
					SubscriptionStats stats = broker.topic("t").orElseThrow().subscriptions().get(0);
					assertThat(stats.trimmed()).isPositive().isEqualTo(broker.stats().messagesTrimmed());
				});
				consumer.resume();
				await().atMost(SOON).until(() -> consumer.receive().id().equals(last));
			}
		}
	}

	private static MessageId send(WeirClient client, String value) {
		try (Producer<String> producer = client.producer(Schema.string()).topic("t").create()) {
			return producer.message(value).key("k").send();
		}
	}

}
