package io.weir.benchmarks.holes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.weir.broker.store.CursorChange;
import io.weir.broker.store.CursorStore;
import io.weir.broker.store.CursorStore.Cursor;
import io.weir.broker.store.CursorStore.PartialEntry;
import io.weir.broker.store.Durability;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.rocksdb.RocksDbStorageEngine;
import io.weir.message.SubscriptionType;
import io.weir.message.Topic;
import io.weir.wire.Position;

/**
 * Stores a subscription with a million holes, then opens it again; fails if one is
 * missing. Prints what that takes.
 */
public final class AckHoles {

	private static final int HOLES = 1_000_000;

	/** Acknowledged together, as those are that come while a write is under way. */
	private static final int AT_ONCE = 1000;

	private static final int SINGLE_ACKNOWLEDGEMENTS = 10_000;

	private static final PartialEntry HOLE = new PartialEntry(1, new BitSet());

	private AckHoles() {
	}

	/**
	 * Runs it.
	 * @param args none
	 * @throws IOException if there is no room for it
	 */
	public static void main(String[] args) throws IOException {
		Path directory = Files.createTempDirectory("weir-holes");
		try {
			store(directory);
			open(directory);
		}
		finally {
			delete(directory);
		}
	}

	private static void store(Path directory) throws IOException {
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(directory, Durability.OS)) {
			CursorStore cursors = opened(engine).log().cursors();
			cursors.create("s", SubscriptionType.SHARED, Position.BEFORE_FIRST).toCompletableFuture().join();
			say("an acknowledgement without holes, each stored alone", "µs", single(cursors, 0));
			long start = System.nanoTime();
			for (int first = 0; first < HOLES; first += AT_ONCE) {
				store(cursors, first, AT_ONCE);
			}
			say("storing a million holes, 1,000 at a time", "ms", (System.nanoTime() - start) / 1e6);
			say("an acknowledgement with a million holes, each stored alone", "µs", single(cursors, HOLES));
		}
		say("on the disk", "MB", size(directory) / 1e6);
	}

	/** Every second entry is acknowledged. */
	private static void store(CursorStore cursors, int firstHole, int holes) {
		Map<Position, PartialEntry> kept = new HashMap<>();
		for (int hole = firstHole; hole < firstHole + holes; hole++) {
			kept.put(new Position(0, 2L * hole), HOLE);
		}
		Position last = new Position(0, 2L * (firstHole + holes) - 1);
		CursorChange change = new CursorChange(Position.BEFORE_FIRST, last, kept, Set.of(), Map.of());
		cursors.acknowledge("s", change).toCompletableFuture().join();
	}

	/** Microseconds for one, which makes a hole. */
	private static double single(CursorStore cursors, int firstHole) {
		long start = System.nanoTime();
		for (int i = 0; i < SINGLE_ACKNOWLEDGEMENTS; i++) {
			store(cursors, firstHole + i, 1);
		}
		return (System.nanoTime() - start) / 1e3 / SINGLE_ACKNOWLEDGEMENTS;
	}

	private static void open(Path directory) {
		long before = heap();
		long start = System.nanoTime();
		try (RocksDbStorageEngine engine = RocksDbStorageEngine.open(directory, Durability.OS)) {
			OpenedLog opened = opened(engine);
			say("opening the store and the topic", "ms", (System.nanoTime() - start) / 1e6);
			Cursor cursor = opened.cursors().values().iterator().next();
			say("in memory", "bytes a hole", (heap() - before) / (double) cursor.entries().size());
			if (cursor.entries().size() != HOLES + SINGLE_ACKNOWLEDGEMENTS) {
				throw new IllegalStateException("There are " + cursor.entries().size() + " holes");
			}
		}
	}

	private static OpenedLog opened(RocksDbStorageEngine engine) {
		return engine.open(new Topic("t"), 1).toCompletableFuture().join();
	}

	private static long heap() {
		System.gc();
		return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
	}

	private static void say(String what, String unit, double value) {
		System.out.printf(Locale.ROOT, "%-60s %,12.1f %s%n", what, value, unit);
	}

	private static long size(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.mapToLong((file) -> file.toFile().length()).sum();
		}
	}

	private static void delete(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
		}
	}

}
