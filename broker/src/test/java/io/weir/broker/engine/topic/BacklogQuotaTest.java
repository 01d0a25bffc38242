package io.weir.broker.engine.topic;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.wire.ErrorCode;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** A topic that nobody works off. Each entry has 24 bytes. */
class BacklogQuotaTest extends TopicFixture {

	private static final Peer CONSUMER = new Peer(2, 1);

	private static final Duration PAUSE = Duration.ofMillis(200);

	@BeforeEach
	void subscribe() {
		this.topic.openProducer(PRODUCER, "p");
		this.topic.consume(CONSUMER, "s", 0);
	}

	@Test
	void batchThatIsOneTooManyMustBeRefusedAndTheProducerGoOn() {
		this.topic.setPolicies(quota(100, BacklogQuotaPolicy.REFUSE));
		publishEntries(4, 3);
		assertRefused(this.topic.publish(PRODUCER, 12, 3), ErrorCode.BACKLOG_QUOTA_EXCEEDED, "96 bytes",
				"backlog quota is 100");
		assertThat(this.topic.snapshot().space().refused()).isOne();
		assertThat(this.topic.figures().quotaRefusals()).isOne();
		assertThat(this.topic.told(Effect.ProducerClosed.class)).isEmpty();
		this.topic.flow(CONSUMER, 100);
		this.topic.acknowledgeUpTo(CONSUMER, id(1, 2));
		this.topic.advance(PAUSE);
		assertStored(this.topic.publish(PRODUCER, 12, 3), false);
		assertThat(this.topic.snapshot().space().backlogBytes()).isEqualTo(72);
	}

	@Test
	void batchThatIsStoredMustBeConfirmedThoughTheBacklogIsFull() {
		publishEntries(4, 3);
		this.topic.setPolicies(quota(50, BacklogQuotaPolicy.REFUSE));
		assertStored(this.topic.publish(PRODUCER, 9, 3), true);
	}

	@Test
	void producerThatIsBlockedMustSendAgainWhatNothingHasOvertaken() {
		this.topic.setPolicies(quota(50, BacklogQuotaPolicy.BLOCK));
		publishEntries(2, 3);
		assertRefused(this.topic.publish(PRODUCER, 6, 3), ErrorCode.OVERLOADED, "backlog quota is 50");
		assertRefused(this.topic.publish(PRODUCER, 9, 3), ErrorCode.UNKNOWN_PRODUCER);
	}

	@Test
	void oldestMustBeDroppedThoughNobodyHasAcknowledgedThem() {
		this.topic.setPolicies(quota(100, BacklogQuotaPolicy.DROP_OLDEST));
		for (int entry = 0; entry < 10; entry++) {
			assertStored(this.topic.publish(PRODUCER, 3L * entry, 3), false);
			this.topic.advance(PAUSE);
		}
		assertThat(this.topic.snapshot().space().bytes()).isBetween(48L, 100L);
		long first = this.topic.log().first().entry();
		assertThat(this.topic.snapshot().space().dropped()).isEqualTo(3 * first);
		assertThat(this.topic.figures().dropped()).isEqualTo(3 * first);
		this.topic.flow(CONSUMER, 100);
		assertThat(sequences(CONSUMER)).startsWith(3 * first).endsWith(29L).hasSize((int) (30 - 3 * first));
	}

	@Test
	void whatWasAcknowledgedMustNotCountAsDropped() {
		this.topic.setPolicies(quota(100, BacklogQuotaPolicy.DROP_OLDEST));
		publishEntries(4, 3);
		this.topic.flow(CONSUMER, 100);
		this.topic.acknowledgeUpTo(CONSUMER, id(1, 2));
		this.topic.advance(PAUSE);
		for (int entry = 4; entry < 7; entry++) {
			this.topic.publish(PRODUCER, 3 * entry, 3);
		}
		this.topic.advance(PAUSE);
		assertThat(this.topic.stored().get(0).position()).isEqualTo(new Position(0, 4));
		assertThat(this.topic.snapshot().space().dropped()).isEqualTo(6);
		assertThat(this.topic.figures().dropped()).isEqualTo(6);
	}

	@Test
	void whatEverybodyHasAcknowledgedMustNotCount() {
		this.topic.setPolicies(quota(60, BacklogQuotaPolicy.REFUSE));
		this.topic.flow(CONSUMER, 1000);
		for (int entry = 0; entry < 10; entry++) {
			assertStored(this.topic.publish(PRODUCER, 3L * entry, 3), false);
			this.topic.acknowledgeUpTo(CONSUMER, id(entry, 2));
			this.topic.advance(PAUSE);
			sequences(CONSUMER);
		}
		assertThat(this.topic.log().first()).as("nothing was trimmed").isEqualTo(new Position(0, 0));
	}

	@Test
	void whatIsKeptForSubscriptionsToComeMustCount() {
		this.topic.unsubscribe(CONSUMER);
		this.topic.setPolicies(quota(50, BacklogQuotaPolicy.REFUSE));
		publishEntries(2, 3);
		assertRefused(this.topic.publish(PRODUCER, 6, 3), ErrorCode.BACKLOG_QUOTA_EXCEEDED);
	}

	@Test
	void backlogMustCountAfterARestart() {
		publishEntries(4, 3);
		this.topic.setPolicies(quota(80, BacklogQuotaPolicy.REFUSE));
		this.topic.flow(CONSUMER, 100);
		this.topic.acknowledgeUpTo(CONSUMER, id(0, 2));
		this.topic.restart();
		this.topic.openProducer(PRODUCER, "p");
		this.topic.advance(PAUSE);
		assertRefused(this.topic.publish(PRODUCER, 12, 3), ErrorCode.BACKLOG_QUOTA_EXCEEDED, "72 bytes");
	}

	@Test
	void whatIsWithinTheQuotaMustBeTakenAndKeptWhenTheTopicOpens() {
		publishEntries(10, 3);
		this.topic.flow(CONSUMER, 1000);
		this.topic.acknowledgeUpTo(CONSUMER, id(7, 2));
		this.topic.trim(new Position(0, 8), false);
		this.topic.setPolicies(quota(50, BacklogQuotaPolicy.DROP_OLDEST));
		this.topic.restart();
		this.topic.advance(PAUSE);
		assertThat(this.topic.log().first()).isEqualTo(new Position(0, 8));
		assertThat(this.topic.snapshot().space().dropped()).isZero();
		assertThat(this.topic.figures().dropped()).isZero();
	}

	@Test
	void nothingMayBeRefusedBeforeTheBacklogIsKnownWhichMustBeAskedAgain() {
		publishEntries(10, 3);
		this.topic.flow(CONSUMER, 1000);
		this.topic.acknowledgeUpTo(CONSUMER, id(8, 2));
		this.topic.setPolicies(quota(60, BacklogQuotaPolicy.REFUSE));
		this.topic.holdStorage();
		this.topic.restart();
		while (!this.topic.underWay().isEmpty()) {
			this.topic.failNext("no");
		}
		this.topic.releaseStorage();
		this.topic.openProducer(PRODUCER, "p");
		assertStored(this.topic.publish(PRODUCER, 30, 3), false);
		this.topic.advance(Duration.ofSeconds(2));
		assertRefused(this.topic.publish(PRODUCER, 33, 3), ErrorCode.BACKLOG_QUOTA_EXCEEDED, "48 bytes");
	}

	@Test
	void searchForWhatIsDroppedMustBeRepeatedIfItFails() {
		this.topic.setPolicies(quota(100, BacklogQuotaPolicy.DROP_OLDEST));
		publishEntries(4, 3);
		this.topic.holdStorage();
		this.topic.publish(PRODUCER, 12, 3);
		this.topic.storeNext();
		this.topic.advance(PAUSE);
		assertThat(this.topic.underWay()).hasSize(1).first().isInstanceOf(Storing.FindNewest.class);
		this.topic.failNext("no files");
		this.topic.releaseStorage();
		this.topic.advance(PAUSE);
		assertThat(this.topic.log().first()).isEqualTo(new Position(0, 2));
		assertThat(this.topic.snapshot().space().dropped()).isEqualTo(6);
	}

	@Test
	void whatCouldNotBeDroppedMustNotCountWhenItIsAcknowledgedAndGoes() {
		this.topic.setPolicies(quota(100, BacklogQuotaPolicy.DROP_OLDEST));
		publishEntries(4, 3);
		this.topic.holdStorage();
		this.topic.publish(PRODUCER, 12, 3);
		this.topic.storeNext();
		this.topic.advance(PAUSE);
		this.topic.storeNext();
		assertThat(this.topic.underWay()).hasSize(1).first().isInstanceOf(Storing.Trim.class);
		this.topic.acknowledgeUpTo(CONSUMER, id(4, 2));
		this.topic.failNext("no room");
		this.topic.releaseStorage();
		this.topic.trim(new Position(0, 4), false);
		assertThat(this.topic.log().first()).isEqualTo(new Position(0, 4));
		assertThat(this.topic.snapshot().space().dropped()).isZero();
		assertThat(this.topic.figures().dropped()).isZero();
	}

	@Test
	void subscriptionThatIsMovedBackMustCountFromThere() {
		fillAndAcknowledge();
		this.topic.seek(CONSUMER, id(0));
		assertFullIn(Duration.ZERO);
	}

	@Test
	void subscriptionThatBeginsEarlyMustCountFromThere() {
		fillAndAcknowledge();
		this.topic.consume(new Peer(3, 1), "late", 0);
		assertFullIn(Duration.ZERO);
	}

	@Test
	void whatIsKeptMustCountOnceTheLastSubscriptionIsGone() {
		fillAndAcknowledge();
		this.topic.unsubscribe(CONSUMER);
		assertFullIn(Duration.ZERO);
	}

	@Test
	void changeThatComesSoonAfterALookMustBeLookedAtInTime() {
		fillAndAcknowledge();
		this.topic.consume(new Peer(3, 1), "late", 0);
		this.topic.unsubscribe(new Peer(3, 1));
		this.topic.seek(CONSUMER, id(0));
		assertFullIn(PAUSE);
	}

	@Test
	void whereNothingHappensNothingMustBeLookedUp() {
		this.topic.setPolicies(quota(100, BacklogQuotaPolicy.REFUSE));
		publishEntries(4, 3);
		for (int i = 0; i < 10; i++) {
			this.topic.advance(Duration.ofDays(1));
		}
		assertThat(this.topic.wakeAt()).isEqualTo(Long.MAX_VALUE);
	}

	private void fillAndAcknowledge() {
		this.topic.setPolicies(quota(100, BacklogQuotaPolicy.REFUSE));
		publishEntries(4, 3);
		this.topic.flow(CONSUMER, 1000);
		this.topic.acknowledgeUpTo(CONSUMER, id(3, 2));
		sequences(CONSUMER);
		this.topic.advance(PAUSE);
		assertThat(this.topic.snapshot().space().backlogBytes()).isZero();
		this.topic.advance(PAUSE);
	}

	private void assertFullIn(Duration time) {
		this.topic.advance(time);
		assertRefused(this.topic.publish(PRODUCER, 12, 3), ErrorCode.BACKLOG_QUOTA_EXCEEDED, "96 bytes");
	}

	private void assertStored(long request, boolean duplicate) {
		assertThat(this.topic.answer(request)).isInstanceOfSatisfying(Effect.Stored.class,
				(stored) -> assertThat(stored.duplicate()).isEqualTo(duplicate));
	}

	private static Policies quota(long bytes, BacklogQuotaPolicy policy) {
		return new Policies(new Policies.Retention(false, 0, 0), Policies.UNLIMITED, bytes, policy, false,
				Policies.UNLIMITED, Policies.OfSubscription.NONE, Map.of());
	}

}
