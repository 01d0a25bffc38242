package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import io.weir.client.internal.fakes.FakeBroker;
import io.weir.client.internal.fakes.FakeWorld;
import io.weir.message.MessageId;
import io.weir.message.Redelivery;
import io.weir.time.BackoffRule;
import io.weir.wire.ErrorText;
import io.weir.wire.Frame;
import io.weir.wire.RedeliveryPolicy;

import static io.weir.client.internal.consumer.ConsumerFixture.id;
import static io.weir.client.internal.consumer.ConsumerFixture.takeAll;
import static io.weir.client.internal.consumer.ConsumerFixture.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

class RedeliveriesTest {

	private final ConsumerFixture fixture = new ConsumerFixture();

	private final FakeWorld world = this.fixture.world;

	private final FakeBroker broker = this.world.broker();

	@Test
	void messageGivenBackWaitsAtTheBrokerAsLongAsTheApplicationsBackoffSays() {
		this.fixture.redeliveryBackoff = (redeliveryCount) -> Duration.ofSeconds(1L << redeliveryCount);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "first");
		this.fixture.redeliver(1, 2, "third");
		takeAll(consumer);
		consumer.messages().refuse(id(1, 0), Refusal.NOT_NOW);
		consumer.messages().refuse(id(0, 0), Refusal.NOT_NOW);
		assertThat(givenBackAfter(4_000)).containsExactly(id(1, 0));
		assertThat(givenBackAfter(1_000)).containsExactly(id(0, 0));
		assertThat(this.broker.frames(Frame.Subscribe.class).get(0).redelivery()).as("nobody else knows").isNull();
	}

	@Test
	void ruleIsToldWhenSubscribingAndNotWithEachMessage() {
		this.fixture.redeliveryBackoff = (redeliveryCount) -> Duration.ofSeconds(1L << redeliveryCount);
		this.fixture.backoffRule = new BackoffRule(1_000, 2, 60_000, 0);
		this.fixture.deadLettering = new ConsumerSettings.DeadLettering("graveyard", 2);
		ConsumerCore<String> consumer = this.fixture.open();
		assertThat(this.broker.frames(Frame.Subscribe.class).get(0).redelivery())
			.isEqualTo(new RedeliveryPolicy(0, this.fixture.backoffRule, 2, "graveyard"));
		this.fixture.redeliver(0, 1, "a");
		takeAll(consumer);
		assertThat(consumer.messages().refuse(id(0, 0), Refusal.NOT_NOW))
			.isEqualTo(new Redelivery(Duration.ofSeconds(2), null));
		assertThat(givenBackAfter(-1)).containsExactly(id(0, 0));
	}

	@Test
	void delayOfItsOwnCountsInsteadOfTheBackoff() {
		this.fixture.backoffRule = new BackoffRule(1_000, 2, 60_000, 0);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b", "c");
		takeAll(consumer);
		consumer.messages().refuse(id(0, 0), Refusal.NOT_NOW.after(Duration.ZERO));
		consumer.messages().refuse(id(0, 1), Refusal.NOT_NOW.after(Duration.ofNanos(1)));
		consumer.messages().refuse(id(0, 2), Refusal.NOT_NOW.after(Duration.ofSeconds(5)));
		assertThat(givenBackAfter(0)).containsExactly(id(0, 0));
		assertThat(givenBackAfter(1)).as("not at once").containsExactly(id(0, 1));
		assertThat(givenBackAfter(5_000)).containsExactly(id(0, 2));
	}

	@Test
	void whatIsSaidOfAMessageIsCutBetweenCharacters() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		takeAll(consumer);
		String smile = Character.toString(0x1F642);
		consumer.messages().refuse(id(0, 0), Refusal.saying("x" + smile.repeat(1_000)));
		assertThat(this.broker.frames(Frame.NegativeAcknowledge.class)).extracting((frame) -> frame.report().error())
			.containsExactly("x" + smile.repeat((ErrorText.MAX_CHARACTERS - 2) / 2));
	}

	@Test
	void messageGivenBackForTheLastTimeIsToldToBecomeADeadLetter() {
		this.fixture.deadLettering = new ConsumerSettings.DeadLettering("graveyard", 2);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.redeliver(1, 2, "last chance");
		takeAll(consumer);
		assertThat(consumer.messages().refuse(id(1, 0), Refusal.NOT_NOW.after(Duration.ofHours(1))))
			.isEqualTo(new Redelivery(Duration.ZERO, "graveyard"))
			.hasToString("becomes a dead letter in topic 'graveyard'");
	}

	@Test
	void messageThatIsGivenUpIsToldToBecomeADeadLetterHoweverOftenItWasDelivered() {
		this.fixture.deadLettering = new ConsumerSettings.DeadLettering("graveyard", 2);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "hopeless", "not now");
		takeAll(consumer);
		Refusal refusal = Refusal.because(new IllegalStateException("no"));
		assertThat(consumer.messages().refuse(id(0, 0), refusal.toDeadLetter()))
			.isEqualTo(new Redelivery(Duration.ZERO, "graveyard"));
		consumer.messages().refuse(id(0, 1), refusal);
		assertThat(this.broker.frames(Frame.NegativeAcknowledge.class))
			.extracting(Frame.NegativeAcknowledge::ids, Frame.NegativeAcknowledge::forGood,
					(frame) -> frame.report().error())
			.containsExactly(tuple(List.of(id(0, 0)), true, "java.lang.IllegalStateException: no"),
					tuple(List.of(id(0, 1)), false, "java.lang.IllegalStateException: no"));
	}

	@Test
	void messageThatIsGivenUpComesAgainWhereNoTopicIsNamedForDeadLetters() {
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a");
		takeAll(consumer);
		assertThat(consumer.messages().refuse(id(0, 0), Refusal.NOT_NOW.after(Duration.ofSeconds(5)).toDeadLetter()))
			.isEqualTo(new Redelivery(Duration.ofSeconds(5), null));
		assertThat(givenBackAfter(5_000)).containsExactly(id(0, 0));
	}

	@Test
	void whatTheBrokerDeliversTheApplicationIsGivenHoweverOftenThatWas() {
		this.fixture.deadLettering = new ConsumerSettings.DeadLettering("graveyard", 2);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.redeliver(1, 3, "an administrator allows more");
		assertThat(takeAll(consumer)).hasSize(1);
	}

	@Test
	void backoffThatFailsGivesTheMessageBack() {
		this.fixture.redeliveryBackoff = (redeliveryCount) -> switch (redeliveryCount) {
			case 0 -> throw new IllegalStateException("no");
			case 1 -> throw new StackOverflowError();
			default -> null;
		};
		ConsumerCore<String> consumer = this.fixture.open();
		for (int count = 0; count < 3; count++) {
			this.fixture.redeliver(count, count, "a");
		}
		takeAll(consumer).forEach((message) -> assertThat(consumer.messages().refuse(message.id(), Refusal.NOT_NOW))
			.isEqualTo(new Redelivery(Redeliveries.DELAY_WITHOUT_BACKOFF, null)));
		assertThat(givenBackAfter(Redeliveries.DELAY_WITHOUT_BACKOFF.toMillis())).containsExactly(id(0, 0), id(1, 0),
				id(2, 0));
	}

	@Test
	void whoGivesAMessageBackIsToldWhatBecomesOfIt() {
		this.fixture.redeliveryBackoff = (redeliveryCount) -> Duration.ofSeconds(2);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b");
		takeAll(consumer);
		assertThat(consumer.messages().refuse(id(0, 0), Refusal.NOT_NOW))
			.isEqualTo(new Redelivery(Duration.ofSeconds(2), null))
			.hasToString("is delivered again in 2 s");
		assertThat(consumer.messages().refuse(id(0, 1), Refusal.NOT_NOW.after(Duration.ofMillis(-1))))
			.isEqualTo(new Redelivery(Duration.ZERO, null))
			.hasToString("is delivered again now");
		assertThat(consumer.messages().refuse(id(0, 1), Refusal.NOT_NOW)).isNull();
	}

	@Test
	void messageThatIsNotAcknowledgedInTimeIsGivenBack() {
		this.fixture.ackTimeout = Duration.ofSeconds(10);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "acknowledged", "given back", "forgotten");
		takeAll(consumer);
		this.fixture.deliver(1, "not taken");
		consumer.messages().acknowledge(id(0, 0), null);
		consumer.messages().refuse(id(0, 1), Refusal.NOT_NOW.after(Duration.ofHours(1)));
		this.world.timer().advance(Duration.ofMillis(9_999));
		assertThat(givenBackAfter(0)).isEmpty();
		this.world.timer().advance(Duration.ofSeconds(1));
		assertThat(givenBackAfter(0)).containsExactly(id(0, 2));
		this.fixture.redeliver(0, 1, "acknowledged", "given back", "forgotten");
		assertThat(values(takeAll(consumer))).contains("forgotten", "not taken");
	}

	@Test
	void cumulativeAcknowledgementIsInTimeForAllBefore() {
		this.fixture.ackTimeout = Duration.ofSeconds(10);
		this.broker.hold(Frame.AcknowledgeUpTo.class);
		ConsumerCore<String> consumer = this.fixture.open();
		this.fixture.deliver(0, "a", "b", "c");
		takeAll(consumer);
		consumer.messages().acknowledgeUpTo(id(0, 1), new CompletableFuture<>());
		this.world.timer().advance(Duration.ofSeconds(11));
		assertThat(givenBackAfter(0)).containsExactly(id(0, 2));
	}

	/** What the broker was told to deliver again after so many milliseconds. */
	private List<MessageId> givenBackAfter(long delay) {
		return this.broker.frames(Frame.NegativeAcknowledge.class)
			.stream()
			.filter((frame) -> frame.delay() == delay)
			.map(Frame.NegativeAcknowledge::ids)
			.flatMap(List::stream)
			.toList();
	}

}
