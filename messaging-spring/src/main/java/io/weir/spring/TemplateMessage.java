package io.weir.spring;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.weir.client.MessageBuilder;
import io.weir.client.Producer;
import io.weir.client.WeirException;
import io.weir.message.MessageId;

/** A message of a template, which takes a producer when it is sent, and not before. */
final class TemplateMessage implements MessageBuilder<Object> {

	private final List<Consumer<MessageBuilder<Object>>> parts = new ArrayList<>();

	private final ProducerCache producers;

	private final String topic;

	private final @Nullable Object value;

	private final PayloadDefaults defaults;

	private @Nullable String key;

	private boolean sent;

	/**
	 * Creates the message.
	 * @param value its value, or {@code null} for a message without a payload
	 * @param defaults say its key if it is given none
	 */
	TemplateMessage(ProducerCache producers, String topic, @Nullable Object value, PayloadDefaults defaults) {
		this.producers = producers;
		this.topic = topic;
		this.value = value;
		this.defaults = defaults;
	}

	@Override
	public MessageBuilder<Object> key(String key) {
		Objects.requireNonNull(key, "key");
		this.key = key;
		return this;
	}

	@Override
	public MessageBuilder<Object> header(String name, String value) {
		Objects.requireNonNull(name, "name");
		Objects.requireNonNull(value, "value");
		return with((message) -> message.header(name, value));
	}

	@Override
	public MessageBuilder<Object> eventTime(Instant eventTime) {
		Objects.requireNonNull(eventTime, "eventTime");
		return with((message) -> message.eventTime(eventTime));
	}

	@Override
	public MessageBuilder<Object> deliverAt(Instant time) {
		Objects.requireNonNull(time, "time");
		return with((message) -> message.deliverAt(time));
	}

	@Override
	public MessageBuilder<Object> deliverAfter(Duration delay) {
		Objects.requireNonNull(delay, "delay");
		return with((message) -> message.deliverAfter(delay));
	}

	@Override
	public MessageBuilder<Object> expiresAfter(Duration time) {
		Objects.requireNonNull(time, "time");
		return with((message) -> message.expiresAfter(time));
	}

	private MessageBuilder<Object> with(Consumer<MessageBuilder<Object>> part) {
		this.parts.add(part);
		return this;
	}

	@Override
	public MessageId send() {
		markSent();
		return this.producers.use(this.topic, (producer) -> complete(producer).send());
	}

	@Override
	public CompletableFuture<MessageId> sendAsync() {
		markSent();
		try {
			return this.producers.use(this.topic, (producer) -> complete(producer).sendAsync());
		}
		catch (WeirException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private MessageBuilder<Object> complete(Producer<Object> producer) {
		String key = (this.key != null) ? this.key : this.defaults.key(this.value);
		MessageBuilder<Object> message = begin(producer, key);
		if (key != null) {
			message.key(key);
		}
		this.parts.forEach((part) -> part.accept(message));
		return message;
	}

	private MessageBuilder<Object> begin(Producer<Object> producer, @Nullable String key) {
		if (this.value != null) {
			return producer.message(this.value);
		}
		if (key == null) {
			throw new IllegalArgumentException(
					"A message without a payload needs a key, of which it says that there is nothing any more");
		}
		return producer.tombstone(key);
	}

	private void markSent() {
		if (this.sent) {
			throw new IllegalStateException("This message was sent already; begin a new one with message");
		}
		this.sent = true;
	}

}
