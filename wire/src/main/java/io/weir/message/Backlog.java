package io.weir.message;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What a subscription has left to acknowledge, all of its consumers together.
 *
 * @param messages how many messages are stored and not acknowledged
 * @param oldest when the oldest of them was stored that the broker has made ready for
 * consumers, delivered ones included, by the broker's clock; {@code null} if it has made
 * none ready: there are no messages, or no consumer has asked for more
 */
public record Backlog(long messages, @Nullable Instant oldest) {
}
