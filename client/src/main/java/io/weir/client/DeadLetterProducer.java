package io.weir.client;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import io.weir.client.internal.consumer.DeadLetterPublisher;
import io.weir.message.Headers;
import io.weir.message.Message;
import io.weir.wire.ErrorCode;

/**
 * The producer of a consumer's dead letters, created with the first one, and again when
 * that failed.
 */
final class DeadLetterProducer implements DeadLetterPublisher {

	private final Supplier<CompletableFuture<Producer<byte[]>>> creation;

	@GuardedBy("this")
	private @Nullable CompletableFuture<Producer<byte[]>> producer;

	@GuardedBy("this")
	private boolean closed;

	DeadLetterProducer(Supplier<CompletableFuture<Producer<byte[]>>> creation) {
		this.creation = creation;
	}

	@Override
	public CompletionStage<?> publish(Message<?> message, Headers headers) {
		return producer().thenCompose((producer) -> copy(producer, message, headers).sendAsync()
			.whenComplete((id, failure) -> discardAfter(failure, producer)));
	}

	/** One that was refused for good would refuse all that follow. */
	private synchronized void discardAfter(@Nullable Throwable failure, Producer<byte[]> failed) {
		CompletableFuture<Producer<byte[]>> present = this.producer;
		if (failure != null && !WeirException.from(failure).retryable() && present != null
				&& present.getNow(failed) == failed) {
			this.producer = null;
			present.thenAcceptAsync(Producer::close);
		}
	}

	private synchronized CompletableFuture<Producer<byte[]>> producer() {
		if (this.closed) {
			return CompletableFuture.failedFuture(new WeirException(ErrorCode.CLOSED, "The consumer was closed"));
		}
		CompletableFuture<Producer<byte[]>> present = this.producer;
		if (present == null || present.isCompletedExceptionally()) {
			present = this.creation.get();
			this.producer = present;
		}
		return present;
	}

	private static MessageBuilder<byte[]> copy(Producer<byte[]> producer, Message<?> message, Headers headers) {
		MessageBuilder<byte[]> copy = producer.message(message.payload());
		headers.asMap().forEach(copy::header);
		String key = message.key();
		if (key != null) {
			copy.key(key);
		}
		Instant eventTime = message.eventTime();
		if (eventTime != null) {
			copy.eventTime(eventTime);
		}
		return copy;
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		if (this.producer != null) {
			// Closing blocks, which those who call this must not.
			this.producer.thenAcceptAsync(Producer::close);
		}
	}

}
