package io.weir.spring.observation;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

import io.weir.client.MessageBuilder;
import io.weir.client.Producer;
import io.weir.message.MessageId;

/**
 * A producer whose messages are observed.
 *
 * @param <T> the type of the values
 */
public final class ObservedProducer<T> implements Producer<T> {

	private final Producer<T> producer;

	private final WeirObservations observations;

	/**
	 * Creates the producer.
	 * @param producer publishes the messages; closed with this one
	 * @param observations what observes them
	 */
	public ObservedProducer(Producer<T> producer, WeirObservations observations) {
		this.producer = producer;
		this.observations = observations;
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
		return new ObservedMessage(this.producer.message(value));
	}

	@Override
	public MessageBuilder<T> tombstone(String key) {
		return new ObservedMessage(this.producer.tombstone(key));
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

	private final class ObservedMessage implements MessageBuilder<T> {

		private final MessageBuilder<T> message;

		private ObservedMessage(MessageBuilder<T> message) {
			this.message = message;
		}

		@Override
		public MessageBuilder<T> key(String key) {
			this.message.key(key);
			return this;
		}

		@Override
		public MessageBuilder<T> header(String name, String value) {
			this.message.header(name, value);
			return this;
		}

		@Override
		public MessageBuilder<T> eventTime(Instant eventTime) {
			this.message.eventTime(eventTime);
			return this;
		}

		@Override
		public MessageBuilder<T> deliverAt(Instant time) {
			this.message.deliverAt(time);
			return this;
		}

		@Override
		public MessageBuilder<T> deliverAfter(Duration delay) {
			this.message.deliverAfter(delay);
			return this;
		}

		@Override
		public MessageBuilder<T> expiresAfter(Duration time) {
			this.message.expiresAfter(time);
			return this;
		}

		@Override
		public MessageId send() {
			return ObservedProducer.this.observations.send(topic(), this, this.message::send);
		}

		@Override
		public CompletableFuture<MessageId> sendAsync() {
			return ObservedProducer.this.observations.sendAsync(topic(), this, this.message::sendAsync);
		}

	}

}
