package io.weir.wire;

import io.weir.message.MessageIds;

/**
 * The limits of the protocol. What exceeds one is refused with a clear error.
 */
public final class Limits {

	/** The protocol's name in ALPN, which carries its version (RFC 7301). */
	public static final String ALPN = "weir/1";

	/** The UDP port of brokers. */
	public static final int DEFAULT_PORT = 7750;

	/**
	 * The longest frame in bytes after its length, unless configured: 1 MiB and some.
	 * Clients take frames of that length. What is longer travels in fragments.
	 */
	public static final int DEFAULT_MAX_FRAME_SIZE = 1024 * 1024 + 64 * 1024;

	/** The most bytes of one batch, unless a broker is configured otherwise. */
	public static final int DEFAULT_MAX_MESSAGE_SIZE = 64 * 1024 * 1024;

	/** The most bytes of one batch that any broker takes, and any client. */
	public static final int MAX_MESSAGE_SIZE = 256 * 1024 * 1024;

	/** The most bytes that a frame has beside its batch. */
	public static final int MAX_FRAME_FIELDS = 4 * 1024;

	/** The fewest bytes in a fragment that is not the last one. */
	public static final int MIN_FRAGMENT = 1024;

	/** The highest number of a segment and of an entry: 2⁶² − 1. */
	public static final long MAX_POSITION = MessageIds.MAX_NUMBER;

	/** The longest name or key, in bytes of UTF-8. */
	public static final int MAX_NAME_BYTES = 1024;

	/** The longest header value, reason or token, in bytes of UTF-8. */
	public static final int MAX_TEXT_BYTES = 64 * 1024;

	/** The most headers of one message. */
	public static final int MAX_HEADERS = 256;

	/** The most messages in one entry; their indexes begin with 0. */
	public static final int MAX_BATCH_MESSAGES = MessageIds.MAX_INDEX;

	/** The most message ids in one acknowledgement. */
	public static final int MAX_ACK_IDS = 16 * 1024;

	/**
	 * The most unacknowledged messages of one producer among which a broker can tell
	 * duplicates.
	 */
	public static final int MAX_IN_FLIGHT = 8 * 1024;

	/** After how many milliseconds of silence a broker ends a session. */
	public static final int DEFAULT_SESSION_TIMEOUT = 15_000;

	private Limits() {
	}

}
