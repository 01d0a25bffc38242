package io.weir.wire.codec;

import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * Bounds the frames that the streams of one connection assemble from fragments at a time,
 * by the lengths that they will have. Used by the connection's thread only.
 */
public final class AssemblyBudget {

	private final long limit;

	private long used;

	/**
	 * Creates a budget.
	 * @param limit how many bytes at most
	 */
	public AssemblyBudget(long limit) {
		this.limit = limit;
	}

	void take(long bytes) {
		if (this.used + bytes > this.limit) {
			throw new ProtocolException(ErrorCode.OVERLOADED,
					"A frame of " + bytes + " bytes in fragments is too much while others of " + this.used
							+ " bytes are incomplete: a connection has at most " + this.limit);
		}
		this.used += bytes;
	}

	void giveBack(long bytes) {
		this.used -= bytes;
	}

}
