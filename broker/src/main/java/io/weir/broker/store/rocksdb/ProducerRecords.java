package io.weir.broker.store.rocksdb;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.rocksdb.RocksDBException;

import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.ProducerWindow;
import io.weir.broker.store.TopicLog.StoredBatch;
import io.weir.wire.Position;

/**
 * What is stored for recognising the duplicates of one topic's producers: one record for
 * each entry in a producer's window, written with the entry. What fell out of the window
 * is deleted in strides of a window's size, so up to two windows are stored. Owned by the
 * committer's thread once loaded.
 *
 * <pre>
 * first sequence id 8 | count 4 | entry 8
 * </pre>
 */
final class ProducerRecords {

	private final long topic;

	private final Map<String, Window> windows = new HashMap<>();

	ProducerRecords(long topic) {
		this.topic = topic;
	}

	/** Reads all records; called before anything else. */
	Map<String, List<StoredBatch>> load(Database database) throws RocksDBException {
		Map<String, ProducerWindow> loaded = new HashMap<>();
		database.scan(Column.PRODUCERS, Keys.prefix(this.topic), (key, value) -> {
			String name = Keys.name(key);
			ByteBuffer in = ByteBuffer.wrap(value);
			loaded.computeIfAbsent(name, (any) -> new ProducerWindow())
				.add(new StoredBatch(in.getLong(), in.getInt(), new Position(0, in.getLong())));
			window(name, Keys.lastNumber(key)).grow(Keys.lastNumber(key));
		});
		return loaded.entrySet()
			.stream()
			.collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, (each) -> each.getValue().batches()));
	}

	void append(EntryHeader header, long entry, AtomicBatch batch) throws RocksDBException {
		long last = header.lastSequence();
		Window window = window(header.producerName(), last);
		window.grow(last);
		long start = ProducerWindow.start(window.highest);
		byte[] prefix = Keys.named(this.topic, header.producerName());
		if (last >= start) {
			byte[] value = ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
				.putLong(header.firstSequence())
				.putInt(header.count())
				.putLong(entry)
				.array();
			batch.put(Column.PRODUCERS, Keys.append(prefix, last), value);
		}
		if (ProducerWindow.start(start) >= window.lowest) {
			batch.deleteRange(Column.PRODUCERS, Keys.append(prefix, window.lowest), Keys.append(prefix, start));
			window.lowest = start;
		}
	}

	void forget(String name, AtomicBatch batch) throws RocksDBException {
		if (this.windows.remove(name) != null) {
			byte[] prefix = Keys.named(this.topic, name);
			batch.deleteRange(Column.PRODUCERS, Keys.append(prefix, Long.MIN_VALUE),
					Keys.append(prefix, Long.MAX_VALUE));
		}
	}

	private Window window(String producerName, long sequence) {
		return this.windows.computeIfAbsent(producerName, (any) -> new Window(sequence));
	}

	/** The sequence ids of one producer for which there may be records. */
	private static final class Window {

		private long lowest;

		private long highest;

		Window(long sequence) {
			this.lowest = sequence;
			this.highest = sequence;
		}

		void grow(long sequence) {
			this.lowest = Math.min(this.lowest, sequence);
			this.highest = Math.max(this.highest, sequence);
		}

	}

}
