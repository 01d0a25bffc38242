package io.weir.broker.store.rocksdb;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import io.weir.wire.Position;

/**
 * The keys of all columns. Numbers are big-endian with the sign bit flipped, so that
 * RocksDB's order of bytes is their order. Each key begins with its topic's id, which no
 * other topic ever has, and names have their length before them, so no key of one topic,
 * producer or subscription is the prefix of another's.
 *
 * <pre>
 * METADATA   0 | key                                     → {@link MetadataRecords}
 * TOPICS     topic 8                                     → {@link TopicRecords}
 * GIVEN_UP   topic 8 | entry 8                           → nothing: the entry was given up; or the
 *                                                          last entry 8 of a run that was removed
 * LOG        topic 8 | entry 8                           → {@link EntryCodec}
 * PRODUCERS  topic 8 | length 4 | name | 0               → {@link ProducerRecords}: the epochs
 *            topic 8 | length 4 | name | 1 | sequence 8  → {@link ProducerRecords}; the last sequence id
 * CURSORS    topic 8 | length 4 | name | 0               → {@link CursorRecords}: the cursor
 *            topic 8 | length 4 | name | 1 | entry 8     → {@link CursorRecords}: a hole
 *            topic 8 | length 4 | name | 2 | entry 8     → {@link CursorRecords}: redelivery counts
 * SCHEDULE   topic 8 | 0                                 → {@link ScheduleRecords}: how many there are
 *            topic 8 | 1 | due 8 | number 8              → {@link EntryCodec}
 * </pre>
 */
final class Keys {

	static final int ENTRY_LENGTH = 2 * Long.BYTES;

	/** No key of an entry is longer. */
	static final int SCHEDULED_LENGTH = 3 * Long.BYTES + 1;

	/** Before a name: the topic's id and the name's length. */
	private static final int BEFORE_NAME = Long.BYTES + Integer.BYTES;

	private Keys() {
	}

	/** Everything of a topic, in every column. */
	static byte[] prefix(long topic) {
		return ByteBuffer.allocate(Long.BYTES).putLong(topic).array();
	}

	/** After everything of a topic, in every column. */
	static byte[] end(long topic) {
		return ByteBuffer.allocate(ENTRY_LENGTH + 1).putLong(topic).putLong(-1).put((byte) -1).array();
	}

	static byte[] entry(long topic, long entry) {
		return append(prefix(topic), entry);
	}

	/** The number of an entry: this engine's logs have one segment. */
	static long entry(Position position) {
		if (position.segment() != 0) {
			throw new IllegalArgumentException("Position " + position + " is not of this log, its segment is 0");
		}
		return position.entry();
	}

	/** A key with an ordered number at its end. */
	static byte[] append(byte[] prefix, long number) {
		return ByteBuffer.allocate(prefix.length + Long.BYTES).put(prefix).putLong(ordered(number)).array();
	}

	/** The ordered number at the end of a key. */
	static long lastNumber(byte[] key) {
		return ordered(ByteBuffer.wrap(key).getLong(key.length - Long.BYTES));
	}

	/** All keys of one producer or one subscription. */
	static byte[] named(long topic, String name) {
		byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
		return ByteBuffer.allocate(BEFORE_NAME + utf8.length).putLong(topic).putInt(utf8.length).put(utf8).array();
	}

	/** The name in a key that begins with one. */
	static String name(byte[] key) {
		int length = ByteBuffer.wrap(key).getInt(Long.BYTES);
		return new String(key, BEFORE_NAME, length, StandardCharsets.UTF_8);
	}

	/** A key with one more byte, which tells kinds of records apart. */
	static byte[] kind(byte[] named, int kind) {
		byte[] key = Arrays.copyOf(named, named.length + 1);
		key[named.length] = (byte) kind;
		return key;
	}

	static long ordered(long number) {
		return number ^ Long.MIN_VALUE;
	}

}
