package io.weir.wire;

/**
 * What a subscription has left to acknowledge.
 *
 * @param messages how many messages are stored and not acknowledged
 * @param oldest when the oldest of them was stored that the broker has read for
 * consumers, in milliseconds since 1970, or -1 if it has read none of them
 */
public record BacklogReport(long messages, long oldest) {
}
