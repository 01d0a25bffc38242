package io.weir.broker.store;

import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;

import io.weir.wire.Limits;

/** Indexes of tests, whose messages are equally long. */
public final class MessageIndexes {

	private MessageIndexes() {
	}

	/** Of messages without keys or times. */
	public static MessageIndex even(int count, int size) {
		return even(count, size, (index) -> MessageIndex.NO_KEY);
	}

	/** Of messages with keys. */
	public static MessageIndex even(int count, int size, IntUnaryOperator keyHash) {
		MessageIndexBuilder index = MessageIndex.builder(count);
		for (int i = 0; i < count; i++) {
			index.add(size, keyHash.applyAsInt(i), MessageIndex.AT_ONCE, MessageIndex.NEVER);
		}
		return index.build();
	}

	/** Of messages with a size, a key's hash and two times each. */
	public static MessageIndex of(int count, IntFunction<long[]> message) {
		MessageIndexBuilder index = MessageIndex.builder(count);
		for (int i = 0; i < count; i++) {
			long[] values = message.apply(i);
			index.add((int) values[0], (int) values[1], values[2], values[3]);
		}
		return index.build();
	}

	/** What an index can have, up to its limits. */
	static Stream<MessageIndex> atTheLimits() {
		int full = Limits.MAX_BATCH_MESSAGES;
		return Stream.of(even(1, 0), even(1, Limits.MAX_MESSAGE_SIZE), even(full, 3),
				even(full, Limits.MAX_MESSAGE_SIZE / full, (i) -> ~i),
				even(2, 10, (i) -> (i == 0) ? Integer.MIN_VALUE : MessageIndex.NO_KEY),
				of(full, (i) -> new long[] { i, i * 0x9E37_79B9, i, -i }),
				of(3, (i) -> new long[] { 1, 0, Long.MIN_VALUE + 1, Long.MAX_VALUE - 1 }),
				of(3, (i) -> new long[] { 1, -1, (i == 1) ? Long.MAX_VALUE : Long.MIN_VALUE, Long.MIN_VALUE }),
				of(1, (i) -> new long[] { 1, 1, Long.MAX_VALUE, Long.MIN_VALUE }),
				of(1, (i) -> new long[] { 1, 1, MessageIndex.AT_ONCE, MessageIndex.NEVER }),
				of(4, (i) -> new long[] { 300 << i, 0, MessageIndex.AT_ONCE, 1_700_000_000_000L + i }));
	}

}
