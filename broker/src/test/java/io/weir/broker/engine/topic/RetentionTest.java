package io.weir.broker.engine.topic;

import java.time.Duration;
import java.util.BitSet;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.NoteReplayed;
import io.weir.broker.engine.Peer;
import io.weir.broker.engine.Policies;
import io.weir.broker.engine.ReplyTo;
import io.weir.broker.engine.Storing;
import io.weir.broker.engine.runtime.TopicFixture;
import io.weir.broker.policy.BacklogQuotaPolicy;
import io.weir.broker.store.CursorStore.PartialEntry;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** What goes by itself, when and how far. Each entry has 24 bytes. */
class RetentionTest extends TopicFixture {

	private static final Peer FIRST = new Peer(2, 1);

	private static final Peer SECOND = new Peer(3, 1);

	private static final Duration INTERVAL = Duration.ofMillis(Retention.INTERVAL_MILLIS);

	@BeforeEach
	void publishFourEntriesOfThree() {
		this.topic.openProducer(PRODUCER, "p");
		publishEntries(4, 3);
	}

	@Test
	void whatAllDurableSubscriptionsHaveAcknowledgedMustGoInTime() {
		this.topic.consume(FIRST, "behind", 100);
		this.topic.consume(SECOND, "ahead", 100);
		assertThat(this.topic.snapshot().space().bytes()).isEqualTo(96);
		this.topic.acknowledgeUpTo(SECOND, id(3, 2));
		this.topic.advance(INTERVAL);
		assertThat(first()).as("one has not acknowledged it").isZero();
		this.topic.acknowledgeUpTo(FIRST, id(1, 2));
		this.topic.advance(INTERVAL);
		assertThat(first()).isEqualTo(2);
		assertThat(this.topic.snapshot().space().bytes()).isEqualTo(48);
		assertThat(this.topic.figures().size()).isEqualTo(48);
		this.topic.restart();
		assertThat(this.topic.snapshot().space().bytes()).isEqualTo(48);
	}

	@Test
	void whatNobodyHasSubscribedToMustBeKept() {
		this.topic.read(FIRST, "reader");
		this.topic.advance(INTERVAL);
		assertThat(first()).isZero();
		this.topic.setPolicies(retention(0, 0));
		this.topic.advance(INTERVAL);
		assertThat(first()).as("unless somebody says for how long").isEqualTo(3);
	}

	@Test
	void whatWasReplayedMustGoWhereNobodyHasSubscribed() {
		replayed(0, 3);
		replayed(1, 2);
		this.topic.advance(INTERVAL);
		assertThat(first()).as("of the second one a message was not").isEqualTo(1);
		replayed(2, 3);
		replayed(1, 3);
		this.topic.restart();
		replayed(3, 1);
		this.topic.advance(INTERVAL);
		assertThat(first()).isEqualTo(3);
	}

	@Test
	void whatWasReplayedMustStayForThoseWhoHaveNotAcknowledgedIt() {
		this.topic.consume(FIRST, "s", 100);
		replayed(0, 3);
		this.topic.advance(INTERVAL);
		assertThat(first()).isZero();
		this.topic.acknowledgeUpTo(FIRST, id(2, 2));
		this.topic.advance(INTERVAL);
		assertThat(first()).as("whether or not it was replayed").isEqualTo(3);
	}

	private void replayed(long entry, int messages) {
		BitSet replayed = new BitSet();
		replayed.set(0, messages);
		this.topic.handle(
				new NoteReplayed(new ReplyTo(99, 1), Map.of(new Position(0, entry), new PartialEntry(3, replayed))));
		assertDone(1);
	}

	@Test
	void deletedSubscriptionMustNotKeepAnything() {
		this.topic.consume(FIRST, "s", 100);
		this.topic.consume(SECOND, "behind", 100);
		this.topic.acknowledgeUpTo(FIRST, id(3, 2));
		this.topic.advance(INTERVAL);
		assertThat(first()).isZero();
		this.topic.unsubscribe(SECOND);
		this.topic.advance(INTERVAL);
		assertThat(first()).isEqualTo(3);
	}

	@Test
	void whatIsYoungMustBeKeptThoughItIsAcknowledged() {
		this.topic.setPolicies(retention(3_600_000, Policies.UNLIMITED));
		this.topic.consume(FIRST, "s", 100);
		this.topic.acknowledgeUpTo(FIRST, id(3, 2));
		this.topic.advance(INTERVAL);
		assertThat(first()).isZero();
		this.topic.advance(Duration.ofMinutes(50));
		this.topic.publish(PRODUCER, 12, 3);
		this.topic.acknowledgeUpTo(FIRST, id(4, 2));
		this.topic.advance(Duration.ofMinutes(11));
		assertThat(first()).as("also without anything happening").isEqualTo(4);
	}

	@Test
	void newestBytesMustBeKeptThoughTheyAreAcknowledged() {
		this.topic.setPolicies(retention(Policies.UNLIMITED, 50));
		this.topic.consume(FIRST, "s", 100);
		this.topic.acknowledgeUpTo(FIRST, id(3, 2));
		this.topic.advance(INTERVAL);
		assertThat(first()).isEqualTo(2);
	}

	@Test
	void whateverExceedsEitherMustGo() {
		this.topic.setPolicies(retention(3_600_000, 50));
		this.topic.consume(FIRST, "s", 100);
		this.topic.acknowledgeUpTo(FIRST, id(3, 2));
		this.topic.advance(INTERVAL);
		assertThat(first()).isEqualTo(2);
		this.topic.advance(Duration.ofHours(2));
		assertThat(first()).as("the last entry is kept in any case").isEqualTo(3);
	}

	@Test
	void nothingThatIsNotAcknowledgedMayGoHoweverOldItIs() {
		this.topic.setPolicies(retention(1, 1));
		this.topic.consume(FIRST, "s", 100);
		this.topic.acknowledgeUpTo(FIRST, id(0, 2));
		this.topic.advance(Duration.ofDays(1));
		assertThat(first()).isEqualTo(1);
	}

	@Test
	void whatCouldNotBeGivenUpMustBeTriedAgain() {
		this.topic.consume(FIRST, "s", 100);
		this.topic.acknowledgeUpTo(FIRST, id(3, 2));
		this.topic.holdStorage();
		this.topic.advance(INTERVAL);
		assertThat(this.topic.underWay()).hasSize(1).first().isInstanceOf(Storing.Trim.class);
		this.topic.failNext("no room");
		this.topic.releaseStorage();
		assertThat(first()).isZero();
		this.topic.advance(INTERVAL);
		assertThat(first()).isEqualTo(3);
	}

	@Test
	void searchThatFailsMustBeTriedAgain() {
		this.topic.setPolicies(retention(1000, Policies.UNLIMITED));
		this.topic.consume(FIRST, "s", 100);
		this.topic.acknowledgeUpTo(FIRST, id(3, 2));
		this.topic.holdStorage();
		this.topic.advance(INTERVAL);
		assertThat(this.topic.underWay()).hasSize(1).first().isInstanceOf(Storing.FindNewest.class);
		this.topic.failNext("no files");
		this.topic.releaseStorage();
		assertThat(first()).isZero();
		this.topic.advance(INTERVAL);
		assertThat(first()).isEqualTo(3);
	}

	@Test
	void whereMuchComesItMustBeLookedForSooner() {
		String large = "x".repeat((int) Retention.MANY_BYTES / 4);
		this.topic.consume(FIRST, "s", 0);
		this.topic.acknowledgeUpTo(FIRST, id(3, 2));
		for (int entry = 4; entry < 8; entry++) {
			this.topic.publishKeyed(PRODUCER, 8 + entry, null, large);
			this.topic.acknowledgeUpTo(FIRST, id(entry));
			assertThat(first()).isZero();
		}
		this.topic.advance(Duration.ofSeconds(1));
		assertThat(first()).isEqualTo(7);
	}

	@Test
	void whatGrowsOldMustBeLookedForSeldom() {
		this.topic.setPolicies(retention(Duration.ofHours(2).toMillis(), Policies.UNLIMITED));
		this.topic.consume(FIRST, "s", 100);
		sequences(FIRST);
		this.topic.acknowledgeUpTo(FIRST, id(3, 2));
		this.topic.advance(Duration.ofMinutes(1));
		assertThat(this.topic.wakeAt()).isBetween(this.topic.now() + Duration.ofMinutes(9).toMillis(),
				this.topic.now() + Duration.ofMinutes(10).toMillis());
	}

	@Test
	void whereNothingHappensNothingMustBeLookedFor() {
		this.topic.advance(INTERVAL);
		this.topic.holdStorage();
		this.topic.advance(Duration.ofDays(1));
		assertThat(this.topic.underWay()).isEmpty();
		assertThat(this.topic.wakeAt()).isEqualTo(Long.MAX_VALUE);
	}

	private long first() {
		Position first = this.topic.log().first();
		return first.entry();
	}

	private static Policies retention(long time, long bytes) {
		return new Policies(new Policies.Retention(true, time, bytes), Policies.UNLIMITED, Policies.UNLIMITED,
				BacklogQuotaPolicy.REFUSE, false, Policies.UNLIMITED, Policies.OfSubscription.NONE, Map.of());
	}

}
