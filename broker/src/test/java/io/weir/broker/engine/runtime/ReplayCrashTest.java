package io.weir.broker.engine.runtime;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.broker.deadletter.DeadLetterFilter;
import io.weir.broker.deadletter.Replay;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A broker dies before each of the writes that a replay needs, and after it: each message
 * is published once.
 */
class ReplayCrashTest {

	private static final int MESSAGES = 4;

	/** More than a replay of so few needs. */
	private static final int MANY_WRITES = 200;

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void messagesMustBeReplayedOnceWhereverTheBrokerDies(boolean lastOneIsDone) {
		int writes = 0;
		while (diesIn(writes, lastOneIsDone, false)) {
			assertThat(++writes).isLessThan(MANY_WRITES);
		}
		assertThat(writes).as("writes of a whole replay").isGreaterThan(3 * MESSAGES);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void messagesMustBeReplayedAgainOnceWhereverTheBrokerDies(boolean lastOneIsDone) {
		int writes = 0;
		while (diesIn(writes, lastOneIsDone, true)) {
			assertThat(++writes).isLessThan(MANY_WRITES);
		}
		assertThat(writes).as("writes of a whole replay").isGreaterThan(3 * MESSAGES);
	}

	/** Whether a replay was interrupted after so many writes. */
	private boolean diesIn(int writes, boolean lastOneIsDone, boolean again) {
		Life life = new Life();
		try {
			life.open(ReplayFixture.ORDERS);
			life.dead(MESSAGES);
			if (again) {
				life.replayAll(false);
			}
			life.stop();
			DyingStore dying = new DyingStore(life.memory, writes, lastOneIsDone);
			life.startOn(dying.engine());
			life.replays.start(ReplayFixture.DEAD, null, DeadLetterFilter.all(), again);
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> dying.isDead() || life.hasEnded(again));
			boolean died = dying.isDead();
			life.restart();
			life.completeIn(again);
			assertThat(life.stored(ReplayFixture.ORDERS)).as("after %d writes", writes)
				.containsExactlyInAnyOrderElementsOf(IntStream.range(0, again ? 2 * MESSAGES : MESSAGES)
					.mapToObj((i) -> "m" + i % MESSAGES)
					.toList());
			return died;
		}
		finally {
			life.close();
		}
	}

	/** From a start to the next. */
	private static final class Life extends ReplayFixture {

		/** As far as can be told while it may be dead. */
		boolean hasEnded(boolean again) {
			return this.replays.status(DEAD)
				.toCompletableFuture()
				.getNow(Optional.empty())
				.filter((status) -> status.again() == again && status.state() == Replay.State.DONE)
				.isPresent();
		}

		/** If it was not stored what was asked for, it is asked for now. */
		void completeIn(boolean again) {
			boolean asked = await(this.replays.status(DEAD)).filter((status) -> status.again() == again).isPresent();
			if (asked) {
				assertThat(awaitEnd().state()).isEqualTo(Replay.State.DONE);
			}
			else {
				assertThat(replayAll(again).state()).isEqualTo(Replay.State.DONE);
			}
			assertThat(list().deadLetters()).allMatch((letter) -> letter.replayed());
		}

	}

}
