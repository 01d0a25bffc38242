package io.weir.wire;

import java.time.Instant;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.weir.message.Headers;

/**
 * One message in a batch.
 *
 * @param key the key, or {@code null}
 * @param eventTime when the thing that the message tells of happened, or {@code null};
 * travels in whole milliseconds, rounded down
 * @param headers the headers
 * @param times between which times it may be delivered
 * @param replays how often it was replayed from a dead-letter topic, from 0; only the
 * broker says more than 0
 * @param payload the payload, from reader index to writer index. The record does not own
 * it: whoever makes the record says how long it is valid
 */
public record MessageRecord(@Nullable String key, @Nullable Instant eventTime, Headers headers, MessageTimes times,
		int replays, ByteBuf payload) {

	/** A message that was not replayed. */
	public MessageRecord(@Nullable String key, @Nullable Instant eventTime, Headers headers, MessageTimes times,
			ByteBuf payload) {
		this(key, eventTime, headers, times, 0, payload);
	}

	/** A message that may be delivered at any time. */
	public MessageRecord(@Nullable String key, @Nullable Instant eventTime, Headers headers, ByteBuf payload) {
		this(key, eventTime, headers, MessageTimes.ANY, payload);
	}

}
