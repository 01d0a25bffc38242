package io.weir.spring.deferred;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.weir.client.Consumer;
import io.weir.message.Message;
import io.weir.message.MessageId;

/**
 * A consumer that subscribes in the background, so that an application starts without a
 * broker. Calls wait for the subscription and fail as it fails; the next call tries
 * again. {@link #receive(Duration)} waits no longer than its timeout.
 *
 * @param <T> the type of the values
 */
public final class DeferredConsumer<T> implements Consumer<T> {

	private final String topic;

	private final String subscription;

	private final Deferred<Consumer<T>> deferred;

	/**
	 * Creates the consumer and begins to subscribe.
	 * @param topic the topic
	 * @param subscription the subscription
	 * @param creation subscribes
	 */
	public DeferredConsumer(String topic, String subscription, Supplier<CompletableFuture<Consumer<T>>> creation) {
		this.topic = topic;
		this.subscription = subscription;
		this.deferred = new Deferred<>("The consumer of subscription '" + subscription + "' of topic '" + topic + "'",
				creation);
		this.deferred.get();
	}

	@Override
	public Message<T> receive() {
		return consumer().receive();
	}

	@Override
	public @Nullable Message<T> receive(Duration timeout) {
		Consumer<T> ready = this.deferred.ifReady();
		if (ready != null) {
			return ready.receive(timeout);
		}
		long deadline = System.nanoTime() + timeout.toNanos();
		CompletableFuture<Consumer<T>> subscribing = this.deferred.get();
		try {
			subscribing.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			return null;
		}
		catch (ExecutionException | InterruptedException ex) {
			throw Deferred.failure(ex);
		}
		return Deferred.await(subscribing).receive(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
	}

	@Override
	public CompletableFuture<Message<T>> receiveAsync() {
		return this.deferred.get().thenCompose(Consumer::receiveAsync);
	}

	@Override
	public void acknowledge(MessageId id) {
		consumer().acknowledge(id);
	}

	@Override
	public CompletableFuture<Void> acknowledgeAsync(MessageId id) {
		return this.deferred.get().thenCompose((consumer) -> consumer.acknowledgeAsync(id));
	}

	@Override
	public void negativeAcknowledge(MessageId id) {
		consumer().negativeAcknowledge(id);
	}

	@Override
	public void pause() {
		consumer().pause();
	}

	@Override
	public void resume() {
		consumer().resume();
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
		Consumer<T> consumer = this.deferred.ifReady();
		return consumer != null && consumer.isConnected();
	}

	@Override
	public void close() {
		this.deferred.close(Consumer::close);
	}

	private Consumer<T> consumer() {
		return Deferred.await(this.deferred.get());
	}

}
