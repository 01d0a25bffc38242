package io.weir.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.Broker;
import io.weir.broker.deadletter.DeadLetter;
import io.weir.broker.deadletter.DeadLetterFilter;
import io.weir.broker.deadletter.Replay;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.message.SubscriptionType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Dead letters come back to those who could not process them, over a real connection. */
@Timeout(120)
class ReplayEndToEndTest {

	private static final Duration SOON = Duration.ofSeconds(30);

	@TempDir
	private Path data;

	private Broker broker;

	private WeirClient client;

	@BeforeEach
	void start() {
		this.broker = Broker.builder().port(0).dataDirectory(this.data).build().start();
		this.client = WeirClient.builder().serviceUrl(this.broker.serviceUrl()).insecure().build();
	}

	@AfterEach
	void stop() {
		this.client.close();
		this.broker.close();
	}

	private Consumer<String> consumer() {
		return this.client.consumer(Schema.string())
			.topic("orders")
			.subscription("billing")
			.subscriptionType(SubscriptionType.SHARED)
			.initialPosition(InitialPosition.EARLIEST)
			.deadLetterPolicy(new DeadLetterPolicy(0, "dead"))
			.subscribe();
	}

	@Test
	void messageThatFailsAgainAndAgainKeepsItsOriginAndCountsItsReplays() {
		MessageId id = this.client.producer(Schema.string()).topic("orders").create().message("a").key("k").send();
		Consumer<String> consumer = consumer();
		DeadLetterOrigin origin = new DeadLetterOrigin("orders", "billing", id, 0, "error 0");
		consumer.negativeAcknowledge(consumer.receive(SOON), "error 0");
		for (int replays = 1; replays <= 3; replays++) {
			DeadLetter letter = awaitDeadLetters(replays).get(replays - 1);
			assertThat(letter.replays()).isEqualTo(replays - 1);
			assertThat(letter.origin())
				.isEqualTo(new DeadLetterOrigin("orders", "billing", id, 0, "error " + (replays - 1)));
			this.broker.replay("dead", letter.id(), false);
			awaitEnd();
			Message<String> again = consumer.receive(SOON);
			assertThat(again.value()).isEqualTo("a");
			assertThat(again.key()).isEqualTo("k");
			assertThat(again.id()).isNotEqualTo(id);
			assertThat(again.headers().get(DeadLetterOrigin.REPLAYS_HEADER)).isEqualTo(String.valueOf(replays));
			assertThat(again.deadLetterOrigin().messageId()).isEqualTo(origin.messageId());
			consumer.negativeAcknowledge(again, "error " + replays);
		}
		assertThat(awaitDeadLetters(4).get(3).replays()).isEqualTo(3);
		assertThat(this.broker.stats().redelivery().replayed()).isEqualTo(3);
	}

	@Test
	void allAreReplayedToTheirSubscriptionsOnce() {
		Producer<String> producer = this.client.producer(Schema.string()).topic("orders").create();
		Consumer<String> consumer = consumer();
		for (int i = 0; i < 100; i++) {
			producer.send("m" + i);
			consumer.negativeAcknowledge(consumer.receive(SOON), "no");
		}
		awaitDeadLetters(100);
		this.broker.replay("dead", DeadLetterFilter.all(), false);
		assertThat(awaitEnd().replayed()).isEqualTo(100);
		this.broker.replay("dead", DeadLetterFilter.all(), false);
		assertThat(awaitEnd().replayed()).isZero();
		List<Message<String>> again = consumer.batchReceive(100, SOON);
		assertThat(again).extracting(Message::value).doesNotHaveDuplicates().hasSize(100);
		assertThat(consumer.receive(Duration.ZERO)).isNull();
		assertThat(this.broker.topic("dead").orElseThrow().subscriptions()).as("none that anybody sees").isEmpty();
	}

	private List<DeadLetter> awaitDeadLetters(int count) {
		return await().atMost(SOON)
			.ignoreExceptions()
			.until(() -> this.broker.deadLetters("dead", DeadLetterFilter.all(), null, 1_000).deadLetters(),
					(letters) -> letters.size() == count);
	}

	private Replay awaitEnd() {
		return await().atMost(SOON)
			.until(() -> this.broker.replay("dead").orElseThrow(), (replay) -> replay.state() == Replay.State.DONE);
	}

}
