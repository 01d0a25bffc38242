package io.weir.broker.store.rocksdb;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import io.weir.message.Position;

/**
 * The keys of all columns. Numbers are big-endian with the sign bit flipped, so that
 * RocksDB's order of bytes is their order. Each key begins with its topic's number and
 * names have their length before them, so no key of one topic, producer or subscription
 * is the prefix of another's.
 *
 * <pre>
 * METADATA   "format"                                 → the version, 4 bytes
 *            "topic/" name                            → the topic's number, 4 bytes
 * LOG        topic 4 | entry 8                        → {@link EntryCodec}
 * PRODUCERS  topic 4 | length 4 | name | sequence 8   → {@link ProducerRecords}; the last sequence id
 * CURSORS    topic 4 | length 4 | name | 0            → {@link CursorRecords}: the cursor
 *            topic 4 | length 4 | name | 1 | entry 8  → {@link CursorRecords}: indexes acknowledged
 * </pre>
 */
final class Keys {

	static final byte[] FORMAT = "format".getBytes(StandardCharsets.US_ASCII);

	static final byte[] TOPICS = "topic/".getBytes(StandardCharsets.US_ASCII);

	static final int ENTRY_LENGTH = Integer.BYTES + Long.BYTES;

	private Keys() {
	}

	static byte[] topic(String name) {
		byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
		return ByteBuffer.allocate(TOPICS.length + utf8.length).put(TOPICS).put(utf8).array();
	}

	static String topicName(byte[] key) {
		return new String(key, TOPICS.length, key.length - TOPICS.length, StandardCharsets.UTF_8);
	}

	/** Everything of a topic, in every column but the metadata. */
	static byte[] prefix(int topic) {
		return number(topic);
	}

	static byte[] entry(int topic, long entry) {
		return append(prefix(topic), entry);
	}

	/** The number of an entry: this engine's logs have one segment. */
	static long entry(Position position) {
		if (position.segment() != 0) {
			throw new IllegalArgumentException("Position " + position + " is not of this log, its segment is 0");
		}
		return position.entry();
	}

	static byte[] number(int number) {
		return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
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
	static byte[] named(int topic, String name) {
		byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
		return ByteBuffer.allocate(2 * Integer.BYTES + utf8.length).putInt(topic).putInt(utf8.length).put(utf8).array();
	}

	/** The name in a key that begins with one. */
	static String name(byte[] key) {
		int length = ByteBuffer.wrap(key).getInt(Integer.BYTES);
		return new String(key, 2 * Integer.BYTES, length, StandardCharsets.UTF_8);
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
