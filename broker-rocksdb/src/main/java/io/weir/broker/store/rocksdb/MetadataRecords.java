package io.weir.broker.store.rocksdb;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import org.rocksdb.RocksDBException;

import io.weir.broker.store.MetadataStore.Versioned;

/**
 * Metadata as they are stored.
 *
 * <pre>
 * version 8 | value
 * </pre>
 */
final class MetadataRecords {

	/** Before each key. */
	private static final byte[] PREFIX = { 0 };

	private MetadataRecords() {
	}

	static Map<String, Versioned> load(Database database) throws RocksDBException {
		Map<String, Versioned> loaded = new HashMap<>();
		database.scan(Column.METADATA, PREFIX, (key, value) -> {
			byte[] bytes = new byte[value.length - Long.BYTES];
			long version = ByteBuffer.wrap(value).get(Long.BYTES, bytes).getLong();
			loaded.put(new String(key, PREFIX.length, key.length - PREFIX.length, StandardCharsets.UTF_8),
					new Versioned(bytes, version));
		});
		return loaded;
	}

	static void put(String key, Versioned value, AtomicBatch batch) throws RocksDBException {
		byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
		byte[] bytes = value.value();
		batch.put(Column.METADATA, ByteBuffer.allocate(PREFIX.length + utf8.length).put(PREFIX).put(utf8).array(),
				ByteBuffer.allocate(Long.BYTES + bytes.length).putLong(value.version()).put(bytes).array());
	}

}
