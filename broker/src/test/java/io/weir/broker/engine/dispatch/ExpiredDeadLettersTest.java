package io.weir.broker.engine.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** What has expired becomes a dead letter where that is said, once. */
class ExpiredDeadLettersTest extends TopicFixture {

	private static final Peer CONSUMER = new Peer(2, 1);

	private static final Duration MINUTE = Duration.ofMinutes(1);

	@BeforeEach
	void open() {
		this.topic.openProducer(PRODUCER, "p");
		policies(true);
	}

	private void policies(boolean deadLetterExpired) {
		Policies none = Policies.none();
		this.topic.setPolicies(new Policies(none.retention(), MINUTE.toMillis(), Policies.UNLIMITED,
				BacklogQuotaPolicy.REFUSE, false, Policies.UNLIMITED, new Policies.OfSubscription(null, null, null,
						null, null, null, new Topic("dead"), Policies.UNLIMITED, deadLetterExpired),
				Map.of()));
	}

	private void subscribe(SubscriptionType type) {
		this.topic.subscribe(CONSUMER, "s", type, InitialPosition.EARLIEST);
	}

	private List<MessageId> dead() {
		return this.topic.forwarded().stream().map((copy) -> copy.source().message(copy.index())).toList();
	}

	@ParameterizedTest
	@EnumSource
	void messageThatExpiresBeforeItIsDeliveredMustBecomeADeadLetter(SubscriptionType type) {
		subscribe(type);
		long now = this.topic.now();
		this.topic.expiring(PRODUCER, 0, now + 1_000, Long.MAX_VALUE, now + 2_000, now + 30_000);
		this.topic.advance(Duration.ofSeconds(5));
		this.topic.flow(CONSUMER, 100);
		assertThat(sequences(CONSUMER)).containsExactlyInAnyOrder(1L, 3L);
		assertThat(dead()).containsExactlyInAnyOrder(id(0, 0), id(0, 2));
		assertThat(this.topic.forwarded().get(0).headers().get(DeadLetterOrigin.ERROR_HEADER))
			.isEqualTo("It has expired");
		assertThat(this.topic.subscription("s").expired()).isEqualTo(2);
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(2);
	}

	@ParameterizedTest
	@EnumSource
	void whatIsTooOldMustBecomeDeadLettersAlsoWithoutAConsumer(SubscriptionType type) {
		subscribe(type);
		this.topic.closeConsumer(CONSUMER);
		publishEntries(2_500, 1);
		this.topic.holdStorage();
		this.topic.advance(MINUTE.plusSeconds(5));
		while (!this.topic.underWay().isEmpty()) {
			this.topic.storeNext();
		}
		this.topic.releaseStorage();
		this.topic.publish(PRODUCER, 2_500, 1);
		assertThat(dead())
			.containsExactlyInAnyOrderElementsOf(LongStream.range(0, 2_500).mapToObj((i) -> id(i)).toList());
		assertThat(this.topic.subscription("s").expired()).isEqualTo(2_500);
		assertThat(this.topic.subscription("s").backlog()).isOne();
		subscribe(type);
		this.topic.flow(CONSUMER, 10);
		assertThat(sequences(CONSUMER)).containsExactly(2_500L);
	}

	@Test
	void brokerThatDiesBeforeTheAcknowledgementIsStoredMustForwardTheSameAgain() {
		subscribe(SubscriptionType.SHARED);
		publishEntries(1, 1);
		this.topic.holdStorage();
		this.topic.advance(MINUTE.plusSeconds(5));
		this.topic.flow(CONSUMER, 10);
		while (this.topic.forwarded().isEmpty()) {
			this.topic.storeNext();
		}
		assertThat(this.topic.underWay()).noneMatch(Storing.ForwardCopy.class::isInstance);
		this.topic.restart();
		this.topic.releaseStorage();
		policies(true);
		this.topic.advance(MINUTE);
		assertThat(this.topic.forwarded()).hasSize(2)
			.extracting(Storing.ForwardCopy::purpose)
			.as("the target knows it")
			.containsOnly("dead-letter:s");
		assertThat(this.topic.subscription("s").backlog()).isZero();
		assertThat(this.topic.cursor("s").acknowledgedUpTo()).isEqualTo(new Position(0, 0));
	}

	@Test
	void whatHasExpiredMustOnlyBeCountedWhereNobodySaysMore() {
		policies(false);
		subscribe(SubscriptionType.SHARED);
		publishEntries(2, 1);
		this.topic.advance(MINUTE.plusSeconds(5));
		this.topic.flow(CONSUMER, 10);
		assertThat(sequences(CONSUMER)).isEmpty();
		assertThat(this.topic.forwarded()).isEmpty();
		assertThat(this.topic.subscription("s").expired()).isEqualTo(2);
	}

	@Test
	void bytesOfWhatHasExpiredMustBeLetGo() {
		subscribe(SubscriptionType.EXCLUSIVE);
		this.topic.expiring(PRODUCER, 0, Long.MAX_VALUE, this.topic.now() + 1_000);
		this.topic.flow(CONSUMER, 1);
		assertThat(sequences(CONSUMER)).containsExactly(0L);
		assertThat(this.topic.bytesHeld()).as("of the message that waits").isPositive();
		this.topic.holdStorage();
		this.topic.advance(Duration.ofSeconds(5));
		this.topic.flow(CONSUMER, 1);
		assertThat(this.topic.subscription("s").deadLetters()).isOne();
		assertThat(this.topic.bytesHeld()).as("though its copy is not stored").isZero();
		this.topic.releaseStorage();
		assertThat(dead()).containsExactly(id(0, 1));
	}

}
