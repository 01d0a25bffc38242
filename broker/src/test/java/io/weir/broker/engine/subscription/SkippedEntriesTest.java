package io.weir.broker.engine.subscription;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.RemoveDamaged;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.SubscriptionChange;
import io.weir.broker.engine.runtime.TopicHarness;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of subscriptions that come to a damaged entry. */
class SkippedEntriesTest {

	private static final Peer PRODUCER = new Peer(1, 1);

	private static final Peer CONSUMER = new Peer(2, 1);

	/** The number of the request. */
	private static final long SKIP = 1_000_000;

	private static final Peer ADMINISTRATOR = new Peer(99, 0);

	private static final StorageFailure DAMAGED = new StorageFailure(ErrorCode.TOPIC_DAMAGED, "Entry 0:1 is damaged");

	private final TopicHarness topic = new TopicHarness();

	@BeforeEach
	void publish() {
		this.topic.openProducer(PRODUCER, "p");
		for (int batch = 0; batch < 3; batch++) {
			this.topic.publish(PRODUCER, 3L * batch, 3);
		}
	}

	@AfterEach
	void checkThatEveryBufferIsReleased() {
		assertThat(this.topic.close()).isZero();
	}

	@Test
	void subscriptionStopsAtADamagedEntryAndGoesOnWhenThatIsSkipped() {
		stopBehindTheFirstEntry();
		assertThat(this.topic.told(Effect.ConsumerClosed.class)).singleElement()
			.satisfies((closed) -> assertThat(closed.code()).isEqualTo(ErrorCode.ENTRY_DAMAGED))
			.satisfies((closed) -> assertThat(closed.reason()).isEqualTo(DAMAGED.reason()));
		assertThat(ErrorCode.ENTRY_DAMAGED.retryable()).isTrue();
		assertThat(this.topic.subscription("s").stopped()).isEqualTo(DAMAGED.reason());
		assertRefused(subscribe());
		skip(1, 3);
		assertThat(this.topic.subscription("s").stopped()).isNull();
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(3);
		this.topic.consume(CONSUMER, "s", 100);
		assertThat(sequences()).containsExactly(6L, 7L, 8L);
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(3);
		this.topic.acknowledge(CONSUMER, List.of(id(2, 0), id(2, 1), id(2, 2)));
		assertThat(this.topic.subscription("s").backlog()).isZero();
		assertThat(this.topic.figures().backlog()).isZero();
		this.topic.restart();
		assertThat(this.topic.subscription("s").backlog()).isZero();
	}

	/**
	 * The next one to be read is acknowledged, but the subscription has not passed it.
	 */
	@Test
	void skippedMessagesAreNoBacklogAfterARestartEither() {
		stopBehindTheFirstEntry();
		skip(1, 3);
		this.topic.restart();
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(3);
		this.topic.consume(CONSUMER, "s", 100);
		assertThat(sequences()).containsExactly(6L, 7L, 8L);
	}

	@Test
	void subscriptionsThatAreBehindOrHaveReadTheEntryAlreadyAreNotGivenItAgain() {
		this.topic.subscribe(new Peer(3, 1), "behind", SubscriptionType.SHARED, InitialPosition.EARLIEST);
		this.topic.consume(CONSUMER, "s", 100);
		assertThat(sequences()).hasSize(9);
		skip(1, 3);
		assertThat(this.topic.subscription("behind").backlog()).isEqualTo(6);
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(6);
		this.topic.acknowledge(CONSUMER, id(1, 0));
		assertThat(this.topic.subscription("s").backlog()).as("acknowledged late").isEqualTo(6);
		this.topic.closeConsumer(CONSUMER);
		this.topic.consume(CONSUMER, "s", 100);
		assertThat(sequences()).containsExactly(0L, 1L, 2L, 6L, 7L, 8L);
		this.topic.flow(new Peer(3, 1), 100);
		assertThat(this.topic.deliveries(new Peer(3, 1))).hasSize(6);
		assertThat(this.topic.subscription("behind").backlog()).isEqualTo(6);
	}

	@Test
	void subscriptionThatIsMovedElsewhereIsNotStoppedAnyMore() {
		stopBehindTheFirstEntry();
		this.topic.change("s", new SubscriptionChange.MoveToMessage(id(2, 1)));
		assertThat(this.topic.subscription("s").stopped()).isNull();
		this.topic.consume(CONSUMER, "s", 100);
		assertThat(sequences()).containsExactly(7L, 8L);
	}

	/** It is known to be skipped before it is known that it could not be read. */
	@Test
	void whoAsksMustBeToldThatAnEntryCannotBeSkippedAndNobodyMayPassIt() {
		subscribe();
		this.topic.acknowledgeUpTo(CONSUMER, id(0, 2));
		this.topic.holdStorage();
		askToSkip(1);
		this.topic.failNext("no room");
		assertThat(this.topic.answer(SKIP)).isInstanceOfSatisfying(Effect.Refused.class,
				(refused) -> assertThat(refused.reason()).isEqualTo("no room"));
		this.topic.log().remove(Set.of(at(1), at(2)));
		this.topic.releaseStorage();
		this.topic.flow(CONSUMER, 100);
		assertThat(this.topic.told(Effect.ConsumerClosed.class)).as("it looks like damage").hasSize(1);
	}

	@Test
	void readThatFailsLateStopsNobodyAtWhatIsSkippedAlready() {
		subscribe();
		this.topic.acknowledgeUpTo(CONSUMER, id(0, 2));
		this.topic.holdStorage();
		this.topic.flow(CONSUMER, 100);
		Storing.Read late = (Storing.Read) this.topic.underWay().remove();
		skip(1, 3);
		this.topic.handle(late.failed(DAMAGED));
		assertThat(this.topic.subscription("s").stopped()).isNull();
		assertThat(this.topic.told(Effect.ConsumerClosed.class)).singleElement()
			.satisfies((closed) -> assertThat(closed.code()).isEqualTo(ErrorCode.ENTRY_DAMAGED));
		this.topic.consume(CONSUMER, "s", 100);
		assertThat(sequences()).containsExactly(6L, 7L, 8L);
	}

	private void stopBehindTheFirstEntry() {
		this.topic.subscribe(CONSUMER, "s", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST);
		this.topic.acknowledgeUpTo(CONSUMER, id(0, 2));
		this.topic.holdStorage();
		this.topic.flow(CONSUMER, 100);
		assertThat(this.topic.underWay().peek()).isInstanceOf(Storing.Read.class);
		this.topic.failNext(DAMAGED);
		this.topic.releaseStorage();
	}

	private void assertRefused(long request) {
		assertThat(this.topic.answer(request)).isInstanceOfSatisfying(Effect.Refused.class,
				(refused) -> assertThat(refused.code()).isEqualTo(ErrorCode.ENTRY_DAMAGED));
	}

	private long subscribe() {
		return this.topic.subscribe(CONSUMER, "s", SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST);
	}

	/** As a store does in which the entry is damaged. */
	private void skip(long entry, int messages) {
		this.topic.holdStorage();
		askToSkip(entry);
		RemoveDamaged asked = (RemoveDamaged) this.topic.underWay().remove();
		this.topic.log().remove(Set.of(at(entry)));
		this.topic.handle(asked.done(Map.of(at(entry), messages)));
		this.topic.releaseStorage();
		assertThat(this.topic.answer(SKIP)).isInstanceOfSatisfying(Effect.Skipped.class,
				(skipped) -> assertThat(skipped.entries()).containsExactly(at(entry)));
	}

	private void askToSkip(long entry) {
		this.topic.handle(new Command.SkipDamaged(new ReplyTo(ADMINISTRATOR.session(), SKIP), at(entry), at(entry)));
	}

	private List<Long> sequences() {
		return this.topic.deliveries(CONSUMER).stream().map(TopicHarness.Delivery::sequence).toList();
	}

	private static Position at(long entry) {
		return new Position(0, entry);
	}

	private static MessageId id(long entry, int index) {
		return at(entry).message(index);
	}

}
