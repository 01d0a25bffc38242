package io.weir.broker.store.rocksdb;

import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.store.Entry;
import io.weir.broker.store.StoreFixture;

import static org.assertj.core.api.Assertions.assertThat;

class TailCacheTest {

	private static final int ALL = Integer.MAX_VALUE;

	private final List<ByteBuf> given = new ArrayList<>();

	private final TailCache cache = new TailCache(100_000);

	@AfterEach
	void closeAndCheckThatEveryBufferIsReleased() {
		this.cache.close();
		assertThat(this.given).allSatisfy((buffer) -> assertThat(buffer.refCnt()).isZero());
	}

	@Test
	void readsAdjoiningEntriesOfOneTopic() {
		add(1, 5, 10);
		add(2, 6, 10);
		add(1, 6, 10);
		add(1, 8, 10);
		assertThat(read(1, 5, ALL, ALL)).containsExactly(5L, 6L);
		assertThat(read(1, 5, 1, ALL)).containsExactly(5L);
		assertThat(read(1, 5, ALL, 19)).containsExactly(5L);
		assertThat(read(1, 5, ALL, 1)).containsExactly(5L);
		assertThat(read(1, 7, ALL, ALL)).isEmpty();
		assertThat(read(3, 5, ALL, ALL)).isEmpty();
	}

	@Test
	void oldestEntriesOfAllTopicsGoFirst() {
		add(1, 0, 40_000);
		add(2, 0, 40_000);
		add(1, 1, 40_000);
		assertThat(read(1, 0, ALL, ALL)).isEmpty();
		assertThat(read(2, 0, ALL, ALL)).containsExactly(0L);
		assertThat(read(1, 1, ALL, ALL)).containsExactly(1L);
		assertThat(this.given.get(0).refCnt()).isZero();
	}

	@Test
	void manySmallEntriesTakeASixteenthOfTheMemoryAtMost() {
		int fit = 100;
		try (TailCache small = TailCache.forMemory(16 * fit * TailCache.size(small(1)))) {
			for (int i = 0; i <= fit; i++) {
				small.add(1, small(i));
			}
			assertThat(small.read(1, 0, 1, ALL)).isEmpty();
			List<Entry> kept = small.read(1, 1, ALL, ALL);
			kept.forEach(Entry::release);
			assertThat(kept).hasSize(fit);
		}
	}

	private static Entry small(int entry) {
		return new Entry(StoreFixture.at(entry), StoreFixture.header("p", entry, 1),
				Unpooled.wrappedBuffer(new byte[10]));
	}

	@Test
	void entryTooLargeIsNotKept() {
		add(1, 0, 10);
		add(1, 1, 100_001);
		assertThat(read(1, 1, ALL, ALL)).isEmpty();
	}

	@Test
	void takesNothingAfterClose() {
		this.cache.close();
		add(1, 0, 20_000);
		assertThat(read(1, 0, ALL, ALL)).isEmpty();
	}

	private void add(int topic, long entry, int size) {
		ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer().writeBytes(StoreFixture.bytes(entry, size));
		this.given.add(buffer);
		this.cache.add(topic, new Entry(StoreFixture.at(entry), StoreFixture.header("p", entry, 1), buffer));
	}

	private List<Long> read(int topic, long from, int maxEntries, int maxBytes) {
		List<Entry> entries = this.cache.read(topic, from, maxEntries, maxBytes);
		entries.forEach(Entry::release);
		return entries.stream().map((entry) -> entry.position().entry()).toList();
	}

}
