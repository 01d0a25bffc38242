package io.weir.broker.store.rocksdb;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

import org.rocksdb.RocksDBException;

import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.ProducerWindow;
import io.weir.broker.store.ScheduledPosition;
import io.weir.broker.store.StoredProducer;
import io.weir.broker.store.StoredProducer.Epochs;
import io.weir.broker.store.TopicLog.StoredBatch;
import io.weir.wire.Position;

/**
 * What is stored for recognising one topic's producers and their duplicates: one record
 * for the epochs of each producer, and one for each entry in its window, written with the
 * entry. What fell out of the window is deleted in strides of a window's size, so up to
 * two windows are stored. Owned by the committer's thread once loaded.
 *
 * <pre>
 * epochs:   since 8 | current 8
 * entry:    first sequence id 8 | count 4 | entry 8 | segment 8, if it is scheduled
 * </pre>
 */
final class ProducerRecords {

	private static final int EPOCHS = 0;

	private static final int ENTRY = 1;

	private static final int END = 2;

	private final long topic;

	/**
	 * Of all producers for which there may be records. A map of its own as long as there
	 * are any.
	 */
	private Map<String, Window> windows = Map.of();

	ProducerRecords(long topic) {
		this.topic = topic;
	}

	/** Reads all records; called before anything else. */
	Map<String, StoredProducer> load(Database database) throws RocksDBException {
		Map<String, ProducerWindow> loaded = new HashMap<>();
		Map<String, Epochs> epochs = new HashMap<>();
		database.scan(Column.PRODUCERS, Keys.prefix(this.topic), (key, value) -> {
			String name = Keys.name(key);
			ByteBuffer in = ByteBuffer.wrap(value);
			ProducerWindow window = loaded.computeIfAbsent(name, (any) -> new ProducerWindow());
			if (key[Keys.named(this.topic, name).length] == EPOCHS) {
				window(name);
				epochs.put(name, new Epochs(in.getLong(), in.getLong()));
			}
			else {
				window.add(new StoredBatch(in.getLong(), in.getInt(), readPosition(in)));
				window(name).grow(Keys.lastNumber(key));
			}
		});
		return loaded.entrySet()
			.stream()
			.collect(Collectors.toUnmodifiableMap(Map.Entry::getKey,
					(each) -> new StoredProducer(epochs.getOrDefault(each.getKey(), Epochs.NONE),
							each.getValue().batches())));
	}

	/** The last entry that a producer stored, as far as the records tell, or -1. */
	static long lastEntry(Map<String, StoredProducer> producers) {
		return producers.values()
			.stream()
			.flatMap((producer) -> producer.batches().stream())
			.map(StoredBatch::position)
			.filter((position) -> !ScheduledPosition.isScheduled(position))
			.mapToLong(Position::entry)
			.max()
			.orElse(-1);
	}

	void store(String name, Epochs epochs, AtomicBatch batch) throws RocksDBException {
		window(name);
		byte[] value = ByteBuffer.allocate(2 * Long.BYTES).putLong(epochs.since()).putLong(epochs.current()).array();
		batch.put(Column.PRODUCERS, Keys.kind(Keys.named(this.topic, name), EPOCHS), value);
	}

	void append(EntryHeader header, Position position, AtomicBatch batch) throws RocksDBException {
		long last = header.lastSequence();
		Window window = window(header.producerName());
		window.grow(last);
		long start = ProducerWindow.start(window.highest);
		byte[] prefix = Keys.kind(Keys.named(this.topic, header.producerName()), ENTRY);
		if (last >= start) {
			batch.put(Column.PRODUCERS, Keys.append(prefix, last), value(header, position));
		}
		if (ProducerWindow.start(start) >= window.lowest) {
			batch.deleteRange(Column.PRODUCERS, Keys.append(prefix, window.lowest), Keys.append(prefix, start));
			window.lowest = start;
		}
	}

	private static byte[] value(EntryHeader header, Position position) {
		boolean scheduled = ScheduledPosition.isScheduled(position);
		ByteBuffer value = ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES + (scheduled ? Long.BYTES : 0))
			.putLong(header.firstSequence())
			.putInt(header.count())
			.putLong(position.entry());
		if (scheduled) {
			value.putLong(position.segment());
		}
		return value.array();
	}

	private static Position readPosition(ByteBuffer in) {
		long entry = in.getLong();
		return new Position(in.hasRemaining() ? in.getLong() : 0, entry);
	}

	void forget(String name, AtomicBatch batch) throws RocksDBException {
		if (this.windows.containsKey(name)) {
			this.windows.remove(name);
			this.windows = this.windows.isEmpty() ? Map.of() : this.windows;
			byte[] prefix = Keys.named(this.topic, name);
			batch.deleteRange(Column.PRODUCERS, Keys.kind(prefix, EPOCHS), Keys.kind(prefix, END));
		}
	}

	private Window window(String producerName) {
		if (this.windows.isEmpty()) {
			this.windows = new HashMap<>(2);
		}
		return this.windows.computeIfAbsent(producerName, (any) -> new Window());
	}

	/** The sequence ids of one producer for which there may be entries; at first none. */
	private static final class Window {

		private long lowest = Long.MAX_VALUE;

		private long highest = Long.MIN_VALUE;

		void grow(long sequence) {
			this.lowest = Math.min(this.lowest, sequence);
			this.highest = Math.max(this.highest, sequence);
		}

	}

}
