package io.weir.broker.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.Compacting.KeysPage;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.Extent;
import io.weir.broker.store.MessageIndexes;
import io.weir.message.Compression;
import io.weir.wire.BatchEncoding;
import io.weir.wire.Position;

import static org.assertj.core.api.Assertions.assertThat;

/** What a search finds of keys that are numbers. */
class KeySearchTest {

	private static final int ALL = Integer.MAX_VALUE;

	/** Each entry with what a plain map says of it. */
	@Test
	void entriesWithoutALatestMessageMustBeFoundAndNoOthers() {
		for (int seed = 0; seed < 30; seed++) {
			Random random = new Random(seed);
			List<List<Long>> log = new ArrayList<>();
			int keys = 1 + random.nextInt(5_000);
			for (int entry = 0; entry < 2_000; entry++) {
				List<Long> messages = new ArrayList<>();
				for (int message = random.nextInt(4); message >= 0; message--) {
					messages.add((long) random.nextInt(keys));
				}
				log.add(messages);
			}
			assertThat(search(log, ALL)).as("seed %d", seed).isEqualTo(superseded(log));
		}
	}

	private static Set<Long> superseded(List<List<Long>> log) {
		Map<Long, Integer> latest = new HashMap<>();
		for (int entry = 0; entry < log.size(); entry++) {
			for (long key : log.get(entry)) {
				latest.put(key, entry);
			}
		}
		Set<Long> superseded = new HashSet<>();
		for (int entry = 0; entry < log.size(); entry++) {
			superseded.add((long) entry);
		}
		latest.values().forEach((entry) -> superseded.remove((long) entry));
		return superseded;
	}

	@Test
	void messagesOfKeysThatAreTooManyMustStay() {
		List<List<Long>> log = List.of(List.of(1L), List.of(2L), List.of(3L), List.of(3L), List.of(1L), List.of(1L, 3L),
				List.of(9L));
		KeySearch search = searched(log, 2);
		assertThat(found(search)).as("3 is one too many").containsExactlyInAnyOrder(0L, 4L);
		assertThat(search.keys()).isEqualTo(2);
		assertThat(search.leftOut()).as("messages of 3 and 9").isEqualTo(4);
		assertThat(search.keptMessages()).as("of eight, without those of the two entries").isEqualTo(6);
	}

	@Test
	void messagesThatStayMustBeCountedOnceHoweverOftenTheLogIsGoneThrough() {
		KeySearch search = new KeySearch(new Position(0, 2), Position.BEFORE_FIRST, Long.MAX_VALUE, 2, 0);
		tell(search, 0, 1, false);
		tell(search, 1, 1, true);
		tell(search, 2, 2, false);
		assertThat(found(search)).containsExactly(0L);
		assertThat(search.keptMessages()).isEqualTo(2);
		assertThat(search.goesOn()).isTrue();
		search.again();
		tell(search, 1, 1, true);
		tell(search, 2, 2, false);
		tell(search, 2, 3, false);
		assertThat(found(search)).as("a tombstone that hides nothing").containsExactly(1L);
		assertThat(search.keptMessages()).isOne();
		assertThat(search.leftOut()).as("only counted the first time").isZero();
	}

	private static void tell(KeySearch search, long entry, long key, boolean tombstone) {
		begin(search, entry, 1);
		search.key(key, key, tombstone);
		search.end();
	}

	@Test
	void tombstoneMustStayIfNobodyKnowsWhatAnEntryHas() {
		KeySearch search = new KeySearch(new Position(0, 2), Position.BEFORE_FIRST, Long.MAX_VALUE, ALL, 0);
		begin(search, 0, 1);
		search.unreadable();
		search.end();
		begin(search, 1, 1);
		search.key(7, 7, true);
		search.end();
		begin(search, 2, 1);
		search.key(8, 8, false);
		search.end();
		assertThat(search.page(true).found()).isEmpty();
		assertThat(search.goesOn()).isFalse();
		assertThat(search.leavesTombstones()).isTrue();
	}

	@Test
	void whatIsGoneMustBeKnownByWhatTheOthersSay() {
		KeySearch search = new KeySearch(new Position(0, 9), Position.BEFORE_FIRST, 0, ALL, 100);
		for (Entry entry : List.of(entry(3, 1, 150), entry(4, 1, 158), entry(9, 1, 200))) {
			search.begin(entry);
			search.key(entry.position().entry(), 0, false);
			search.end();
		}
		search.page(true);
		assertThat(search.bytesGone()).isEqualTo(50 + 34);
	}

	private static Set<Long> search(List<List<Long>> log, int maxKeys) {
		return found(searched(log, maxKeys));
	}

	private static KeySearch searched(List<List<Long>> log, int maxKeys) {
		KeySearch search = new KeySearch(new Position(0, log.size() - 1), Position.BEFORE_FIRST, 0, maxKeys, 0);
		for (int entry = 0; entry < log.size(); entry++) {
			begin(search, entry, log.get(entry).size());
			for (long key : log.get(entry)) {
				// Of a hash both halves matter.
				search.key(key % 3, key / 3, false);
			}
			search.end();
		}
		return search;
	}

	private static Set<Long> found(KeySearch search) {
		KeysPage page = search.page(true);
		Set<Long> found = new HashSet<>();
		page.found().forEach((each) -> assertThat(found.add(each.position().entry())).isTrue());
		return found;
	}

	private static void begin(KeySearch search, long entry, int messages) {
		assertThat(search.begin(entry(entry, messages, 0))).isTrue();
	}

	private static Entry entry(long entry, int messages, long bytesBefore) {
		return new Entry(new Position(0, entry),
				new EntryHeader("p", 0, MessageIndexes.even(messages, 8, (i) -> 0), 1,
						new BatchEncoding(Compression.NONE, 0, 0), new Extent(0, bytesBefore)),
				Unpooled.wrappedBuffer(new byte[8]));
	}

}
