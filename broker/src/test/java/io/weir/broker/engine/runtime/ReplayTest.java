package io.weir.broker.engine.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import io.weir.broker.deadletter.DeadLetter;
import io.weir.broker.deadletter.DeadLetterFilter;
import io.weir.broker.deadletter.DeadLetterPage;
import io.weir.broker.deadletter.Replay;
import io.weir.concurrent.Causes;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.Headers;
import io.weir.message.MessageIds;
import io.weir.message.Topic;
import io.weir.wire.ErrorCode;
import io.weir.wire.Limits;
import io.weir.wire.MessageRecord;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Dead letters go where they came from again. */
class ReplayTest extends ReplayFixture {

	@Test
	void deadLettersMustBeListedWithWhatIsKnownOfThem() {
		DeadLetterOrigin origin = new DeadLetterOrigin("orders", "billing", MessageIds.of(2, 0, 7, 0), 3, "no stock");
		dead("a", origin);
		dead("b", null);
		assertThat(list().deadLetters()).hasSize(2).first().satisfies((letter) -> {
			assertThat(letter.id()).isEqualTo(id(0));
			assertThat(letter.origin()).isEqualTo(origin);
			assertThat(letter.subscription()).isEqualTo("billing");
			assertThat(letter.key()).isEqualTo("a");
			assertThat(letter.storedAt()).hasToString("1970-01-01T00:00:00.042Z");
			assertThat(letter.replayed()).isFalse();
			assertThat(letter.replays()).isZero();
			assertThat(letter.size()).isPositive();
		});
		assertThat(list().deadLetters().get(1).origin()).isNull();
	}

	@Test
	void whatWasReplayedMustBeForgottenWithItsTopic() {
		open(ORDERS);
		dead(3);
		replayAll(false);
		await(this.replays.forget(DEAD));
		await(this.replays.forget(ORDERS));
		assertThat(await(this.replays.status(DEAD))).isEmpty();
		restart();
		assertThat(await(this.replays.all())).isEmpty();
		dead(1);
		assertThat(replayAll(false).replayed()).as("of a new topic of that name").isOne();
	}

	@Test
	void replayThatGoesOnMustEndWithItsTopic() {
		open(ORDERS);
		dead(500);
		await(this.replays.start(DEAD, null, DeadLetterFilter.all(), false));
		await(this.replays.forget(DEAD));
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(await(this.replays.all())).isEmpty());
		assertThat(replayAll(false).state()).as("nothing goes on any more").isEqualTo(Replay.State.DONE);
	}

	@Test
	void listMustComeInPages() {
		dead(150);
		DeadLetterPage first = await(this.replays.list(DEAD, DeadLetterFilter.all(), null, 100));
		assertThat(first.deadLetters()).hasSize(100);
		assertThat(first.next()).isEqualTo(id(100));
		DeadLetterPage second = await(this.replays.list(DEAD, DeadLetterFilter.all(), first.next(), 100));
		assertThat(second.deadLetters()).hasSize(50).first().extracting(DeadLetter::key).isEqualTo("m100");
		assertThat(second.next()).isNull();
		DeadLetterPage few = await(this.replays.list(DEAD, DeadLetterFilter.all().withKey("m149"), null, 100));
		assertThat(few.deadLetters()).extracting(DeadLetter::key).containsExactly("m149");
	}

	@Test
	void pageMustEndWhenFiveThousandWereLookedAtInVain() {
		dead(5_100);
		DeadLetterFilter last = DeadLetterFilter.all().withKey("m5099");
		DeadLetterPage empty = await(this.replays.list(DEAD, last, null, 100));
		assertThat(empty.deadLetters()).isEmpty();
		assertThat(empty.next()).isBetween(id(5_000), id(5_063));
		assertThat(await(this.replays.list(DEAD, last, empty.next(), 100)).deadLetters()).extracting(DeadLetter::key)
			.containsExactly("m5099");
	}

	@Test
	void allMustGoWhereTheyCameFromInTheirOrderAndCount() {
		open(ORDERS);
		dead(200);
		Replay done = replayAll(false);
		assertThat(done).satisfies((replay) -> {
			assertThat(replay.state()).isEqualTo(Replay.State.DONE);
			assertThat(replay.replayed()).isEqualTo(200);
			assertThat(replay.failed()).isZero();
		});
		assertThat(list().deadLetters()).hasSize(200).allMatch(DeadLetter::replayed);
		assertThat(this.engine.figures().replays()).isEqualTo(200);
		List<MessageRecord> stored = records(ORDERS);
		assertThat(stored).extracting(MessageRecord::key)
			.containsExactlyElementsOf(IntStream.range(0, 200).mapToObj((i) -> "m" + i).toList());
		assertThat(stored.get(7).replays()).isOne();
		assertThat(stored.get(7).headers().get(DeadLetterOrigin.REPLAYS_HEADER)).isEqualTo("1");
		assertThat(DeadLetterOrigin.of(stored.get(7).headers()))
			.isEqualTo(new DeadLetterOrigin("orders", "billing", MessageIds.of(0, 0, 7, 0), 3, "Timeout 7"));
	}

	@Test
	void whatWasReplayedMustBeReplayedAgainOnlyIfThatIsAskedFor() {
		open(ORDERS);
		dead(3);
		replay(id(1), false);
		restart();
		assertThat(list().deadLetters()).extracting(DeadLetter::replayed).containsExactly(false, true, false);
		assertThat(replayAll(false).replayed()).isEqualTo(2);
		assertThat(replayAll(false).replayed()).isZero();
		assertThat(replayAll(true).replayed()).isEqualTo(3);
		assertThat(replayAll(true).replayed()).isEqualTo(3);
		assertRefused(() -> replay(id(1), false), ErrorCode.INVALID_REQUEST, "was replayed before");
		assertThat(replay(id(1), true).replayed()).isOne();
		assertThat(stored(ORDERS)).containsExactly("m1", "m0", "m2", "m0", "m1", "m2", "m0", "m1", "m2", "m1");
	}

	@Test
	void thoseOfAFilterMustBeReplayed() {
		open(ORDERS);
		dead(12);
		dead("other", new DeadLetterOrigin("orders", "audit", id(1), 1, "no"));
		assertThat(replay(DeadLetterFilter.all().withError("TIMEOUT 1"), false).replayed()).isEqualTo(3);
		assertThat(replay(DeadLetterFilter.all().withSubscription("audit"), false).replayed()).isOne();
		assertThat(replay(DeadLetterFilter.all().withOriginTopic("bills"), false).replayed()).isZero();
		assertThat(replay(DeadLetterFilter.all().withKey("m5"), false).replayed()).isOne();
		assertThat(stored(ORDERS)).containsExactly("m1", "m10", "m11", "other", "m5");
	}

	@Test
	void messageMustGoToThePartitionThatItCameFrom() {
		Topic partition = ORDERS.partition(2);
		open(partition);
		dead("a", new DeadLetterOrigin("orders", "s", MessageIds.of(2, 0, 7, 0), 3, ""));
		replayAll(false);
		assertThat(stored(partition)).containsExactly("a");
	}

	@Test
	void messageThatCannotBeReplayedMustStayADeadLetterAndHoldUpNoOther() {
		open(ORDERS);
		dead("gone", new DeadLetterOrigin("deleted", "s", id(1), 3, ""));
		dead("from nowhere", null);
		publish(DEAD, "damaged", new DeadLetterOrigin("orders", "s", id(1), 3, "").addTo(Headers.empty())
			.with(DeadLetterOrigin.DAMAGED_HEADER, "…"));
		dead(1);
		assertThat(replayAll(false)).satisfies((replay) -> {
			assertThat(replay.state()).isEqualTo(Replay.State.DONE);
			assertThat(replay.replayed()).isOne();
			assertThat(replay.failed()).isEqualTo(3);
			assertThat(replay.failures()).hasSize(3);
			assertThat(replay.failures().get(0))
				.isEqualTo("0:0:0:0: There is no topic 'deleted' any more, where the message comes from");
			assertThat(replay.failures().get(1)).contains("does not say where it comes from");
			assertThat(replay.failures().get(2)).contains("damaged");
		});
		assertThat(list().deadLetters()).extracting(DeadLetter::replayed).containsExactly(false, false, false, true);
		assertThat(this.engine.exists(new Topic("deleted"))).isFalse();
		open(new Topic("deleted"));
		assertThat(replayAll(false).replayed()).isOne();
	}

	/** Somebody names the topic to which dead letters were replayed. */
	@Test
	void whatComesFromTheTopicInWhichItIsMustNotBeDoubledThere() {
		dead("replayed", new DeadLetterOrigin(DEAD.name(), "s", id(1), 3, ""));
		assertThat(replayAll(false).failures()).singleElement().asString().contains("comes from this very topic");
		assertThat(stored(DEAD)).containsExactly("replayed");
	}

	@Test
	void whatCannotBeMeantMustBeRefused() {
		assertRefused(() -> replayAll(false), ErrorCode.NOT_FOUND, "There is no topic 'dead'");
		assertRefused(this::list, ErrorCode.NOT_FOUND, "There is no topic 'dead'");
		dead("a", new DeadLetterOrigin("deleted", "s", id(1), 3, ""));
		assertRefused(() -> replay(id(0), false), ErrorCode.NOT_FOUND, "There is no topic 'deleted' any more");
		assertRefused(() -> replay(id(5), false), ErrorCode.NOT_FOUND, "has no message 0:0:5:0, or has it no more");
		assertRefused(() -> replay(MessageIds.unknown(), false), ErrorCode.INVALID_REQUEST, "does not say where");
		assertRefused(() -> this.replays.stop(DEAD), ErrorCode.NOT_FOUND, "No dead letters of topic dead");
		assertThat(await(this.replays.all())).isEmpty();
	}

	@Test
	void replayMustKeepItsCountThoughThereIsNoRoomForHeaders() {
		Map<String, String> many = new TreeMap<>();
		for (int i = 0; many.size() < Limits.MAX_HEADERS - 5; i++) {
			many.put("h" + i, "v");
		}
		open(ORDERS);
		publish(DEAD, "a", new DeadLetterOrigin("orders", "s", id(1), 3, "").addTo(Headers.of(many)));
		replayAll(false);
		assertThat(records(ORDERS)).singleElement().satisfies((record) -> {
			assertThat(record.replays()).isOne();
			assertThat(record.headers().get(DeadLetterOrigin.REPLAYS_HEADER)).isNull();
			assertThat(DeadLetterOrigin.of(record.headers())).isNotNull();
		});
	}

	private static void assertRefused(ThrowingCallable call, ErrorCode code, String words) {
		Throwable failure = catchThrowable(call);
		assertThat(failure).isInstanceOfAny(CompletionException.class, ProtocolException.class);
		assertThat(Causes.find(failure, ProtocolException.class)).satisfies((refused) -> {
			assertThat(refused.code()).isEqualTo(code);
			assertThat(refused).hasMessageContaining(words);
		});
	}

}
