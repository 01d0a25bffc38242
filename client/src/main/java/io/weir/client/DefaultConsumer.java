package io.weir.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.consumer.ConsumerCore;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.wire.ProtocolException;

/**
 * Gives a {@link ConsumerCore} the exceptions of the API.
 *
 * @param <T> the type of the values
 */
final class DefaultConsumer<T> implements Consumer<T> {

	/** As long as durations in nanoseconds can be. */
	private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

	private final ConsumerCore<T> core;

	private final String topic;

	private final String subscription;

	DefaultConsumer(ConsumerCore<T> core, String topic, String subscription) {
		this.core = core;
		this.topic = topic;
		this.subscription = subscription;
	}

	@Override
	public Message<T> receive() {
		Message<T> message = receive(FOREVER);
		while (message == null) {
			message = receive(FOREVER);
		}
		return message;
	}

	@Override
	public @Nullable Message<T> receive(Duration timeout) {
		try {
			return this.core.receive((timeout.compareTo(FOREVER) < 0) ? timeout : FOREVER);
		}
		catch (InterruptedException ex) {
			throw Waiting.interrupted("a message", ex);
		}
		catch (ProtocolException ex) {
			throw WeirException.from(ex);
		}
	}

	@Override
	public CompletableFuture<Message<T>> receiveAsync() {
		return this.core.receiveAsync();
	}

	@Override
	public void acknowledge(MessageId id) {
		acknowledge(id, null);
	}

	@Override
	public CompletableFuture<Void> acknowledgeAsync(MessageId id) {
		CompletableFuture<Void> stored = new CompletableFuture<>();
		try {
			acknowledge(id, stored);
		}
		catch (WeirException ex) {
			stored.completeExceptionally(ex);
		}
		return stored;
	}

	private void acknowledge(MessageId id, @Nullable CompletableFuture<Void> stored) {
		try {
			this.core.acknowledge(id, stored);
		}
		catch (ProtocolException ex) {
			throw WeirException.from(ex);
		}
	}

	@Override
	public void negativeAcknowledge(MessageId id) {
		try {
			this.core.negativeAcknowledge(id);
		}
		catch (ProtocolException ex) {
			throw WeirException.from(ex);
		}
	}

	@Override
	public void pause() {
		this.core.pause();
	}

	@Override
	public void resume() {
		this.core.resume();
	}

	@Override
	public String topic() {
		return this.topic;
	}

	@Override
	public String subscription() {
		return this.subscription;
	}

	@Override
	public boolean isConnected() {
		return this.core.isConnected();
	}

	@Override
	public void close() {
		Waiting.on(this.core.close(), "the consumer to close");
	}

	@Override
	public String toString() {
		return "Consumer[" + this.subscription + " of topic " + this.topic + "]";
	}

}
