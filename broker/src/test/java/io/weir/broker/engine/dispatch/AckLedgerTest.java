package io.weir.broker.engine.dispatch;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import io.weir.broker.store.CursorChange;
import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.CursorStore.PartialEntry;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.MessageIndexes;
import io.weir.broker.store.RedeliveryCounts;
import io.weir.message.Compression;
import io.weir.message.SubscriptionType;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Limits;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a subscription goes on with after a restart. In the log are entries of four
 * messages. Everything is acknowledged up to entry 2, and up to entry 8 but for two
 * holes: message 1 of entry 4, and messages 0 and 3 of entry 6. Beyond that, message 2 of
 * entry 9 is.
 */
class AckLedgerTest {

	private static final int MESSAGES = 4;

	private static final Position LAST_STORED = at(20);

	private final AckLedger ledger = ledger(at(0));

	@Test
	void holesMustCountAsNotAcknowledgedAndWhatLiesBeyondThemAsAcknowledged() {
		assertThat(this.ledger.unacknowledged()).isEqualTo(3);
		assertThat(this.ledger.unreadAcknowledged()).isOne();
		assertThat(this.ledger.acknowledgedUpTo()).isEqualTo(at(3));
		assertThat(this.ledger.nextToRead()).isEqualTo(at(4));
	}

	@Test
	void entryThatIsReadMustCountOnce() {
		PendingEntry hole = this.ledger.read(entry(4));
		assertThat(hole.waiting()).isEqualTo(bits(1));
		assertThat(this.ledger.read(entry(5))).as("acknowledged by an earlier life").isNull();
		assertThat(this.ledger.read(entry(6)).waiting()).isEqualTo(bits(0, 3));
		assertThat(this.ledger.unacknowledged()).isEqualTo(3);
		assertThat(this.ledger.nextToRead()).isEqualTo(at(9));
		assertThat(this.ledger.read(entry(9)).waiting()).isEqualTo(bits(0, 1, 3));
		assertThat(this.ledger.unacknowledged()).isEqualTo(6);
		assertThat(this.ledger.unreadAcknowledged()).isZero();
	}

	@Test
	void entriesThatAreGoneWhenTheNextIsReadMustNeitherCountNorStayStored() {
		this.ledger.read(entry(10));
		assertThat(this.ledger.unacknowledged()).isEqualTo(MESSAGES);
		assertThat(this.ledger.unreadAcknowledged()).isZero();
		assertThat(this.ledger.nextToRead()).isEqualTo(at(11));
		assertThat(this.ledger.takeChanges().forgotten()).containsExactlyInAnyOrder(at(4), at(6), at(9));
	}

	@Test
	void whatIsPassedOverMustNeitherCountNorStayStored() {
		this.ledger.read(entry(4));
		this.ledger.passOver(at(9));
		assertThat(this.ledger.unacknowledged()).isZero();
		assertThat(this.ledger.unreadAcknowledged()).isZero();
		assertThat(this.ledger.pending()).isEmpty();
		CursorChange change = this.ledger.takeChanges();
		assertThat(change.acknowledgedUpTo()).isEqualTo(at(9));
		assertThat(change.forgotten()).containsExactlyInAnyOrder(at(4), at(6), at(9));
		assertThat(this.ledger.highestUnreadCount(LAST_STORED)).isZero();
	}

	@Test
	void whatIsPassedOverUpToAnEntryMustLeaveTheRest() {
		this.ledger.passOver(at(5));
		assertThat(this.ledger.unacknowledged()).isEqualTo(2);
		assertThat(this.ledger.unreadAcknowledged()).isOne();
		assertThat(this.ledger.nextToRead()).isEqualTo(at(6));
		assertThat(this.ledger.takeChanges().forgotten()).containsExactly(at(4));
		assertThat(this.ledger.highestUnreadCount(LAST_STORED)).isEqualTo(7);
	}

	@Test
	void whatWasTrimmedSinceItWasStoredMustBeForgotten() {
		AckLedger trimmed = ledger(at(6));
		assertThat(trimmed.unacknowledged()).isEqualTo(2);
		assertThat(trimmed.nextToRead()).isEqualTo(at(6));
		assertThat(trimmed.takeChanges().forgotten()).containsExactly(at(4));
	}

	@Test
	void messageOfAHoleMayBeAcknowledgedBeforeItIsRead() {
		acknowledge(6, 3);
		assertThat(this.ledger.unacknowledged()).isEqualTo(2);
		acknowledge(6, 3);
		assertThat(this.ledger.unacknowledged()).as("acknowledged twice").isEqualTo(2);
		assertThat(this.ledger.takeChanges().kept()).containsExactly(Map.entry(at(6), partial(MESSAGES, 1, 2, 3)));
		this.ledger.changes().stored();
		acknowledge(6, 0);
		assertThat(this.ledger.unacknowledged()).isOne();
		assertThat(this.ledger.takeChanges().forgotten()).containsExactly(at(6));
		this.ledger.read(entry(4));
		assertThat(this.ledger.nextToRead()).as("the hole is none any more").isEqualTo(at(9));
	}

	@Test
	void messageBeyondTheHolesMayBeAcknowledgedBeforeItIsRead() {
		acknowledge(9, 0);
		acknowledge(9, 2);
		acknowledge(12, 1);
		assertThat(this.ledger.unacknowledged()).isEqualTo(3);
		assertThat(this.ledger.unreadAcknowledged()).isEqualTo(3);
		assertThat(this.ledger.takeChanges().kept()).containsOnly(Map.entry(at(9), partial(0, 0, 2)),
				Map.entry(at(12), partial(0, 1)));
	}

	@Test
	void whatThereIsNotMustNotBeAcknowledged() {
		acknowledge(1, 0);
		acknowledge(5, 0);
		acknowledge(6, 1);
		acknowledge(6, MESSAGES);
		acknowledge(9, Limits.MAX_BATCH_MESSAGES);
		acknowledge(21, 0);
		assertThat(this.ledger.unacknowledged()).isEqualTo(3);
		assertThat(this.ledger.unreadAcknowledged()).isOne();
		assertThat(this.ledger.changes().isEmpty()).isTrue();
	}

	@Test
	void entryThatProvesToBeAcknowledgedWhenItIsReadMustBeForgotten() {
		IntStream.range(0, MESSAGES).forEach((index) -> acknowledge(9, index));
		this.ledger.takeChanges();
		this.ledger.changes().stored();
		this.ledger.read(entry(4));
		this.ledger.read(entry(6));
		assertThat(this.ledger.read(entry(9))).isNull();
		assertThat(this.ledger.unreadAcknowledged()).isZero();
		assertThat(this.ledger.takeChanges().forgotten()).containsExactly(at(9));
	}

	@Test
	void countsOfAnEntryThatIsAcknowledgedMustBeForgottenThoughEarlierOnesAreNot() {
		this.ledger.read(entry(4));
		PendingEntry counted = this.ledger.read(entry(6));
		assertThat(this.ledger.isCounted(counted)).isTrue();
		assertThat(this.ledger.isCounted(this.ledger.find(at(4)))).isFalse();
		assertThat(counted.redeliveries(3)).isEqualTo(7);
		acknowledge(6, 0);
		acknowledge(6, 3);
		assertThat(this.ledger.takeChanges().redeliveries()).containsExactly(Map.entry(at(6), RedeliveryCounts.NONE));
	}

	@Test
	void countsMustBeForgottenOfWhatIsPassedOverOnly() {
		this.ledger.read(entry(4));
		PendingEntry counted = this.ledger.read(entry(6));
		counted.move(3, PendingEntry.Place.DEAD, 7);
		this.ledger.acknowledgeUpTo(at(7).message(0), LAST_STORED);
		assertThat(this.ledger.isCounted(counted)).as("one message is to be a dead letter").isTrue();
		assertThat(this.ledger.unacknowledged()).isOne();
		this.ledger.passOver(at(6));
		assertThat(this.ledger.isCounted(counted)).isFalse();
		assertThat(this.ledger.unacknowledged()).isZero();
	}

	@Test
	void oldestMessageMustBeThatWhichAConsumerHas() {
		PendingEntry waiting = this.ledger.read(entry(4));
		PendingEntry delivered = this.ledger.read(entry(6));
		assertThat(this.ledger.oldestDelivered()).isNull();
		delivered.deliver(bits(0), TestConsumers.consumer(1, 10), PendingEntry.NEVER);
		assertThat(this.ledger.oldestDelivered()).isEqualTo(delivered.publishTime());
		waiting.deliver(bits(1), TestConsumers.consumer(1, 10), PendingEntry.NEVER);
		assertThat(this.ledger.oldestDelivered()).isEqualTo(waiting.publishTime());
	}

	@Test
	void entryMustBeToBeReadThatIsNextOrOfWhichSomethingWaits() {
		assertThat(this.ledger.isToBeRead(at(4))).isTrue();
		assertThat(this.ledger.isToBeRead(at(6))).isFalse();
		PendingEntry read = this.ledger.read(entry(4));
		assertThat(this.ledger.isToBeRead(at(6))).isTrue();
		assertThat(this.ledger.isToBeRead(at(4))).isTrue();
		read.deliver(bits(1), TestConsumers.consumer(1, 10), PendingEntry.NEVER);
		assertThat(this.ledger.isToBeRead(at(4))).isFalse();
	}

	private void acknowledge(long entry, int index) {
		this.ledger.acknowledge(at(entry).message(index), LAST_STORED);
	}

	private static AckLedger ledger(Position first) {
		Cursor cursor = new Cursor(SubscriptionType.SHARED, at(2), at(8),
				new TreeMap<>(Map.of(at(4), partial(MESSAGES, 0, 2, 3), at(6), partial(MESSAGES, 1, 2), at(9),
						partial(0, 2))),
				new TreeMap<>(Map.of(at(6), RedeliveryCounts.of(MESSAGES, (index) -> (index == 3) ? 7 : 0))));
		return new AckLedger(cursor, first);
	}

	private static PartialEntry partial(int messages, int... acknowledged) {
		return new PartialEntry(messages, bits(acknowledged));
	}

	private static BitSet bits(int... indexes) {
		return IntStream.of(indexes).collect(BitSet::new, BitSet::set, BitSet::or);
	}

	private static Entry entry(long entry) {
		return new Entry(at(entry), new EntryHeader("p", MESSAGES * entry, MessageIndexes.even(MESSAGES, Long.BYTES),
				1_000 + entry, new BatchEncoding(Compression.NONE, 0, 0)), Unpooled.EMPTY_BUFFER);
	}

	private static Position at(long entry) {
		return new Position(0, entry);
	}

}
