package io.weir.client;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.message.Headers;
import io.weir.message.MessageId;
import io.weir.wire.MessageTimes;

/** Gathers the parts of one message. */
final class DefaultMessageBuilder<T> implements MessageBuilder<T> {

	private final Map<String, String> headers = new LinkedHashMap<>();

	private final MessageSender<T> producer;

	private final @Nullable T value;

	private @Nullable String key;

	private @Nullable Instant eventTime;

	private long deliverAt = MessageTimes.AT_ONCE;

	private long deliverAfter;

	private long expiresAfter = MessageTimes.NEVER;

	private boolean sent;

	DefaultMessageBuilder(MessageSender<T> producer, @Nullable T value) {
		this.producer = producer;
		this.value = value;
	}

	@Override
	public MessageBuilder<T> key(String key) {
		Objects.requireNonNull(key, "key");
		this.key = key;
		return this;
	}

	@Override
	public MessageBuilder<T> header(String name, String value) {
		Objects.requireNonNull(value, "value");
		Objects.requireNonNull(name, "name");
		this.headers.put(name, value);
		return this;
	}

	@Override
	public MessageBuilder<T> eventTime(Instant eventTime) {
		Objects.requireNonNull(eventTime, "eventTime");
		this.eventTime = eventTime;
		return this;
	}

	@Override
	public MessageBuilder<T> deliverAt(Instant time) {
		Objects.requireNonNull(time, "time");
		this.deliverAt = Times.millis(time);
		this.deliverAfter = 0;
		return this;
	}

	@Override
	public MessageBuilder<T> deliverAfter(Duration delay) {
		Objects.requireNonNull(delay, "delay");
		this.deliverAt = MessageTimes.AT_ONCE;
		this.deliverAfter = Times.millis(delay);
		return this;
	}

	@Override
	public MessageBuilder<T> expiresAfter(Duration time) {
		Objects.requireNonNull(time, "time");
		this.expiresAfter = Times.millis(time);
		return this;
	}

	private MessageTimes times() {
		boolean any = this.deliverAt == MessageTimes.AT_ONCE && this.deliverAfter == 0
				&& this.expiresAfter == MessageTimes.NEVER;
		return any ? MessageTimes.ANY
				: new MessageTimes(this.deliverAt, this.deliverAfter, MessageTimes.NEVER, this.expiresAfter);
	}

	@Override
	public MessageId send() {
		markSent();
		return this.producer.send(this.value, this.key, this.eventTime, Headers.of(this.headers), times());
	}

	@Override
	public CompletableFuture<MessageId> sendAsync() {
		markSent();
		return this.producer.sendAsync(this.value, this.key, this.eventTime, Headers.of(this.headers), times());
	}

	private void markSent() {
		if (this.sent) {
			throw new IllegalStateException("This message was sent already; begin a new one with Producer.message");
		}
		this.sent = true;
	}

}
