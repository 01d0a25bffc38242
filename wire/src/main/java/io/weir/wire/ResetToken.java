package io.weir.wire;

/**
 * By what a client recognises that a broker does not know its connection any more (RFC
 * 9000 §10.3). Only the client and those who have the broker's key know it.
 *
 * @param high the first eight bytes
 * @param low the other eight bytes
 */
public record ResetToken(long high, long low) {

	/** The token is a secret. */
	@Override
	public String toString() {
		return "ResetToken";
	}

}
