package io.weir.broker.deadletter;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.weir.message.DeadLetterOrigin;
import io.weir.message.MessageId;

/**
 * A message in a dead-letter topic, without its payload.
 *
 * @param id its id there
 * @param origin where it first came from; {@code null} if the message does not say so,
 * and cannot be replayed
 * @param subscription the subscription on which it died last; {@code null} as the origin
 * @param replays how often it had been replayed before it died
 * @param replayed whether it was replayed from here, so that it is not again unless that
 * is asked for
 * @param key its key, if it has one
 * @param storedAt when it became a dead letter
 * @param size its size with key and headers, in bytes
 */
public record DeadLetter(MessageId id, @Nullable DeadLetterOrigin origin, @Nullable String subscription, int replays,
		boolean replayed, @Nullable String key, Instant storedAt, int size) {

}
