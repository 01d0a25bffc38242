package io.weir.wire.codec;

import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Bounds the frames that the streams of one connection assemble from fragments at a time,
 * by the lengths that they will have. Used by the connection's thread only.
 */
public final class AssemblyBudget {

	private final int uncounted;

	private final long limit;

	private long used;

	/**
	 * Creates a budget.
	 * @param uncounted up to how many bytes a frame is not counted, since it could have
	 * come whole
	 * @param limit how many bytes at most
	 */
	public AssemblyBudget(int uncounted, long limit) {
		this.uncounted = uncounted;
		this.limit = limit;
	}

	void take(long bytes) {
		if (cost(bytes) > this.limit - this.used) {
			throw new ProtocolException(ErrorCode.OVERLOADED,
					"A frame of " + bytes + " bytes in fragments is too much while others of " + this.used
							+ " bytes are incomplete: a connection has at most " + this.limit);
		}
		this.used += cost(bytes);
	}

	void giveBack(long bytes) {
		this.used -= cost(bytes);
	}

	private long cost(long bytes) {
		return (bytes > this.uncounted) ? bytes : 0;
	}

}
