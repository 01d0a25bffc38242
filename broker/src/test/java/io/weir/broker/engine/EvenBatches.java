package io.weir.broker.engine;

import java.util.function.Function;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import io.weir.broker.store.Entry;

/** Batches of tests, whose messages are equally long. */
final class EvenBatches implements BatchFormat {

	private final Function<Entry, int[]> keys;

	EvenBatches(Function<Entry, int[]> keys) {
		this.keys = keys;
	}

	@Override
	public int[] keyHashes(Entry entry) {
		return this.keys.apply(entry);
	}

	@Override
	public int @Nullable [] messageEnds(Entry entry) {
		int count = entry.header().count();
		int length = entry.batch().readableBytes() / count;
		return entry.header().encoding().isCompressed() ? null
				: IntStream.rangeClosed(1, count).map((n) -> n * length).toArray();
	}

}
