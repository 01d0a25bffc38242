package io.weir.broker.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * How often each message of an entry was delivered in vain. Neighbours mostly as often:
 * so kept as runs. Immutable.
 */
public final class RedeliveryCounts {

	/** No message was. */
	public static final RedeliveryCounts NONE = new RedeliveryCounts(new int[0]);

	/** Of each run, where it ends and the count. */
	private final int[] runs;

	private RedeliveryCounts(int[] runs) {
		this.runs = runs;
	}

	/**
	 * The counts of an entry.
	 * @param messages how many messages it has
	 * @param counts tells the count of each, from 0
	 * @return the counts
	 */
	public static RedeliveryCounts of(int messages, IntUnaryOperator counts) {
		int[] runs = new int[8];
		int length = 0;
		for (int i = 0; i < messages; i++) {
			int count = counts.applyAsInt(i);
			if (length == 0 || runs[length - 1] != count) {
				runs = (length == runs.length) ? Arrays.copyOf(runs, 2 * length) : runs;
				runs[length + 1] = count;
				length += 2;
			}
			runs[length - 2] = i + 1;
		}
		boolean none = length == 0 || (length == 2 && runs[1] == 0);
		return none ? NONE : new RedeliveryCounts(Arrays.copyOf(runs, length));
	}

	/**
	 * Reads what {@link #toBytes()} wrote.
	 * @param bytes the bytes
	 * @return the counts
	 * @throws IllegalArgumentException if they are none
	 */
	public static RedeliveryCounts ofBytes(byte[] bytes) {
		if (bytes.length % (2 * Integer.BYTES) != 0) {
			throw new IllegalArgumentException(bytes.length + " bytes are no redelivery counts");
		}
		int[] runs = new int[bytes.length / Integer.BYTES];
		ByteBuffer.wrap(bytes).asIntBuffer().get(runs);
		return new RedeliveryCounts(runs);
	}

	/**
	 * The counts for a storage engine: of each run, where it ends (4 bytes) and the count
	 * (4 bytes).
	 * @return the bytes
	 */
	public byte[] toBytes() {
		ByteBuffer bytes = ByteBuffer.allocate(this.runs.length * Integer.BYTES);
		bytes.asIntBuffer().put(this.runs);
		return bytes.array();
	}

	/**
	 * How often a message was delivered in vain.
	 * @param index the message
	 * @return how often, from 0
	 */
	public int of(int index) {
		for (int i = 0; i < this.runs.length; i += 2) {
			if (index < this.runs[i]) {
				return this.runs[i + 1];
			}
		}
		return 0;
	}

	/**
	 * How often the message was that was delivered in vain most often.
	 * @return how often, from 0
	 */
	public int highest() {
		int highest = 0;
		for (int i = 1; i < this.runs.length; i += 2) {
			highest = Math.max(highest, this.runs[i]);
		}
		return highest;
	}

	/**
	 * Whether no message was delivered in vain.
	 * @return whether there is nothing to remember
	 */
	public boolean isEmpty() {
		return this.runs.length == 0;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof RedeliveryCounts that && Arrays.equals(this.runs, that.runs);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.runs);
	}

	@Override
	public String toString() {
		return "RedeliveryCounts" + Arrays.toString(this.runs);
	}

}
