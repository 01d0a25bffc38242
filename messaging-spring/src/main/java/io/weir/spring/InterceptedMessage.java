package io.weir.spring;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.MessageBuilder;
import io.weir.message.MessageId;

/**
 * A message that interceptors are shown when it is sent.
 *
 * @param <T> the type of the value
 */
final class InterceptedMessage<T> implements MessageBuilder<T> {

	private static final Logger logger = LoggerFactory.getLogger(InterceptedMessage.class);

	private final OutgoingMessage shown = new Shown();

	private final Map<String, String> headers = new LinkedHashMap<>();

	private final MessageBuilder<T> message;

	private final List<ProducerInterceptor> interceptors;

	private final String topic;

	private final @Nullable T value;

	private @Nullable String key;

	InterceptedMessage(MessageBuilder<T> message, List<ProducerInterceptor> interceptors, String topic,
			@Nullable T value) {
		this.message = message;
		this.interceptors = interceptors;
		this.topic = topic;
		this.value = value;
	}

	@Override
	public MessageBuilder<T> key(String key) {
		this.message.key(key);
		this.key = key;
		return this;
	}

	@Override
	public MessageBuilder<T> header(String name, String value) {
		this.message.header(name, value);
		this.headers.put(name, value);
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
		before();
		MessageId id;
		try {
			id = this.message.send();
		}
		catch (RuntimeException ex) {
			after(null, ex);
			throw ex;
		}
		after(id, null);
		return id;
	}

	@Override
	public CompletableFuture<MessageId> sendAsync() {
		try {
			before();
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
		CompletableFuture<MessageId> sent = this.message.sendAsync();
		// Beside what the caller is given, which can be cancelled.
		sent.whenComplete(this::after);
		return sent;
	}

	private void before() {
		this.interceptors.forEach((interceptor) -> interceptor.beforeSend(this.shown));
	}

	private void after(@Nullable MessageId id, @Nullable Throwable failure) {
		for (ProducerInterceptor interceptor : this.interceptors) {
			try {
				interceptor.afterSend(this.shown, id, failure);
			}
			catch (RuntimeException ex) {
				logger.warn("Interceptor {} failed on a message to topic '{}'", interceptor, this.topic, ex);
			}
		}
	}

	/** As interceptors see it. */
	private final class Shown implements OutgoingMessage {

		@Override
		public String topic() {
			return InterceptedMessage.this.topic;
		}

		@Override
		public @Nullable Object value() {
			return InterceptedMessage.this.value;
		}

		@Override
		public @Nullable String key() {
			return InterceptedMessage.this.key;
		}

		@Override
		public Map<String, String> headers() {
			return Collections.unmodifiableMap(InterceptedMessage.this.headers);
		}

		@Override
		public void header(String name, String value) {
			InterceptedMessage.this.header(name, value);
		}

	}

}
