package io.weir.broker.engine.topic;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** Giving up the beginning of a log. */
class TrimTest extends TopicFixture {

	private static final Peer FIRST = new Peer(2, 1);

	private static final Peer SECOND = new Peer(3, 1);

	@BeforeEach
	void publishFourEntriesOfThree() {
		this.topic.openProducer(PRODUCER, "p");
		publishEntries(4, 3);
	}

	@Test
	void whatDurableSubscriptionsHaveNotAcknowledgedMustBeKept() {
		this.topic.consume(FIRST, "behind", 100);
		this.topic.consume(SECOND, "ahead", 100);
		sequences(FIRST);
		sequences(SECOND);
		this.topic.acknowledgeUpTo(FIRST, id(1, 1));
		this.topic.acknowledgeUpTo(SECOND, id(3, 2));
		assertTrimmed(this.topic.trim(at(3), false), at(1));
		assertThat(this.topic.subscription("behind").backlog()).isEqualTo(7);
		this.topic.restart();
		this.topic.consume(FIRST, "behind", 100);
		assertThat(sequences(FIRST)).containsExactly(5L, 6L, 7L, 8L, 9L, 10L, 11L);
	}

	@Test
	void whoHasAcknowledgedEverythingMustKeepNothingButTheLastEntry() {
		this.topic.consume(FIRST, "s", 100);
		sequences(FIRST);
		this.topic.acknowledgeUpTo(FIRST, id(3, 2));
		assertTrimmed(this.topic.trim(at(77), false), at(3));
		this.topic.publish(PRODUCER, 12, 1);
		assertThat(sequences(FIRST)).containsExactly(12L);
	}

	@Test
	void readerMustKeepNothingAndGoOnAtTheFirstEntryThatIsLeft() {
		this.topic.read(FIRST, "r");
		assertTrimmed(this.topic.trim(at(2), false), at(2));
		assertThat(this.topic.subscription("r").backlog()).isEqualTo(6);
		this.topic.flow(FIRST, 100);
		assertThat(sequences(FIRST)).containsExactly(6L, 7L, 8L, 9L, 10L, 11L);
	}

	@Test
	void subscriptionThatIsBehindMustGoOnAtTheFirstEntryThatIsLeft() {
		this.topic.consume(FIRST, "s", 1);
		this.topic.acknowledge(FIRST, id(3, 1));
		assertThat(sequences(FIRST)).containsExactly(0L);
		assertTrimmed(this.topic.trim(at(2), true), at(2));
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(5);
		assertThat(this.topic.figures().backlog()).isEqualTo(5);
		assertThat(this.topic.subscription("s").inFlight()).isZero();
		this.topic.flow(FIRST, 100);
		assertThat(sequences(FIRST)).containsExactly(6L, 7L, 8L, 9L, 11L);
		this.topic.restart();
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(5);
		this.topic.consume(FIRST, "s", 100);
		assertThat(sequences(FIRST)).containsExactly(6L, 7L, 8L, 9L, 11L);
	}

	@ParameterizedTest
	@EnumSource
	void whatConsumersHaveOfItMayBeAcknowledgedAndMustNotComeAgain(SubscriptionType type) {
		this.topic.subscribe(FIRST, "s", type, InitialPosition.EARLIEST);
		this.topic.flow(FIRST, 6);
		assertThat(sequences(FIRST)).hasSize(6);
		assertTrimmed(this.topic.trim(at(1), true), at(1));
		assertThat(this.topic.subscription("s").inFlight()).isEqualTo(3);
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(9);
		this.topic.negativeAcknowledge(FIRST, id(0, 1));
		assertThat(this.topic.answer(this.topic.acknowledge(FIRST, id(0, 0)))).isInstanceOf(Effect.Done.class);
		this.topic.endSession(FIRST.session());
		this.topic.subscribe(SECOND, "s", type, InitialPosition.EARLIEST);
		this.topic.flow(SECOND, 100);
		assertThat(sequences(SECOND)).containsExactlyInAnyOrder(3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
	}

	@Test
	void keyOfAMessageThatIsGoneMustBeFree() {
		this.topic.publish(PRODUCER, 12, 1);
		this.topic.shareByKey(FIRST, "s", 3);
		assertThat(sequences(FIRST)).containsExactly(0L, 1L, 2L);
		this.topic.shareByKey(SECOND, "s", 100);
		assertThat(sequences(SECOND)).doesNotContain(10L, 11L, 12L);
		this.topic.trim(at(1), true);
		this.topic.endSession(FIRST.session());
		assertThat(sequences(SECOND)).contains(10L, 11L, 12L).doesNotContain(0L, 1L, 2L);
	}

	@Test
	void whatIsReadMeanwhileMustNotLookLikeDamageAndBeCountedRight() {
		this.topic.subscribe(FIRST, "s", SubscriptionType.SHARED, InitialPosition.EARLIEST);
		this.topic.holdStorage();
		this.topic.flow(FIRST, 1);
		this.topic.trim(at(2), true);
		this.topic.log().trim(at(2));
		this.topic.storeNext();
		this.topic.releaseStorage();
		assertThat(this.topic.told(Effect.ConsumerClosed.class)).isEmpty();
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(6);
		this.topic.flow(FIRST, 100);
		assertThat(sequences(FIRST)).containsExactly(6L, 7L, 8L, 9L, 10L, 11L);
	}

	@Test
	void entryThatIsReadAgainMeanwhileMustNotLookLikeDamage() {
		this.topic.share(FIRST, "s", 3);
		sequences(FIRST);
		this.topic.endSession(FIRST.session());
		this.topic.subscribe(SECOND, "s", SubscriptionType.SHARED, InitialPosition.EARLIEST);
		this.topic.holdStorage();
		this.topic.flow(SECOND, 100);
		this.topic.trim(at(1), true);
		this.topic.log().trim(at(1));
		this.topic.releaseStorage();
		assertThat(this.topic.told(Effect.ConsumerClosed.class)).isEmpty();
		assertThat(sequences(SECOND)).containsExactly(3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(9);
	}

	@Test
	void placeThatIsLookedUpMeanwhileMustNotCount() {
		this.topic.holdStorage();
		this.topic.subscribe(FIRST, "s", SubscriptionType.SHARED, InitialPosition.EARLIEST);
		this.topic.storeNext();
		Storing count = this.topic.underWay().remove();
		assertThat(count).isInstanceOf(Storing.FindOrdinal.class);
		this.topic.trim(at(2), true);
		this.topic.storeNext();
		this.topic.underWay().add(count);
		this.topic.releaseStorage();
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(6);
	}

	@Test
	void newSubscriptionMustBeginAtTheFirstEntryThatIsLeft() {
		this.topic.trim(at(3), false);
		this.topic.consume(FIRST, "s", 100);
		assertThat(sequences(FIRST)).containsExactly(9L, 10L, 11L);
		this.topic.restart();
		this.topic.read(SECOND, "r");
		assertThat(this.topic.subscription("r").backlog()).isEqualTo(3);
	}

	@Test
	void placeThatIsGoneMustMeanTheFirstEntryThatIsLeft() {
		this.topic.trim(at(2), false);
		this.topic.consume(FIRST, "s", 0);
		this.topic.seek(FIRST, id(1, 2));
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(6);
		this.topic.flow(FIRST, 100);
		assertThat(sequences(FIRST)).startsWith(6L);
		this.topic.seek(FIRST, 0);
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(6);
		this.topic.flow(FIRST, 100);
		assertThat(sequences(FIRST)).startsWith(6L);
	}

	@Test
	void placeThatGoesWhileASubscriptionIsMovedThereMustMeanTheFirstThatIsLeft() {
		this.topic.consume(FIRST, "s", 100);
		sequences(FIRST);
		this.topic.acknowledgeUpTo(FIRST, id(3, 2));
		this.topic.holdStorage();
		long kept = this.topic.trim(at(1), false);
		this.topic.seek(FIRST, id(0, 1));
		long stillKept = this.topic.trim(at(2), false);
		long given = this.topic.trim(at(3), true);
		this.topic.releaseStorage();
		assertTrimmed(kept, at(1));
		assertTrimmed(stillKept, at(1));
		assertTrimmed(given, at(3));
		this.topic.flow(FIRST, 100);
		assertThat(sequences(FIRST)).containsExactly(9L, 10L, 11L);
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(3);
	}

	@Test
	void logThatCannotBeTrimmedMustStayAndTheNextRequestBeCarriedOut() {
		this.topic.consume(FIRST, "s", 0);
		this.topic.holdStorage();
		long failed = this.topic.trim(at(2), true);
		long next = this.topic.trim(at(1), true);
		assertThat(this.topic.underWay()).as("one at a time").hasSize(1);
		this.topic.failNext("disk full");
		assertThat(this.topic.answer(failed)).isInstanceOfSatisfying(Effect.Refused.class,
				(refused) -> assertThat(refused.reason()).isEqualTo("disk full"));
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(12);
		this.topic.releaseStorage();
		assertTrimmed(next, at(1));
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(9);
	}

	@Test
	void requestsThatWaitMustBeRefusedWhenTheLogIsLost() {
		this.topic.holdStorage();
		long underWay = this.topic.trim(at(1), true);
		long waiting = this.topic.trim(at(2), true);
		this.topic.handle(new Command.LogLost(new StorageFailure(ErrorCode.STORAGE_UNAVAILABLE, "gone")));
		assertRefused(waiting, ErrorCode.STORAGE_UNAVAILABLE);
		this.topic.releaseStorage();
		assertTrimmed(underWay, at(1));
	}

	private void assertTrimmed(long request, Position first) {
		assertThat(this.topic.answer(request)).isInstanceOfSatisfying(Effect.Trimmed.class,
				(trimmed) -> assertThat(trimmed.first()).isEqualTo(first));
		assertThat(this.topic.log().first()).isGreaterThanOrEqualTo(first);
	}

	private static Position at(long entry) {
		return new Position(0, entry);
	}

}
