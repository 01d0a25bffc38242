package io.weir.client;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.message.Headers;
import io.weir.message.MessageId;
import io.weir.wire.MessageTimes;

/**
 * Sends a message with all its parts.
 *
 * @param <T> the type of the values
 */
interface MessageSender<T> {

	/** As {@link Producer#send(Object)}; without a payload if the value is null. */
	MessageId send(@Nullable T value, @Nullable String key, @Nullable Instant eventTime, Headers headers,
			MessageTimes times);

	/** As {@link Producer#sendAsync(Object)}, and as the above. */
	CompletableFuture<MessageId> sendAsync(@Nullable T value, @Nullable String key, @Nullable Instant eventTime,
			Headers headers, MessageTimes times);

}
