package io.weir.broker.engine.topic;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Command;
import io.weir.broker.engine.Compacting;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;

/** What compaction takes out of a log, and what it leaves. */
class CompactionTest extends CompactionFixture {

	@Test
	void latestMessageOfEachKeyMustStay() {
		publish("a", "1");
		publish("b", "1");
		publish("a", "2");
		publish("c", "1");
		publish("b", "2");
		assertThat(kept()).as("not at once").containsExactly(0, 1, 2, 3, 4);
		compact();
		assertThat(kept()).containsExactly(2, 3, 4);
		assertThat(this.topic.figures().compacted()).isEqualTo(2);
		assertThat(compaction()).satisfies((compaction) -> {
			assertThat(compaction.passes()).isOne();
			assertThat(compaction.running()).isFalse();
			assertThat(compaction.messages()).isEqualTo(2);
			assertThat(compaction.keys()).isEqualTo(3);
			assertThat(compaction.passedAt()).isNotNull();
			assertThat(compaction.failure()).isNull();
		});
	}

	@Test
	void batchMustStayAsLongAsOneOfItsMessagesIsTheLatest() {
		publish("a", "1", "b", "1");
		publish("a", "2");
		publish("z", "1");
		compact();
		assertThat(kept()).containsExactly(0, 1, 2);
		publish("b", "2");
		this.topic.advance(DAY);
		compact();
		assertThat(kept()).containsExactly(1, 2, 3);
	}

	@Test
	void topicWithoutThePolicyMustKeepEverything() {
		this.topic.setPolicies(Policies.none());
		publish("a", "1");
		publish("a", "2");
		publish("a", "3");
		compact();
		this.topic.advance(DAY);
		compact();
		assertThat(kept()).containsExactly(0, 1, 2);
		assertThat(this.topic.snapshot().space().compaction()).isNull();
	}

	@Test
	void whatADurableSubscriptionHasNotAcknowledgedMustStay() {
		this.topic.consume(FIRST, "s", 100);
		publish("a", "1");
		publish("a", "2");
		publish("a", "3");
		publish("a", "4");
		compact();
		assertThat(kept()).containsExactly(0, 1, 2, 3);
		this.topic.acknowledgeUpTo(FIRST, id(1, 0));
		compact();
		assertThat(kept()).as("what was found before goes without another search").containsExactly(2, 3);
		assertThat(compaction().passes()).isOne();
		this.topic.acknowledge(FIRST, List.of(id(3, 0)));
		compact();
		assertThat(kept()).as("a hole").containsExactly(2, 3);
	}

	@Test
	void subscriptionThatComesOrGoesBackWhileItGoesOnMustMissNothingThatIsThere() {
		publish("a", "1");
		publish("a", "2");
		publish("a", "3");
		this.topic.holdStorage();
		this.topic.advance(INTERVAL);
		assertThat(this.topic.underWay()).singleElement().isInstanceOf(Compacting.ReadKeys.class);
		this.topic.consume(FIRST, "s", 100);
		this.topic.releaseStorage();
		compact();
		assertThat(kept()).containsExactly(0, 1, 2);
		assertThat(this.topic.peek(FIRST)).hasSize(3);
	}

	@Test
	void whatRetentionKeepsMustStayUntilItIsOld() {
		this.topic.setPolicies(compaction(true, new Policies.Retention(true, 3_600_000, Policies.UNLIMITED)));
		publish("a", "1");
		publish("a", "2");
		publish("b", "1");
		compact();
		assertThat(kept()).containsExactly(0, 1, 2);
		this.topic.advance(Duration.ofHours(1));
		compact();
		compact();
		assertThat(kept()).as("and the latest stay however old").containsExactly(1, 2);
	}

	@Test
	void messagesWithoutAKeyMustStayAsLongAsOnOtherTopics() {
		publish(null, "1");
		publish("a", "1");
		publish(null, "2", "a", "2");
		publish("b", "1");
		compact();
		assertThat(kept()).as("nobody has subscribed").containsExactly(0, 2, 3);
		this.topic.consume(FIRST, "s", 100);
		this.topic.acknowledgeUpTo(FIRST, id(3, 0));
		publish("c", "1");
		this.topic.advance(DAY);
		compact();
		assertThat(kept()).containsExactly(2, 3, 4);
	}

	@Test
	void tombstoneMustGoWithItsKeyWhenItIsADayOld() {
		publish("a", "1");
		publish("a", null);
		publish("b", "1");
		compact();
		assertThat(kept()).containsExactly(1, 2);
		this.topic.advance(DAY.minusHours(1));
		compact();
		assertThat(kept()).as("whoever reads is to hear of it").containsExactly(1, 2);
		this.topic.advance(DAY);
		compact();
		assertThat(kept()).containsExactly(2);
		this.topic.advance(DAY.multipliedBy(10));
		compact();
		assertThat(compaction().passes()).as("there is nothing more to look for").isEqualTo(2);
	}

	@Test
	void tombstoneMustStayAsLongAsThereIsSomethingThatItHides() {
		publish("a", "1", "b", "1");
		publish("a", null);
		publish("z", "1");
		for (int day = 0; day < 3; day++) {
			this.topic.advance(DAY);
			compact();
			assertThat(kept()).containsExactly(0, 1, 2);
		}
		publish("b", "2");
		this.topic.advance(DAY);
		compact();
		assertThat(kept()).containsExactly(2, 3);
	}

	@Test
	void keyThatCameBackAfterItsTombstoneMustStay() {
		publish("a", "1");
		publish("a", null);
		publish("a", "2");
		publish("z", "1");
		this.topic.advance(DAY.multipliedBy(2));
		compact();
		assertThat(kept()).containsExactly(2, 3);
	}

	@Test
	void lastEntryMustStayWhateverItIs() {
		publish("a", "1");
		publish("a", null);
		for (int day = 0; day < 3; day++) {
			this.topic.advance(DAY);
			compact();
		}
		assertThat(kept()).containsExactly(1);
	}

	@Test
	void whatWasNotTakenOutBeforeACrashMustGoAfterIt() {
		publish("a", "1");
		publish("a", "2");
		publish("a", "3");
		this.topic.holdStorage();
		this.topic.advance(INTERVAL);
		this.topic.storeNext();
		this.topic.advance(PAUSE);
		this.topic.restart();
		this.topic.releaseStorage();
		assertThat(kept()).containsExactly(0, 1, 2);
		compact();
		assertThat(kept()).containsExactly(2);
		long bytes = this.topic.snapshot().space().bytes();
		assertThat(bytes).isEqualTo(this.topic.figures().size()).isEqualTo(bytesKept());
		this.topic.restart();
		compact();
		assertThat(kept()).containsExactly(2);
		assertThat(this.topic.snapshot().space().bytes()).as("what is gone is known again").isEqualTo(bytes);
	}

	@Test
	void whatFailsMustBeTriedAgain() {
		publish("a", "1");
		publish("a", "2");
		publish("b", "1");
		this.topic.holdStorage();
		this.topic.advance(INTERVAL);
		this.topic.failNext(new StorageFailure(ErrorCode.STORAGE_UNAVAILABLE, "no files"));
		assertThat(compaction().failure()).isEqualTo("no files");
		this.topic.advance(Duration.ofMillis(Compaction.RETRY_MILLIS));
		this.topic.storeNext();
		assertThat(this.topic.underWay()).singleElement().isInstanceOf(Compacting.RemoveSuperseded.class);
		this.topic.failNext(new StorageFailure(ErrorCode.STORAGE_UNAVAILABLE, "no room"));
		assertThat(kept()).containsExactly(0, 1, 2);
		this.topic.releaseStorage();
		this.topic.advance(Duration.ofMillis(Compaction.RETRY_MILLIS));
		compact();
		assertThat(kept()).containsExactly(1, 2);
		assertThat(compaction().failure()).isNull();
	}

	@Test
	void policyThatIsTakenBackMustEndIt() {
		publish("a", "1");
		publish("a", "2");
		publish("b", "1");
		this.topic.holdStorage();
		this.topic.advance(INTERVAL);
		this.topic.setPolicies(Policies.none());
		this.topic.releaseStorage();
		compact();
		assertThat(kept()).containsExactly(0, 1, 2);
		this.topic.setPolicies(compaction(true, new Policies.Retention(false, 0, 0)));
		compact();
		assertThat(kept()).containsExactly(1, 2);
	}

	@Test
	void messageThatIsDelayedMustComeThoughThereAreLaterOnes() {
		this.topic.delay(PRODUCER, this.sequence++, this.topic.now() + DAY.toMillis() * 3);
		publish("a", "1");
		publish("a", "2");
		compact();
		this.topic.advance(DAY.multipliedBy(3));
		assertThat(kept()).contains(2);
	}

	@Test
	void logMustBeGoneThroughAgainWhenItHasDoubled() {
		publish("a", "1");
		publish("b", "1");
		compact();
		for (int i = 0; i < Compaction.MIN_MESSAGES - 1; i++) {
			publish("a", "x");
		}
		compact();
		assertThat(compaction().passes()).isOne();
		publish("a", "y");
		compact();
		assertThat(compaction().passes()).isEqualTo(2);
		assertThat(kept()).containsExactly(1, (int) Compaction.MIN_MESSAGES + 1);
	}

	@Test
	void topicMustWaitForItsTurn() {
		publish("a", "1");
		publish("a", "2");
		publish("b", "1");
		assertThat(this.topic.compactions().tryTake(1)).as("another topic").isTrue();
		compact();
		assertThat(kept()).containsExactly(0, 1, 2);
		assertThat(compaction().running()).isFalse();
		this.topic.compactions().giveBack(1);
		this.topic.advance(Duration.ofMillis(Compaction.TURN_MILLIS));
		compact();
		assertThat(kept()).containsExactly(1, 2);
		assertThat(this.topic.compactions().used()).isZero();
	}

	/** Else no topic of the broker would be compacted any more. */
	@Test
	void turnMustEndWithTheLogWhoeverHasTaken() {
		publish("a", "1");
		publish("a", "2");
		this.topic.holdStorage();
		this.topic.advance(INTERVAL);
		assertThat(this.topic.compactions().used()).isOne();
		this.topic.handle(new Command.LogLost(new StorageFailure(ErrorCode.STORAGE_UNAVAILABLE, "a newer owner")));
		assertThat(this.topic.compactions().used()).isZero();
		this.topic.advance(DAY);
		assertThat(this.topic.compactions().used()).as("nothing begins on a log that is lost").isZero();
		this.topic.releaseStorage();
	}

	/** Else a topic that is written for long enough would take no more. */
	@Test
	void whatIsGoneMustNotCountForTheBacklogQuota() {
		this.topic.setPolicies(new Policies(new Policies.Retention(false, 0, 0), Policies.UNLIMITED, 500,
				BacklogQuotaPolicy.REFUSE, true, Policies.UNLIMITED, Policies.OfSubscription.NONE, Map.of()));
		for (int day = 0; day < 20; day++) {
			for (int i = 0; i < 5; i++) {
				publish("a", "0123456789");
			}
			compact();
			this.topic.advance(DAY);
			compact();
		}
		assertThat(this.topic.snapshot().space().refused()).isZero();
		this.topic.restart();
		this.topic.openProducer(PRODUCER, "p");
		publish("a", "after the restart, when nobody knows");
		assertThat(this.topic.snapshot().space().refused()).isZero();
		compact();
		for (int i = 0; i < 50; i++) {
			publish("b", "0123456789");
		}
		assertThat(this.topic.snapshot().space().refused()).as("there is a quota all the same").isPositive();
	}

}
