package io.weir.spring.deferred;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.client.MessageBuilder;
import io.weir.client.Producer;
import io.weir.message.MessageId;

/** A message that is put together before its producer is there. */
final class Outgoing<T> implements MessageBuilder<T> {

	private final DeferredProducer<T> producer;

	private final T value;

	private final Map<String, String> headers = new LinkedHashMap<>();

	private @Nullable String key;

	private @Nullable Instant eventTime;

	Outgoing(DeferredProducer<T> producer, T value) {
		this.producer = producer;
		this.value = value;
	}

	@Override
	public MessageBuilder<T> key(String key) {
		this.key = key;
		return this;
	}

	@Override
	public MessageBuilder<T> header(String name, String value) {
		this.headers.put(name, value);
		return this;
	}

	@Override
	public MessageBuilder<T> eventTime(Instant eventTime) {
		this.eventTime = eventTime;
		return this;
	}

	@Override
	public MessageId send() {
		return this.producer.send(this);
	}

	@Override
	public CompletableFuture<MessageId> sendAsync() {
		return this.producer.sendAsync(this);
	}

	MessageBuilder<T> on(Producer<T> target) {
		MessageBuilder<T> message = target.message(this.value);
		if (this.key != null) {
			message.key(this.key);
		}
		if (this.eventTime != null) {
			message.eventTime(this.eventTime);
		}
		this.headers.forEach(message::header);
		return message;
	}

}
