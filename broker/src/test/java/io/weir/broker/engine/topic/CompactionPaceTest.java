package io.weir.broker.engine.topic;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Compacting;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.StorageFailure;
import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;

/** When a log is gone through, and that no topic keeps others from being. */
class CompactionPaceTest extends CompactionFixture {

	private static final StorageFailure FAILURE = new StorageFailure(ErrorCode.STORAGE_UNAVAILABLE, "no files");

	@BeforeEach
	void publishSomethingToTakeOut() {
		publish("a", "1");
		publish("a", "2");
		publish("b", "1");
	}

	@Test
	void topicThatWaitsForItsTurnMustSleepMeanwhile() {
		assertThat(this.topic.compactions().tryTake(1)).as("another topic").isTrue();
		this.topic.advance(INTERVAL);
		assertThat(compaction().running()).isFalse();
		assertThat(this.topic.wakeAt()).isBetween(this.topic.now() + Compaction.TURN_MILLIS - 10,
				this.topic.now() + Compaction.TURN_MILLIS);
		this.topic.compactions().giveBack(1);
		this.topic.setClock(this.topic.wakeAt());
		compact();
		assertThat(kept()).containsExactly(1, 2);
	}

	@Test
	void whatHasFailedMustNotBeTriedAgainAtOnce() {
		beginAndFail();
		this.topic.advance(Duration.ofMillis(Compaction.RETRY_MILLIS - 1_000));
		assertThat(this.topic.underWay()).noneMatch(Compacting.class::isInstance);
		assertThat(this.topic.compactions().used()).as("others are compacted meanwhile").isZero();
		this.topic.advance(Duration.ofMillis(1_000));
		assertThat(this.topic.underWay()).anyMatch(Compacting.ReadKeys.class::isInstance);
		this.topic.releaseStorage();
	}

	@Test
	void turnMustEndWithThePolicy() {
		this.topic.holdStorage();
		this.topic.advance(INTERVAL);
		assertThat(this.topic.compactions().used()).isOne();
		this.topic.setPolicies(Policies.none());
		assertThat(this.topic.compactions().used()).isZero();
		this.topic.releaseStorage();
		assertThat(this.topic.compactions().used()).isZero();
	}

	@Test
	void turnMustEndWhenTheTopicIsClosed() {
		this.topic.holdStorage();
		this.topic.advance(INTERVAL);
		assertThat(this.topic.compactions().used()).isOne();
		this.topic.close();
		assertThat(this.topic.compactions().used()).isZero();
	}

	@Test
	void policiesThatStillCompactMustLetAPassGoOn() {
		this.topic.holdStorage();
		this.topic.advance(INTERVAL);
		this.topic.setPolicies(compaction(true, new Policies.Retention(false, 1, 1)));
		assertThat(compaction().running()).isTrue();
		this.topic.releaseStorage();
	}

	@Test
	void sizeOfTheLogMustBeThatOfWhatIsLeft() {
		long before = this.topic.snapshot().space().bytes();
		compact();
		assertThat(this.topic.snapshot().space().bytes()).isEqualTo(bytesKept()).isLessThan(before);
		assertThat(this.topic.figures().size()).isEqualTo(bytesKept());
	}

	/** As long as that is not known, nothing counts. */
	@Test
	void quotaMustHoldThoughThereIsNothingToCompact() {
		Policies policies = new Policies(new Policies.Retention(false, 0, 0), Policies.UNLIMITED, 20,
				BacklogQuotaPolicy.REFUSE, true, Policies.UNLIMITED, Policies.OfSubscription.NONE, Map.of());
		this.topic.trim(this.topic.stored().get(2).position(), true);
		this.topic.setPolicies(policies);
		this.topic.restart();
		this.topic.setPolicies(policies);
		compact();
		this.topic.openProducer(PRODUCER, "p");
		publish("c", "0123456789 0123456789");
		assertThat(this.topic.snapshot().space().refused()).isOne();
	}

	private void beginAndFail() {
		this.topic.holdStorage();
		this.topic.advance(INTERVAL);
		this.topic.failNext(FAILURE);
		assertThat(compaction().failure()).isEqualTo("no files");
	}

}
