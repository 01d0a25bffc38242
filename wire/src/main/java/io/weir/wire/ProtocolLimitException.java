package io.weir.wire;

/**
 * What came is larger, longer or more than the protocol or the broker allows whatever
 * else goes on: trying again is in vain.
 */
public final class ProtocolLimitException extends ProtocolException {

	/**
	 * Creates the exception.
	 * @param code what went wrong
	 * @param message what came and what is allowed, human-readable
	 */
	public ProtocolLimitException(ErrorCode code, String message) {
		super(code, message);
	}

}
