package io.weir.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.consumer.Subscriber;
import io.weir.message.Message;
import io.weir.message.MessageId;

/**
 * A consumer of a subscription that ends with it.
 *
 * @param <T> the type of the values
 */
final class DefaultReader<T> implements Reader<T> {

	private final Consumer<T> consumer;

	DefaultReader(Subscriber<T> core, Executor callbacks, String topic, String subscription) {
		this.consumer = new DefaultConsumer<>(core, null, callbacks, topic, subscription);
	}

	@Override
	public Message<T> read() {
		return this.consumer.receive();
	}

	@Override
	public @Nullable Message<T> read(Duration timeout) {
		return this.consumer.receive(timeout);
	}

	@Override
	public CompletableFuture<Message<T>> readAsync() {
		return this.consumer.receiveAsync();
	}

	@Override
	public void seek(MessageId id) {
		this.consumer.seek(id);
	}

	@Override
	public void seek(Instant publishTime) {
		Objects.requireNonNull(publishTime, "publishTime");
		this.consumer.seek(publishTime);
	}

	@Override
	public CompletableFuture<Void> seekAsync(MessageId id) {
		return this.consumer.seekAsync(id);
	}

	@Override
	public CompletableFuture<Void> seekAsync(Instant publishTime) {
		Objects.requireNonNull(publishTime, "publishTime");
		return this.consumer.seekAsync(publishTime);
	}

	@Override
	public String topic() {
		return this.consumer.topic();
	}

	@Override
	public boolean isConnected() {
		return this.consumer.isConnected();
	}

	@Override
	public void close() {
		this.consumer.close();
	}

	@Override
	public CompletableFuture<Void> closeAsync() {
		return this.consumer.closeAsync();
	}

	@Override
	public String toString() {
		return "Reader[" + topic() + "]";
	}

}
