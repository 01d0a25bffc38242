package io.weir.spring.deferred;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.weir.client.Consumer;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Redelivery;
import io.weir.time.DurationRange;

/**
 * A consumer that subscribes in the background, so that an application starts without a
 * broker. Calls wait for the subscription and fail as it fails; the next call tries
 * again. {@link #receive(Duration)} and {@link #batchReceive} wait no longer than their
 * timeout.
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
		Objects.requireNonNull(timeout, "timeout");
		long deadline = System.nanoTime() + DurationRange.waitNanos(timeout);
		Consumer<T> ready = ready(timeout);
		return (ready != null) ? ready.receive(until(deadline)) : null;
	}

	@Override
	public List<Message<T>> batchReceive(int maxMessages, Duration timeout) {
		Objects.requireNonNull(timeout, "timeout");
		long deadline = System.nanoTime() + DurationRange.waitNanos(timeout);
		Consumer<T> ready = ready(timeout);
		return (ready != null) ? ready.batchReceive(maxMessages, until(deadline)) : List.of();
	}

	private static Duration until(long deadline) {
		return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
	}

	/** Waits for the subscription; {@code null} if it takes longer. */
	private @Nullable Consumer<T> ready(Duration timeout) {
		Consumer<T> ready = this.deferred.ifReady();
		if (ready != null) {
			return ready;
		}
		try {
			return this.deferred.get().get(DurationRange.waitNanos(timeout), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			return null;
		}
		catch (ExecutionException | InterruptedException ex) {
			throw Deferred.failure(ex);
		}
	}

	@Override
	public CompletableFuture<Message<T>> receiveAsync() {
		return this.deferred.get().thenCompose(Consumer::receiveAsync);
	}

	@Override
	public void acknowledge(MessageId id) {
		Objects.requireNonNull(id, "id");
		consumer().acknowledge(id);
	}

	@Override
	public CompletableFuture<Void> acknowledgeAsync(MessageId id) {
		Objects.requireNonNull(id, "id");
		return this.deferred.get().thenCompose((consumer) -> consumer.acknowledgeAsync(id));
	}

	@Override
	public void acknowledgeCumulative(MessageId id) {
		Objects.requireNonNull(id, "id");
		consumer().acknowledgeCumulative(id);
	}

	@Override
	public CompletableFuture<Void> acknowledgeCumulativeAsync(MessageId id) {
		Objects.requireNonNull(id, "id");
		return this.deferred.get().thenCompose((consumer) -> consumer.acknowledgeCumulativeAsync(id));
	}

	@Override
	public @Nullable Redelivery negativeAcknowledge(MessageId id) {
		Objects.requireNonNull(id, "id");
		return consumer().negativeAcknowledge(id);
	}

	@Override
	public @Nullable Redelivery negativeAcknowledge(MessageId id, Duration delay) {
		Objects.requireNonNull(id, "id");
		Objects.requireNonNull(delay, "delay");
		return consumer().negativeAcknowledge(id, delay);
	}

	@Override
	public void seek(MessageId id) {
		Objects.requireNonNull(id, "id");
		consumer().seek(id);
	}

	@Override
	public void seek(Instant publishTime) {
		Objects.requireNonNull(publishTime, "publishTime");
		consumer().seek(publishTime);
	}

	@Override
	public CompletableFuture<Void> seekAsync(MessageId id) {
		Objects.requireNonNull(id, "id");
		return this.deferred.get().thenCompose((consumer) -> consumer.seekAsync(id));
	}

	@Override
	public CompletableFuture<Void> seekAsync(Instant publishTime) {
		Objects.requireNonNull(publishTime, "publishTime");
		return this.deferred.get().thenCompose((consumer) -> consumer.seekAsync(publishTime));
	}

	@Override
	public void unsubscribe() {
		consumer().unsubscribe();
	}

	@Override
	public CompletableFuture<Void> unsubscribeAsync() {
		return this.deferred.get().thenCompose(Consumer::unsubscribeAsync);
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
		Deferred.await(closeAsync());
	}

	@Override
	public CompletableFuture<Void> closeAsync() {
		return this.deferred.close(Consumer::closeAsync);
	}

	private Consumer<T> consumer() {
		return Deferred.await(this.deferred.get());
	}

}
