package io.weir.broker.engine.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Effect;
import io.weir.broker.engine.context.TopicTime;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

class SlowStartTest {

	private static final int PERMITS = 1_000_000;

	private static final MessageId SUSPECT = id(5);

	private final List<Effect> effects = new ArrayList<>();

	private final TopicTime time = new TopicTime(this.effects::add);

	private final ConsumerGroup group = new ConsumerGroup(SubscriptionType.SHARED, this.time);

	private final SlowStart slowStart = this.group.slowStart();

	private final SubscriptionConsumer first = TestConsumers.consumer(1, PERMITS);

	private final SubscriptionConsumer second = TestConsumers.consumer(2, PERMITS);

	private long now;

	@BeforeEach
	void join() {
		setTime(10_000);
		this.group.add(this.first);
		this.group.add(this.second);
	}

	@Test
	void deathsWithDifferentMessagesMustLimitNobody() {
		this.slowStart.died(List.of(id(1), id(2)));
		this.slowStart.died(List.of(id(3)));
		assertThat(this.slowStart.hasSuspects()).isTrue();
		assertThat(permits()).containsExactly(PERMITS, PERMITS);
		assertThat(this.time.wakeAt()).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void secondDeathWithAMessageMustLeaveOneMessageToEachConsumer() {
		die(2);
		SubscriptionConsumer third = TestConsumers.consumer(3, PERMITS);
		this.group.add(third);
		assertThat(permits()).containsExactly(1, 1, 1);
		third.delivered(1, 10);
		assertThat(permits()).containsExactly(1, 1, 0);
		assertThat(third.isAvailable()).isFalse();
	}

	@Test
	void consumerThatComesBackMustBeLimitedToo() {
		die(2);
		SubscriptionConsumer again = TestConsumers.consumer(3, PERMITS);
		this.group.replace(this.first, again);
		assertThat(permits()).containsExactly(1, 1);
		assertThat(this.group.all()).containsExactly(again, this.second);
	}

	@Test
	void decisionsMustGiveAsManyMoreToWhoeverDecides() {
		die(2);
		assertThat(this.slowStart.decided(this.first, List.of(id(7), id(8)))).isTrue();
		assertThat(permits()).containsExactly(3, 1);
		assertThat(this.slowStart.decidedUpTo(this.first, id(4))).isTrue();
		assertThat(permits()).as("nothing of what is suspected").containsExactly(3, 1);
	}

	@Test
	void decisionsBeforeAnybodyIsLimitedMustGiveNothing() {
		this.slowStart.died(List.of(SUSPECT));
		assertThat(this.slowStart.decided(this.first, List.of(id(7)))).isFalse();
		assertThat(permits()).containsExactly(PERMITS, PERMITS);
		assertThat(this.slowStart.hasSuspects()).isTrue();
	}

	@Test
	void consumersThatLiveMustGetTwiceAsManyEachTime() {
		die(2);
		assertThat(this.time.wakeAt()).isEqualTo(this.now + SlowStart.FIRST_PATIENCE);
		assertThat(tickAfter(SlowStart.FIRST_PATIENCE - 1)).isFalse();
		assertThat(permits()).containsExactly(1, 1);
		assertThat(this.time.wakeAt()).as("asked for again").isEqualTo(this.now + 1);
		for (int window : List.of(2, 4, 8)) {
			assertThat(tickAfter((window == 2) ? 1 : SlowStart.FIRST_PATIENCE)).isTrue();
			assertThat(permits()).containsExactly(window, window);
			assertThat(this.time.wakeAt()).isEqualTo(this.now + SlowStart.FIRST_PATIENCE);
		}
	}

	@Test
	void whoeverMayHaveAnyNumberMustNotBeWokenAnyMore() {
		die(2);
		for (int doubling = 0; doubling < 32; doubling++) {
			tickAfter(SlowStart.FIRST_PATIENCE);
		}
		assertThat(permits()).containsExactly(PERMITS, PERMITS);
		assertThat(this.time.wakeAt()).isEqualTo(Long.MAX_VALUE);
		assertThat(tickAfter(SlowStart.FIRST_PATIENCE)).isFalse();
	}

	@Test
	void eachDeathThatFollowsMustMakeTheWaitTwiceAsLongUpToABound() {
		die(2);
		int patience = SlowStart.FIRST_PATIENCE;
		for (int death = 3; death < 12; death++) {
			die(1);
			patience = Math.min(2 * patience, SlowStart.LONGEST_PATIENCE);
			assertThat(permits()).containsExactly(1, 1);
			assertThat(tickAfter(patience - 1)).as("death %s", death).isFalse();
			assertThat(tickAfter(1)).as("death %s", death).isTrue();
		}
		assertThat(patience).isEqualTo(SlowStart.LONGEST_PATIENCE);
	}

	@Test
	void theWaitMustBeginShortAgainWithTheNextMessageThatKills() {
		die(4);
		this.slowStart.gone(List.of(SUSPECT));
		die(2);
		assertThat(tickAfter(SlowStart.FIRST_PATIENCE)).isTrue();
		assertThat(permits()).containsExactly(2, 2);
	}

	@Test
	void allMustGetEverythingOnceTheLastSuspectIsDecided() {
		this.slowStart.died(List.of(id(4), SUSPECT));
		this.slowStart.died(List.of(id(4), SUSPECT));
		this.slowStart.gone(List.of(id(4)));
		assertThat(permits()).containsExactly(1, 1);
		assertThat(this.slowStart.decidedUpTo(this.first, SUSPECT)).isTrue();
		assertThat(this.slowStart.hasSuspects()).isFalse();
		assertThat(permits()).containsExactly(PERMITS, PERMITS);
		assertThat(this.time.wakeAt()).as("whoever is blocked does not know").isEqualTo(this.now);
		assertThat(tickAfter(0)).isTrue();
		assertThat(tickAfter(0)).as("told once").isFalse();
		assertThat(this.slowStart.decided(this.first, List.of(id(9)))).isFalse();
	}

	@Test
	void whatStandsBeforeAMessageThatIsGoneMustNotBeSuspectedAnyMore() {
		die(2);
		this.slowStart.goneBefore(SUSPECT);
		assertThat(this.slowStart.hasSuspects()).isTrue();
		this.slowStart.goneBefore(id(6));
		assertThat(this.slowStart.hasSuspects()).isFalse();
		assertThat(permits()).containsExactly(PERMITS, PERMITS);
	}

	@Test
	void subscriptionThatIsMovedMustForgetItsSuspects() {
		die(2);
		this.slowStart.reset();
		assertThat(permits()).containsExactly(PERMITS, PERMITS);
		assertThat(tickAfter(0)).isTrue();
		die(1);
		assertThat(permits()).as("one death").containsExactly(PERMITS, PERMITS);
	}

	private void die(int times) {
		IntStream.range(0, times).forEach((i) -> this.slowStart.died(List.of(SUSPECT)));
	}

	private List<Integer> permits() {
		return this.group.all().stream().map(SubscriptionConsumer::permits).toList();
	}

	private boolean tickAfter(long millis) {
		setTime(this.now + millis);
		this.time.ticked();
		return this.slowStart.tick();
	}

	private void setTime(long now) {
		this.now = now;
		this.time.set(now, now);
	}

	private static MessageId id(long entry) {
		return new Position(0, entry).message(0);
	}

}
