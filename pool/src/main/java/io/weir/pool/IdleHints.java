package io.weir.pool;

import java.util.concurrent.atomic.AtomicLongArray;

import org.jspecify.annotations.Nullable;

/**
 * One bit for each slot of a large pool: 0 if it is not idle. So a search looks at one
 * word for 64 slots. A bit that is 1 promises nothing, and so a thread that finds its
 * home slot idle, which most do, never writes here.
 *
 * <p>
 * Whoever searches and finds a slot taken clears its bit, then marks the slot as hidden,
 * and then looks at it once more. Whoever makes a slot idle does so and then looks
 * whether it is hidden; if so, it takes back the mark and then sets the bit. The state,
 * the mark and the bits are volatile, so at least one of the two sees the other, and no
 * idle slot stays hidden. The mark is beside the state: to look at it costs nothing.
 */
final class IdleHints {

	/** Up to this many slots it costs less to look at each. */
	static final int WORTHWHILE = 64;

	private final AtomicLongArray words;

	private IdleHints(int words) {
		this.words = new AtomicLongArray(words);
		for (int i = 0; i < words; i++) {
			this.words.set(i, -1);
		}
	}

	/** Hints for so many slots: the present ones if they reach; none if few slots. */
	static @Nullable IdleHints enough(@Nullable IdleHints present, int slots) {
		if (slots <= WORTHWHILE || (present != null && slots <= present.words.length() * Long.SIZE)) {
			return present;
		}
		return new IdleHints((slots + Long.SIZE - 1) / Long.SIZE);
	}

	int words() {
		return this.words.length();
	}

	long word(int index) {
		return this.words.get(index);
	}

	void set(int number) {
		long bit = 1L << number;
		int index = number / Long.SIZE;
		if ((this.words.get(index) & bit) == 0) {
			this.words.getAndUpdate(index, (word) -> word | bit);
		}
	}

	void clear(int number) {
		long bit = 1L << number;
		this.words.getAndUpdate(number / Long.SIZE, (word) -> word & ~bit);
	}

}
