package io.weir.client;

import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

import io.weir.client.internal.callback.BlockingCalls;
import io.weir.client.internal.callback.CallbackFuture;
import io.weir.client.internal.producer.PartitionedProducer;
import io.weir.message.Headers;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.wire.MessageRecord;
import io.weir.wire.MessageTimes;

/**
 * Encodes values for a {@link PartitionedProducer}, on the caller's thread.
 *
 * @param <T> the type of the values
 */
final class DefaultProducer<T> implements Producer<T>, MessageSender<T> {

	private final PartitionedProducer core;

	private final Executor callbacks;

	private final Schema<T> schema;

	private final String topic;

	DefaultProducer(PartitionedProducer core, Executor callbacks, Schema<T> schema, String topic) {
		this.core = core;
		this.callbacks = callbacks;
		this.schema = schema;
		this.topic = topic;
	}

	@Override
	public MessageId send(T value) {
		Objects.requireNonNull(value, "value");
		return send(value, null, null, Headers.empty(), MessageTimes.ANY);
	}

	@Override
	public CompletableFuture<MessageId> sendAsync(T value) {
		Objects.requireNonNull(value, "value");
		return sendAsync(value, null, null, Headers.empty(), MessageTimes.ANY);
	}

	@Override
	public MessageBuilder<T> message(T value) {
		Objects.requireNonNull(value, "value");
		return new DefaultMessageBuilder<>(this, value);
	}

	@Override
	public MessageBuilder<T> tombstone(String key) {
		return new DefaultMessageBuilder<>(this, null).key(key);
	}

	@Override
	public MessageId send(@Nullable T value, @Nullable String key, @Nullable Instant eventTime, Headers headers,
			MessageTimes times) {
		BlockingCalls.check("the receipt", "sendAsync");
		CompletableFuture<MessageId> sent = this.core.send(record(value, key, eventTime, headers, times));
		try {
			return Await.on(sent, "the receipt");
		}
		finally {
			// Unless it is done, the thread was interrupted.
			sent.cancel(false);
		}
	}

	@Override
	public CompletableFuture<MessageId> sendAsync(@Nullable T value, @Nullable String key, @Nullable Instant eventTime,
			Headers headers, MessageTimes times) {
		MessageRecord record;
		try {
			record = record(value, key, eventTime, headers, times);
		}
		catch (WeirException ex) {
			return CompletableFuture.failedFuture(ex);
		}
		return this.core.sendAsync(record);
	}

	private MessageRecord record(@Nullable T value, @Nullable String key, @Nullable Instant eventTime, Headers headers,
			MessageTimes times) {
		ByteBuf payload = (value != null) ? Unpooled.wrappedBuffer(this.schema.encode(value)) : Unpooled.EMPTY_BUFFER;
		return new MessageRecord(key, eventTime, headers, times, payload);
	}

	@Override
	public boolean cancelDelayed(MessageId id) {
		return Await.on(() -> this.core.cancelDelayed(id), "the cancellation", "cancelDelayedAsync");
	}

	@Override
	public CompletableFuture<Boolean> cancelDelayedAsync(MessageId id) {
		return CallbackFuture.of(this.core.cancelDelayed(id), this.callbacks);
	}

	@Override
	public void flush() {
		Await.on(this.core::flush, "the receipts", "flushAsync");
	}

	@Override
	public CompletableFuture<Void> flushAsync() {
		return CallbackFuture.of(this.core.flush(), this.callbacks);
	}

	@Override
	public String topic() {
		return this.topic;
	}

	@Override
	public String name() {
		return Objects.requireNonNullElse(this.core.name(), "");
	}

	/** Whether it will never store anything, as the broker has not accepted it. */
	boolean isRefused() {
		return this.core.isRefused();
	}

	@Override
	public int pending() {
		return this.core.pending();
	}

	@Override
	public void close() {
		Await.on(this.core::close, "the producer to close", "closeAsync");
	}

	@Override
	public CompletableFuture<Void> closeAsync() {
		return CallbackFuture.of(this.core.close().copy(), this.callbacks);
	}

	@Override
	public String toString() {
		return "Producer[" + name() + " of topic " + this.topic + "]";
	}

}
