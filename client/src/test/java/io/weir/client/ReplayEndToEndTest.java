package io.weir.client;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.weir.broker.deadletter.DeadLetter;
import io.weir.broker.deadletter.DeadLetterFilter;
import io.weir.broker.deadletter.Replay;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Dead letters come back to those who could not process them, over a real connection. */
class ReplayEndToEndTest extends ReplayFixture {

	@Test
	void messageThatFailsAgainAndAgainKeepsItsOriginAndCountsItsReplays() {
		MessageId id = this.client.producer(Schema.string()).topic("orders").create().message("a").key("k").send();
		Consumer<String> consumer = consumer().deadLetterPolicy(new DeadLetterPolicy(0, "dead")).subscribe();
		DeadLetterOrigin origin = new DeadLetterOrigin("orders", "billing", id, 0, "error 0");
		consumer.negativeAcknowledge(consumer.receive(SOON), "error 0");
		for (int replays = 1; replays <= 3; replays++) {
			DeadLetter letter = awaitDeadLetters(replays).get(replays - 1);
			assertThat(letter.replays()).isEqualTo(replays - 1);
			assertThat(letter.origin())
				.isEqualTo(new DeadLetterOrigin("orders", "billing", id, 0, "error " + (replays - 1)));
			this.broker.replay("dead", letter.id(), false);
			awaitState(Replay.State.DONE);
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
		Consumer<String> consumer = consumer().deadLetterPolicy(new DeadLetterPolicy(0, "dead")).subscribe();
		for (int i = 0; i < 100; i++) {
			producer.send("m" + i);
			consumer.negativeAcknowledge(consumer.receive(SOON), "no");
		}
		awaitDeadLetters(100);
		this.broker.replay("dead", DeadLetterFilter.all(), false);
		assertThat(awaitState(Replay.State.DONE).replayed()).isEqualTo(100);
		this.broker.replay("dead", DeadLetterFilter.all(), false);
		assertThat(awaitState(Replay.State.DONE).replayed()).isZero();
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

}
