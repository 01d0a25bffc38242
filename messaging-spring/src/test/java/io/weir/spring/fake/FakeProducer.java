package io.weir.spring.fake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

import io.weir.client.MessageBuilder;
import io.weir.client.Producer;
import io.weir.client.WeirException;
import io.weir.message.MessageId;
import io.weir.message.Schema;

/** Remembers what was sent. */
public final class FakeProducer<T> implements Producer<T> {

	public final Map<String, Object> settings;

	public final List<Sent> sent = new CopyOnWriteArrayList<>();

	public volatile boolean closed;

	public volatile boolean closedBeforeItsClient;

	public volatile boolean flushed;

	public volatile int sentAfterTheEnd;

	public volatile int pending;

	/** Completes what waits for it to be closed. */
	private final CompletableFuture<Void> end;

	public volatile @Nullable WeirException refusal;

	/** The next asynchronous sends get these instead of an answer. */
	public final Queue<CompletableFuture<MessageId>> answers = new ConcurrentLinkedQueue<>();

	private final Schema<T> schema;

	FakeProducer(Map<String, Object> settings, Schema<T> schema, CompletableFuture<Void> end) {
		this.settings = settings;
		this.end = end;
		this.schema = schema;
	}

	/** What was sent. */
	public record Sent(String payload, @Nullable String key, Map<String, String> headers, @Nullable Instant eventTime) {
	}

	public List<String> payloads() {
		return this.sent.stream().map(Sent::payload).toList();
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
	public MessageBuilder<T> tombstone(String key) {
		return begin(null).key(key);
	}

	@Override
	public MessageBuilder<T> message(T value) {
		return begin(value);
	}

	private MessageBuilder<T> begin(@Nullable T value) {
		return new MessageBuilder<>() {

			private final Map<String, String> headers = new LinkedHashMap<>();

			private @Nullable String key;

			private @Nullable Instant eventTime;

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
			public MessageBuilder<T> deliverAt(Instant time) {
				this.headers.put("deliverAt", time.toString());
				return this;
			}

			@Override
			public MessageBuilder<T> deliverAfter(Duration delay) {
				this.headers.put("deliverAfter", delay.toString());
				return this;
			}

			@Override
			public MessageBuilder<T> expiresAfter(Duration time) {
				this.headers.put("expiresAfter", time.toString());
				return this;
			}

			@Override
			public MessageId send() {
				WeirException failure = FakeProducer.this.refusal;
				if (failure != null) {
					throw failure;
				}
				ByteBuffer payload = (value != null) ? FakeProducer.this.schema.encode(value) : ByteBuffer.allocate(0);
				synchronized (FakeProducer.this) {
					FakeProducer.this.sentAfterTheEnd += FakeProducer.this.closed ? 1 : 0;
					FakeProducer.this.sent.add(new Sent(StandardCharsets.UTF_8.decode(payload).toString(), this.key,
							this.headers, this.eventTime));
					return FakeMessage.id(FakeProducer.this.sent.size() - 1L);
				}
			}

			@Override
			public CompletableFuture<MessageId> sendAsync() {
				try {
					MessageId id = send();
					CompletableFuture<MessageId> answer = FakeProducer.this.answers.poll();
					return (answer != null) ? answer : CompletableFuture.completedFuture(id);
				}
				catch (WeirException ex) {
					return CompletableFuture.failedFuture(ex);
				}
			}

		};
	}

	@Override
	public boolean cancelDelayed(MessageId id) {
		return false;
	}

	@Override
	public CompletableFuture<Boolean> cancelDelayedAsync(MessageId id) {
		return CompletableFuture.completedFuture(false);
	}

	@Override
	public void flush() {
		this.flushed = true;
	}

	@Override
	public CompletableFuture<Void> flushAsync() {
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public String topic() {
		return (String) this.settings.get("topic");
	}

	@Override
	public String name() {
		return "fake";
	}

	@Override
	public int pending() {
		return this.pending;
	}

	@Override
	public void close() {
		closeAsync().join();
	}

	@Override
	public CompletableFuture<Void> closeAsync() {
		this.closedBeforeItsClient = !this.closed;
		this.closed = true;
		return this.end.copy();
	}

	/** Closed by its client. */
	void end() {
		this.closed = true;
	}

}
