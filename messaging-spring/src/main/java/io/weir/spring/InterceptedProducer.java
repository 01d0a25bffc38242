package io.weir.spring;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.client.MessageBuilder;
import io.weir.client.Producer;
import io.weir.message.MessageId;

/**
 * A producer whose messages interceptors are shown.
 *
 * @param <T> the type of the values
 */
final class InterceptedProducer<T> implements Producer<T> {

	private final Producer<T> producer;

	private final List<ProducerInterceptor> interceptors;

	/**
	 * Creates the producer.
	 * @param producer publishes the messages; closed with this one
	 * @param interceptors asked in this order
	 */
	InterceptedProducer(Producer<T> producer, List<ProducerInterceptor> interceptors) {
		this.producer = producer;
		this.interceptors = interceptors;
	}

	@Override
	public MessageId send(T value) {
		return message(value).send();
	}

	@Override
	public CompletableFuture<MessageId> sendAsync(T value) {
		return message(value).sendAsync();
	}

	@Override
	public MessageBuilder<T> message(T value) {
		return message(this.producer.message(value), value);
	}

	@Override
	public MessageBuilder<T> tombstone(String key) {
		return message(this.producer.tombstone(key), null).key(key);
	}

	private MessageBuilder<T> message(MessageBuilder<T> message, @Nullable T value) {
		return new InterceptedMessage<>(message, this.interceptors, topic(), value);
	}

	@Override
	public boolean cancelDelayed(MessageId id) {
		return this.producer.cancelDelayed(id);
	}

	@Override
	public CompletableFuture<Boolean> cancelDelayedAsync(MessageId id) {
		return this.producer.cancelDelayedAsync(id);
	}

	@Override
	public void flush() {
		this.producer.flush();
	}

	@Override
	public CompletableFuture<Void> flushAsync() {
		return this.producer.flushAsync();
	}

	@Override
	public String topic() {
		return this.producer.topic();
	}

	@Override
	public String name() {
		return this.producer.name();
	}

	@Override
	public int pending() {
		return this.producer.pending();
	}

	@Override
	public void close() {
		this.producer.close();
	}

	@Override
	public CompletableFuture<Void> closeAsync() {
		return this.producer.closeAsync();
	}

	@Override
	public String toString() {
		return this.producer.toString();
	}

}
