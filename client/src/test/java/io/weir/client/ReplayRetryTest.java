package io.weir.client;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.deadletter.DeadLetter;
import io.weir.broker.deadletter.DeadLetterFilter;
import io.weir.broker.deadletter.Replay;
import io.weir.broker.policy.TopicPolicies;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.Headers;
import io.weir.message.Message;
import io.weir.message.MessageIds;
import io.weir.message.Schema;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** What cannot be replayed now, because its topic has too large a backlog. */
class ReplayRetryTest extends ReplayFixture {

	@BeforeEach
	void publishADeadLetter() {
		publishOneThatNobodyAcknowledges();
		publishDead("a", "orders");
	}

	private void publishDead(String value, String origin) {
		try (Producer<String> producer = this.client.producer(Schema.string()).topic("dead").create()) {
			MessageBuilder<String> message = producer.message(value);
			new DeadLetterOrigin(origin, "billing", MessageIds.of(0, 0, 0, 0), 3, "no").addTo(Headers.empty())
				.asMap()
				.forEach(message::header);
			message.send();
		}
	}

	private void publishOneThatNobodyAcknowledges() {
		consumer().subscribe().close();
		Producer<String> producer = this.client.producer(Schema.string()).topic("orders").create();
		producer.send("x".repeat(2_000));
		this.broker.setPolicies("orders", TopicPolicies.builder().backlogQuota(2_100L).build());
		await().atMost(SOON).until(() -> isRefused(producer));
	}

	/** The topic hears of the policy a little later. */
	private static boolean isRefused(Producer<String> producer) {
		try {
			producer.send("y".repeat(200));
			return false;
		}
		catch (WeirException ex) {
			return ex.code() == ErrorCode.BACKLOG_QUOTA_EXCEEDED;
		}
	}

	private void acknowledgeUntilItIsReplayed() {
		Consumer<String> consumer = consumer().subscribe();
		Message<String> message = consumer.receive(SOON);
		while (!message.value().equals("a")) {
			consumer.acknowledge(message);
			message = consumer.receive(SOON);
			assertThat(message).isNotNull();
		}
	}

	@Test
	void whatIsRefusedForAQuotaMustBeTriedAgain() {
		replayThatWaits();
		acknowledgeUntilItIsReplayed();
		assertThat(awaitState(Replay.State.DONE).replayed()).isOne();
	}

	@Test
	void messagesOfOtherTopicsDoNotWaitForTheQuotaOfOne() {
		this.broker.createTopic("bills");
		for (int i = 0; i < 100; i++) {
			publishDead("b" + i, "bills");
		}
		replayThatWaits();
		await().atMost(SOON).until(() -> this.broker.replay("dead").orElseThrow().replayed() == 100);
		assertThat(this.broker.topic("bills").orElseThrow().messagesIn()).isEqualTo(100);
		acknowledgeUntilItIsReplayed();
		assertThat(awaitState(Replay.State.DONE).replayed()).isEqualTo(101);
		assertThat(this.broker.topic("bills").orElseThrow().messagesIn()).isEqualTo(100);
	}

	@Test
	void oneReplayOfATopicGoesOnAtATime() {
		replayThatWaits();
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> this.broker.replay("dead", DeadLetterFilter.all(), false))
			.withMessageContaining("are being replayed already")
			.extracting(ProtocolException::code)
			.isEqualTo(ErrorCode.SUBSCRIPTION_BUSY);
	}

	@Test
	void replayThatIsStoppedMustStayStoppedAndLoseNothing() {
		replayThatWaits();
		this.broker.stopReplay("dead");
		assertThat(awaitState(Replay.State.STOPPED).replayed()).isZero();
		stop();
		start();
		assertThat(this.broker.replay("dead").orElseThrow().state()).isEqualTo(Replay.State.STOPPED);
		assertThat(this.broker.deadLetters("dead", DeadLetterFilter.all(), null, 10).deadLetters()).singleElement()
			.matches((letter) -> !letter.replayed());
		this.broker.replay("dead", DeadLetterFilter.all(), false);
		acknowledgeUntilItIsReplayed();
		assertThat(awaitState(Replay.State.DONE).replayed()).isOne();
		assertThat(this.broker.deadLetters("dead", DeadLetterFilter.all(), null, 10).deadLetters()).singleElement()
			.matches(DeadLetter::replayed);
	}

	private void replayThatWaits() {
		this.broker.replay("dead", DeadLetterFilter.all(), false);
		await().atMost(SOON).untilAsserted(() -> {
			Replay replay = this.broker.replay("dead").orElseThrow();
			assertThat(replay.state()).isEqualTo(Replay.State.RUNNING);
			assertThat(replay.waitingFor()).contains("quota");
		});
	}

}
