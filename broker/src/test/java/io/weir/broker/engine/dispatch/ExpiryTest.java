package io.weir.broker.engine.dispatch;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.SubscriptionChange;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.message.InitialPosition;
import io.weir.message.SubscriptionType;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;

/** Messages that are not delivered any more after a time. */
class ExpiryTest extends TopicFixture {

	private static final Peer CONSUMER = new Peer(2, 1);

	private static final Duration HOUR = Duration.ofHours(1);

	@BeforeEach
	void open() {
		this.topic.openProducer(PRODUCER, "p");
	}

	private void subscribe(SubscriptionType type) {
		this.topic.subscribe(CONSUMER, "s", type, InitialPosition.EARLIEST);
	}

	private void timeToLive(Duration time) {
		Policies none = Policies.none();
		this.topic
			.setPolicies(new Policies(none.retention(), time.toMillis(), Policies.UNLIMITED, BacklogQuotaPolicy.REFUSE,
					false, Policies.UNLIMITED, Policies.OfSubscription.NONE, none.subscriptions()));
	}

	private long expired() {
		return this.topic.subscription("s").expired();
	}

	@ParameterizedTest
	@EnumSource
	void messageMustNotBeDeliveredOnceItHasExpired(SubscriptionType type) {
		subscribe(type);
		long now = this.topic.now();
		this.topic.expiring(PRODUCER, 0, now + 1_000, Long.MAX_VALUE, now + 2_000, now + 10_000);
		this.topic.publish(PRODUCER, 4, 1);
		this.topic.advance(Duration.ofSeconds(5));
		this.topic.flow(CONSUMER, 100);
		assertThat(sequences(CONSUMER)).containsExactlyInAnyOrder(1L, 3L, 4L);
		assertThat(expired()).isEqualTo(2);
		assertThat(this.topic.figures().expired()).isEqualTo(2);
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(3);
	}

	@Test
	void messageThatExpiresWhileItWaitsForPermitsMustNotBeDelivered() {
		subscribe(SubscriptionType.EXCLUSIVE);
		long now = this.topic.now();
		this.topic.expiring(PRODUCER, 0, Long.MAX_VALUE, now + 60_000, Long.MAX_VALUE);
		this.topic.flow(CONSUMER, 1);
		assertThat(sequences(CONSUMER)).containsExactly(0L);
		this.topic.advance(HOUR);
		this.topic.flow(CONSUMER, 5);
		assertThat(sequences(CONSUMER)).containsExactly(2L);
	}

	@Test
	void messageThatHasExpiredMustStaySoAfterARestart() {
		subscribe(SubscriptionType.SHARED);
		long now = this.topic.now();
		this.topic.expiring(PRODUCER, 0, now + 1_000, now + 1_000);
		this.topic.advance(HOUR);
		this.topic.flow(CONSUMER, 5);
		assertThat(sequences(CONSUMER)).isEmpty();
		this.topic.restart();
		this.topic.jump(HOUR.negated());
		subscribe(SubscriptionType.SHARED);
		this.topic.flow(CONSUMER, 5);
		assertThat(sequences(CONSUMER)).isEmpty();
		assertThat(this.topic.subscription("s").backlog()).isZero();
	}

	@Test
	void whatIsTooOldMustExpireAlsoWithoutAConsumer() {
		subscribe(SubscriptionType.SHARED);
		this.topic.endSession(CONSUMER.session());
		timeToLive(HOUR);
		publishEntries(10, 2);
		this.topic.advance(Duration.ofMinutes(30));
		publishAgain(20, 5);
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(25);
		this.topic.advance(Duration.ofMinutes(34));
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(5);
		assertThat(expired()).isEqualTo(20);
		this.topic.advance(HOUR);
		assertThat(this.topic.subscription("s").backlog()).isZero();
		assertThat(expired()).isEqualTo(25);
		this.topic.restart();
		subscribe(SubscriptionType.SHARED);
		this.topic.flow(CONSUMER, 5);
		assertThat(sequences(CONSUMER)).isEmpty();
	}

	private void publishAgain(long first, int count) {
		for (int i = 0; i < count; i++) {
			this.topic.publish(PRODUCER, first + i, 1);
		}
	}

	@Test
	void whatIsTooOldMustExpireAfterARestartThoughNothingHappens() {
		subscribe(SubscriptionType.SHARED);
		this.topic.endSession(CONSUMER.session());
		publishEntries(3, 1);
		timeToLive(HOUR);
		this.topic.holdStorage();
		this.topic.advance(HOUR.multipliedBy(2));
		this.topic.restart();
		this.topic.releaseStorage();
		assertThat(this.topic.subscription("s").backlog()).isZero();
		assertThat(expired()).isEqualTo(3);
	}

	@Test
	void whatIsTooOldMustExpireAfterAMoveThoughNothingHappens() {
		subscribe(SubscriptionType.SHARED);
		publishEntries(3, 1);
		this.topic.flow(CONSUMER, 100);
		this.topic.acknowledge(CONSUMER, id(0), id(1), id(2));
		sequences(CONSUMER);
		this.topic.endSession(CONSUMER.session());
		timeToLive(HOUR);
		this.topic.advance(HOUR.multipliedBy(2));
		this.topic.change("s", new SubscriptionChange.MoveToMessage(id(2)));
		assertThat(this.topic.subscription("s").backlog()).isZero();
		assertThat(expired()).as("the last entry was kept though it was acknowledged").isOne();
	}

	@Test
	void whatAConsumerHasMustBeItsToAcknowledge() {
		subscribe(SubscriptionType.SHARED);
		timeToLive(HOUR);
		publishEntries(3, 1);
		this.topic.flow(CONSUMER, 1);
		assertThat(sequences(CONSUMER)).containsExactly(0L);
		this.topic.advance(HOUR.multipliedBy(2));
		assertThat(this.topic.subscription("s").backlog()).isOne();
		assertThat(expired()).isEqualTo(2);
		assertDone(this.topic.acknowledge(CONSUMER, id(0)));
		assertThat(this.topic.subscription("s").backlog()).isZero();
		assertThat(expired()).isEqualTo(2);
	}

	@Test
	void whatNobodyReadsMustBeLookedForByItself() {
		subscribe(SubscriptionType.SHARED);
		this.topic.endSession(CONSUMER.session());
		publishEntries(3, 1);
		timeToLive(HOUR);
		long published = this.topic.now();
		while (expired() == 0) {
			long wakeAt = this.topic.wakeAt();
			assertThat(wakeAt).as("when the topic wants to be woken")
				.isBetween(this.topic.now(), this.topic.now() + Duration.ofMinutes(1).toMillis());
			this.topic.setClock(wakeAt);
		}
		assertThat(expired()).isEqualTo(3);
		assertThat(this.topic.now() - published).isBetween(HOUR.toMillis() - 1_000, HOUR.plusMinutes(2).toMillis());
	}

	@Test
	void searchThatFailsMustBeTriedAgain() {
		subscribe(SubscriptionType.SHARED);
		this.topic.endSession(CONSUMER.session());
		publishEntries(3, 1);
		timeToLive(HOUR);
		this.topic.holdStorage();
		this.topic.advance(HOUR.multipliedBy(2));
		assertThat(List.copyOf(this.topic.underWay())).hasOnlyElementsOfType(Storing.FindExpired.class);
		this.topic.failNext(new StorageFailure(ErrorCode.STORAGE_UNAVAILABLE, "no"));
		this.topic.releaseStorage();
		this.topic.advance(Duration.ofMinutes(5));
		assertThat(expired()).isEqualTo(3);
	}

	/** Entry 0 is a hole, message 2 of entry 3 acknowledged before that is read. */
	@Test
	void onlyWhatIsNotAcknowledgedMustCountAsExpiredAfterARestart() {
		subscribe(SubscriptionType.SHARED);
		publishEntries(4, 2);
		this.topic.flow(CONSUMER, 100);
		sequences(CONSUMER);
		this.topic.acknowledge(CONSUMER, id(1, 0), id(1, 1));
		this.topic.restart();
		subscribe(SubscriptionType.SHARED);
		this.topic.acknowledge(CONSUMER, id(0, 1), id(3, 0));
		this.topic.endSession(CONSUMER.session());
		timeToLive(HOUR);
		this.topic.advance(HOUR.plusMinutes(5));
		assertThat(expired()).isEqualTo(4);
		assertThat(this.topic.subscription("s").backlog()).isZero();
	}

	@Test
	void bytesOfWhatHasExpiredMustBeLetGo() {
		subscribe(SubscriptionType.EXCLUSIVE);
		this.topic.expiring(PRODUCER, 0, Long.MAX_VALUE, this.topic.now() + 60_000);
		this.topic.flow(CONSUMER, 1);
		assertThat(sequences(CONSUMER)).containsExactly(0L);
		assertThat(this.topic.bytesHeld()).as("of the message that waits").isPositive();
		this.topic.advance(HOUR);
		this.topic.flow(CONSUMER, 1);
		assertThat(this.topic.bytesHeld()).isZero();
	}

	@Test
	void whatIsTooOldMustExpireAtOnceWhenThatIsSaid() {
		subscribe(SubscriptionType.SHARED);
		this.topic.endSession(CONSUMER.session());
		publishEntries(3, 1);
		this.topic.jump(HOUR.multipliedBy(2));
		assertThat(expired()).isZero();
		timeToLive(HOUR);
		assertThat(expired()).isEqualTo(3);
	}

	/** Entries 0 and 2 are holes, and only the first of them is too old. */
	@Test
	void holesThatAreYoungMustNotCountAsExpired() {
		subscribe(SubscriptionType.SHARED);
		publishEntries(2, 2);
		this.topic.advance(Duration.ofMinutes(30));
		this.topic.publish(PRODUCER, 4, 2);
		this.topic.publish(PRODUCER, 6, 2);
		this.topic.flow(CONSUMER, 100);
		sequences(CONSUMER);
		this.topic.acknowledge(CONSUMER, id(1, 0), id(1, 1), id(3, 0), id(3, 1));
		this.topic.restart();
		timeToLive(HOUR);
		this.topic.advance(Duration.ofMinutes(35));
		assertThat(expired()).isEqualTo(2);
		assertThat(this.topic.subscription("s").backlog()).isEqualTo(2);
	}

}
