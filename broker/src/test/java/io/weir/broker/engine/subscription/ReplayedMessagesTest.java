package io.weir.broker.engine.subscription;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.weir.broker.store.CursorChange;
import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.CursorStore.PartialEntry;
import io.weir.message.SubscriptionType;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** What was replayed is remembered, by what is stored too, and no more than needed. */
class ReplayedMessagesTest {

	private static final Position START = Position.BEFORE_FIRST.after();

	private final NavigableMap<Position, PartialEntry> stored = new TreeMap<>();

	private Position storedUpTo = Position.BEFORE_FIRST;

	private ReplayedMessages messages = load();

	private ReplayedMessages load() {
		return new ReplayedMessages(new Cursor(SubscriptionType.SHARED, this.storedUpTo, this.storedUpTo,
				new TreeMap<>(this.stored), new TreeMap<>()));
	}

	private void replay(Position first, Map<Position, PartialEntry> more) {
		CursorChange change = this.messages.change(more, first);
		this.storedUpTo = change.acknowledgedUpTo();
		this.stored.putAll(change.kept());
		this.stored.keySet().removeAll(change.forgotten());
		this.messages.stored(change);
	}

	private void replay(long entry) {
		replay(START, Map.of(new Position(0, entry), entry(1, 0)));
	}

	private static PartialEntry entry(int count, int... replayed) {
		BitSet set = new BitSet();
		for (int index : replayed) {
			set.set(index);
		}
		return new PartialEntry(count, set);
	}

	@Test
	void nothingMustStayStoredOfWhatWasReplayedFromTheBeginning() {
		for (long entry = 0; entry < 100; entry++) {
			replay(entry);
			assertThat(this.stored).hasSizeLessThanOrEqualTo(1);
		}
		assertThat(this.messages.needed(START)).isEqualTo(new Position(0, 100));
		replay(200);
		assertThat(this.storedUpTo).isEqualTo(new Position(0, 99));
		assertThat(this.stored).containsOnlyKeys(new Position(0, 200));
	}

	@Test
	void whatIsLongMustBeForgottenSomeAtATime() {
		int entries = 3 * ReplayedMessages.MAX_FORGOTTEN;
		for (long entry = 1; entry < entries; entry++) {
			replay(entry);
		}
		assertThat(this.stored).hasSize(entries - 1);
		replay(0);
		for (long later = entries + 10; later < entries + 14; later++) {
			int before = this.stored.size();
			replay(later);
			assertThat(before - this.stored.size()).isLessThanOrEqualTo(ReplayedMessages.MAX_FORGOTTEN);
		}
		assertThat(this.stored).hasSize(4);
		assertThat(this.storedUpTo).isEqualTo(new Position(0, entries - 1));
	}

	@Test
	void nothingMustStayStoredOfWhatIsGone() {
		replay(5);
		replay(START, Map.of(new Position(0, 6), entry(3, 1)));
		replay(new Position(0, 10), Map.of(new Position(0, 20), entry(1, 0)));
		assertThat(this.stored).containsOnlyKeys(new Position(0, 20));
		assertThat(this.messages.needed(new Position(0, 10))).isEqualTo(new Position(0, 10));
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5 })
	void eachMessageMustBeRememberedWhateverTheOrder(long seed) {
		Random random = new Random(seed);
		Map<Position, BitSet> expected = new HashMap<>();
		for (int step = 0; step < 1_000; step++) {
			long number = random.nextInt(60);
			int count = 1 + (int) (number % 3);
			Position position = new Position(0, number);
			int index = random.nextInt(count);
			replay(START, Map.of(position, entry(count, index)));
			expected.computeIfAbsent(position, (each) -> new BitSet()).set(index);
			if (random.nextInt(10) == 0) {
				this.messages = load();
			}
			for (long each = 0; each < 60; each++) {
				Position asked = new Position(0, each);
				assertThat(this.messages.of(asked, 1 + (int) (each % 3))).as("seed %d, entry %d", seed, each)
					.isEqualTo(expected.getOrDefault(asked, new BitSet()));
			}
		}
	}

}
