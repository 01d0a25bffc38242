package io.weir.broker.engine.schedule;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Scheduling;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.broker.store.ScheduledPosition;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** Messages that are to be delivered at a time. */
class DelayedDeliveryTest extends TopicFixture {

	private static final Peer CONSUMER = new Peer(2, 1);

	private static final long HOUR = Duration.ofHours(1).toMillis();

	private static final long DAY = Duration.ofDays(1).toMillis();

	@BeforeEach
	void open() {
		this.topic.openProducer(PRODUCER, "p");
	}

	private void consume(SubscriptionType type) {
		this.topic.subscribe(CONSUMER, "s", type, InitialPosition.EARLIEST);
		this.topic.flow(CONSUMER, 100);
	}

	private void restart() {
		this.topic.restart();
		this.topic.openProducer(PRODUCER, "p");
		consume(SubscriptionType.SHARED);
	}

	@ParameterizedTest
	@EnumSource
	void messageMustBeDeliveredOnceItIsDueAndNotBefore(SubscriptionType type) {
		consume(type);
		this.topic.delay(PRODUCER, 0, HOUR);
		this.topic.publish(PRODUCER, 1, 1);
		this.topic.setClock(HOUR - 10);
		assertThat(sequences(CONSUMER)).containsExactly(1L);
		this.topic.setClock(HOUR);
		assertThat(sequences(CONSUMER)).containsExactly(0L);
		this.topic.setClock(DAY);
		assertThat(sequences(CONSUMER)).isEmpty();
	}

	@Test
	void messagesMustBeDeliveredInTheOrderInWhichTheyAreDue() {
		consume(SubscriptionType.EXCLUSIVE);
		List.of(5L, 2L, 9L, 2L, 7L).forEach((hours) -> this.topic.delay(PRODUCER, next(), hours * HOUR));
		this.topic.setClock(8 * HOUR);
		assertThat(sequences(CONSUMER)).containsExactly(1L, 3L, 0L, 4L);
		this.topic.setClock(9 * HOUR);
		assertThat(sequences(CONSUMER)).containsExactly(2L);
	}

	private long sequence;

	private long next() {
		return this.sequence++;
	}

	@Test
	void messageThatWasDueBeforeMustBeDeliveredAtOnce() {
		consume(SubscriptionType.SHARED);
		long request = this.topic.delay(PRODUCER, 0, this.topic.now() - 1);
		assertThat(sequences(CONSUMER)).containsExactly(0L);
		assertThat(this.topic.positionOf(request)).isEqualTo(new Position(0, 0));
	}

	@Test
	void entryMustBePublishedWhenItIsDueByWhoSentIt() {
		this.topic.delay(PRODUCER, 7, HOUR);
		this.topic.setClock(2 * HOUR);
		assertThat(this.topic.stored()).singleElement().satisfies((entry) -> {
			assertThat(entry.header().producerName()).isEqualTo("p");
			assertThat(entry.header().firstSequence()).isEqualTo(7);
			assertThat(entry.header().publishTime()).isGreaterThanOrEqualTo(2 * HOUR);
		});
	}

	@Test
	void receiptMustComeOnceItIsStoredAndNotBefore() {
		this.topic.holdStorage();
		long request = this.topic.delay(PRODUCER, 0, HOUR);
		assertThat(this.topic.answer(request)).isNull();
		this.topic.releaseStorage();
		assertThat(ScheduledPosition.due(this.topic.positionOf(request))).isEqualTo(HOUR);
	}

	@Test
	void messageThatIsSentAgainMustBeRecognisedAlsoWhenItWasDelivered() {
		consume(SubscriptionType.SHARED);
		Position first = this.topic.positionOf(this.topic.delay(PRODUCER, 0, HOUR));
		assertDuplicate(this.topic.delay(PRODUCER, 0, HOUR), first);
		this.topic.setClock(HOUR);
		assertDuplicate(this.topic.delay(PRODUCER, 0, HOUR), first);
		restart();
		assertDuplicate(this.topic.delay(PRODUCER, 0, HOUR), first);
		assertThat(sequences(CONSUMER)).containsExactly(0L);
	}

	private void assertDuplicate(long request, Position position) {
		assertThat(this.topic.answer(request)).isInstanceOfSatisfying(Effect.Stored.class, (stored) -> {
			assertThat(stored.duplicate()).isTrue();
			assertThat(stored.position()).isEqualTo(position);
		});
	}

	@Test
	void restartMustLoseAndDoubleNothing() {
		this.topic.delay(PRODUCER, 0, HOUR);
		this.topic.delay(PRODUCER, 1, 2 * HOUR);
		restart();
		assertThat(sequences(CONSUMER)).isEmpty();
		this.topic.setClock(HOUR);
		assertThat(sequences(CONSUMER)).containsExactly(0L);
		this.topic.holdStorage();
		this.topic.setClock(2 * HOUR);
		restart();
		this.topic.releaseStorage();
		assertThat(sequences(CONSUMER)).containsExactly(0L, 1L);
	}

	@Test
	void aPageAtATimeMustBeHeldAndNothingBetweenTheTimes() {
		for (int i = 0; i < 2500; i++) {
			this.topic.delay(PRODUCER, i, HOUR);
		}
		this.topic.delay(PRODUCER, 2500, 2 * HOUR);
		this.topic.holdStorage();
		this.topic.setClock(HOUR);
		for (int page : new int[] { 1000, 1000, 500 }) {
			assertThat(this.topic.underWay()).singleElement().isInstanceOf(Scheduling.ReadDue.class);
			this.topic.storeNext();
			assertThat(this.topic.underWay()).hasSize(page).allMatch(Scheduling.AppendDue.class::isInstance);
			for (int i = 0; i < page; i++) {
				this.topic.storeNext();
			}
		}
		assertThat(this.topic.underWay()).isEmpty();
		assertThat(this.topic.stored()).hasSize(2500);
	}

	@Test
	void messageThatIsCancelledMustNeverComeAndOnlyOnceBeCancelled() {
		consume(SubscriptionType.SHARED);
		Position cancelled = this.topic.positionOf(this.topic.delay(PRODUCER, 0, HOUR));
		this.topic.delay(PRODUCER, 1, HOUR);
		assertDone(this.topic.cancel(PRODUCER, cancelled));
		assertRefused(this.topic.cancel(PRODUCER, cancelled), ErrorCode.NOT_FOUND, "not delayed any more");
		this.topic.setClock(HOUR);
		assertThat(sequences(CONSUMER)).containsExactly(1L);
	}

	@Test
	void messageThatWasDeliveredMustNotCountAsCancelled() {
		Position delivered = this.topic.positionOf(this.topic.delay(PRODUCER, 0, HOUR));
		this.topic.setClock(HOUR);
		assertRefused(this.topic.cancel(PRODUCER, delivered), ErrorCode.NOT_FOUND, "not delayed any more");
		assertRefused(this.topic.cancel(PRODUCER, new Position(0, 0)), ErrorCode.NOT_FOUND, "id");
		assertRefused(this.topic.cancel(new Peer(1, 9), delivered), ErrorCode.UNKNOWN_PRODUCER, "9");
	}

	@Test
	void messageMustBeEitherCancelledOrDeliveredWhicheverBeginsFirst() {
		consume(SubscriptionType.SHARED);
		Position first = this.topic.positionOf(this.topic.delay(PRODUCER, 0, HOUR));
		Position second = this.topic.positionOf(this.topic.delay(PRODUCER, 1, 2 * HOUR));
		this.topic.holdStorage();
		this.topic.setClock(HOUR);
		long late = this.topic.cancel(PRODUCER, first);
		this.topic.releaseStorage();
		assertRefused(late, ErrorCode.NOT_FOUND);
		this.topic.holdStorage();
		long early = this.topic.cancel(PRODUCER, second);
		long again = this.topic.cancel(PRODUCER, second);
		this.topic.setClock(2 * HOUR);
		this.topic.releaseStorage();
		assertDone(early);
		assertRefused(again, ErrorCode.NOT_FOUND);
		assertThat(sequences(CONSUMER)).containsExactly(0L);
	}

	@Test
	void storeThatGivesNothingNowMustBeAskedAgain() {
		consume(SubscriptionType.SHARED);
		this.topic.delay(PRODUCER, 0, HOUR);
		this.topic.holdStorage();
		this.topic.setClock(HOUR);
		this.topic.failNext(new StorageFailure(ErrorCode.STORAGE_UNAVAILABLE, "full"));
		assertThat(this.topic.underWay()).isEmpty();
		this.topic.releaseStorage();
		this.topic.advance(Duration.ofSeconds(2));
		assertThat(sequences(CONSUMER)).containsExactly(0L);
	}

	@Test
	void messagesThatCannotBeAppendedNowMustComeOnceWhenTheStoreIsBack() {
		consume(SubscriptionType.SHARED);
		this.topic.delay(PRODUCER, 0, HOUR);
		this.topic.delay(PRODUCER, 1, HOUR);
		this.topic.holdStorage();
		this.topic.setClock(HOUR);
		this.topic.storeNext();
		this.topic.failNext(new StorageFailure(ErrorCode.STORAGE_UNAVAILABLE, "full"));
		this.topic.failNext(new StorageFailure(ErrorCode.STORAGE_UNAVAILABLE, "full"));
		assertThat(this.topic.underWay()).isEmpty();
		this.topic.releaseStorage();
		this.topic.advance(Duration.ofSeconds(2));
		assertThat(sequences(CONSUMER)).containsExactly(0L, 1L);
		this.topic.setClock(DAY);
		assertThat(sequences(CONSUMER)).isEmpty();
	}

	@Test
	void cancellationThatTheStoreRefusesMustSaySoAndMayBeAskedAgain() {
		consume(SubscriptionType.SHARED);
		Position delayed = this.topic.positionOf(this.topic.delay(PRODUCER, 0, HOUR));
		this.topic.holdStorage();
		long refused = this.topic.cancel(PRODUCER, delayed);
		this.topic.failNext(new StorageFailure(ErrorCode.STORAGE_UNAVAILABLE, "full"));
		this.topic.releaseStorage();
		assertRefused(refused, ErrorCode.STORAGE_UNAVAILABLE, "full");
		assertDone(this.topic.cancel(PRODUCER, delayed));
		this.topic.setClock(HOUR);
		assertThat(sequences(CONSUMER)).isEmpty();
	}

	@Test
	void clockThatIsSetMustPutDelaysOffByNoMoreThanTheJump() {
		consume(SubscriptionType.SHARED);
		this.topic.setClock(10 * DAY);
		this.topic.delay(PRODUCER, 0, 10 * DAY + HOUR);
		this.topic.setClock(9 * DAY);
		this.topic.delay(PRODUCER, 1, 9 * DAY + HOUR);
		this.topic.setClock(9 * DAY + HOUR);
		assertThat(sequences(CONSUMER)).containsExactly(1L);
		this.topic.setClock(11 * DAY);
		assertThat(sequences(CONSUMER)).containsExactly(0L);
		this.topic.setClock(9 * DAY);
		this.topic.setClock(11 * DAY);
		assertThat(sequences(CONSUMER)).isEmpty();
	}

}
