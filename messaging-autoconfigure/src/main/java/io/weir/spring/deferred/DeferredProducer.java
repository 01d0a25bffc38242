package io.weir.spring.deferred;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.weir.client.MessageBuilder;
import io.weir.client.Producer;
import io.weir.client.WeirException;
import io.weir.message.MessageId;
import io.weir.spring.observation.WeirObservations;
import io.weir.wire.ErrorCode;

/**
 * A producer that the broker gets to know when it is first used, so that an application
 * starts without a broker. A creation that failed fails the calls that waited for it and
 * is tried again by the next call. Calls that must not block wait in a queue, in order,
 * and are observed like all others.
 *
 * @param <T> the type of the values
 */
public final class DeferredProducer<T> implements Producer<T> {

	/** How long closing waits for the creation that calls wait for. */
	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

	private final String topic;

	private final int maxPending;

	private final WeirObservations observations;

	private final Deferred<Producer<T>> deferred;

	private final Duration closeTimeout;

	private final Object lock = new Object();

	/** Guarded by the lock; empty once there is a delegate. */
	private final Queue<Waiting<?>> waiting = new ArrayDeque<>();

	/** Written under the lock, after what waited has been handed over. */
	private volatile @Nullable Producer<T> delegate;

	/**
	 * Creates the producer. Asks the broker for nothing.
	 * @param topic the topic
	 * @param maxPending how many calls may wait for the creation without blocking
	 * @param creation creates the real producer
	 * @param observations what observes the messages
	 */
	public DeferredProducer(String topic, int maxPending, Supplier<CompletableFuture<Producer<T>>> creation,
			WeirObservations observations) {
		this(topic, maxPending, creation, observations, CLOSE_TIMEOUT);
	}

	DeferredProducer(String topic, int maxPending, Supplier<CompletableFuture<Producer<T>>> creation,
			WeirObservations observations, Duration closeTimeout) {
		this.topic = topic;
		this.maxPending = maxPending;
		this.observations = observations;
		this.closeTimeout = closeTimeout;
		this.deferred = new Deferred<>("The producer for topic '" + topic + "'", () -> asked(creation));
	}

	/** What cannot even be asked for fails those who wait, or they would for ever. */
	private static <P> CompletableFuture<P> asked(Supplier<CompletableFuture<P>> creation) {
		try {
			return creation.get();
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
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
		return new Outgoing<>(this, value);
	}

	MessageId send(Outgoing<T> message) {
		return this.observations.send(this.topic, message, () -> message.on(producer()).send());
	}

	CompletableFuture<MessageId> sendAsync(Outgoing<T> message) {
		return this.observations.sendAsync(this.topic, message,
				() -> whenReady((producer) -> message.on(producer).sendAsync()));
	}

	@Override
	public void flush() {
		producer().flush();
	}

	@Override
	public CompletableFuture<Void> flushAsync() {
		return whenReady(Producer::flushAsync);
	}

	@Override
	public String topic() {
		return this.topic;
	}

	@Override
	public String name() {
		return producer().name();
	}

	@Override
	public int pending() {
		Producer<T> producer = this.delegate;
		if (producer != null) {
			return producer.pending();
		}
		synchronized (this.lock) {
			return this.waiting.size();
		}
	}

	/**
	 * Waits up to 5 seconds for the creation that calls wait for, fails with
	 * {@code CLOSED} those that still wait then, and closes what was created.
	 */
	@Override
	public void close() {
		if (pendingCreation()) {
			handOver();
		}
		this.deferred.close(Producer::close);
		created(null, new WeirException(ErrorCode.CLOSED,
				"The producer for topic '" + this.topic + "' was closed before the broker accepted it"));
	}

	private boolean pendingCreation() {
		synchronized (this.lock) {
			return !this.waiting.isEmpty();
		}
	}

	/**
	 * Waits a while until what waits has a producer, or has failed for the lack of one.
	 */
	private void handOver() {
		try {
			this.deferred.get().whenComplete(this::created).get(this.closeTimeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			// Whoever waits has got it, or is about to be told.
		}
	}

	/** Blocks until there is a producer, and what waited before has been handed to it. */
	private Producer<T> producer() {
		Producer<T> producer = this.delegate;
		return (producer != null) ? producer : Deferred.await(whenReady(CompletableFuture::completedFuture));
	}

	private <R> CompletableFuture<R> whenReady(Function<Producer<T>, CompletableFuture<R>> call) {
		Producer<T> producer = this.delegate;
		if (producer != null) {
			return call.apply(producer);
		}
		Waiting<R> entry = new Waiting<>(call);
		synchronized (this.lock) {
			producer = this.delegate;
			if (producer == null) {
				if (this.waiting.size() >= this.maxPending) {
					return CompletableFuture.failedFuture(new WeirException(ErrorCode.QUEUE_FULL, this.maxPending
							+ " messages already wait for the producer for topic '" + this.topic + "'"));
				}
				this.waiting.add(entry);
			}
		}
		if (producer != null) {
			return call.apply(producer);
		}
		this.deferred.get().whenComplete(this::created);
		return entry;
	}

	private void created(@Nullable Producer<T> producer, @Nullable Throwable failure) {
		synchronized (this.lock) {
			for (Waiting<?> next = this.waiting.poll(); next != null; next = this.waiting.poll()) {
				next.resume(producer, failure);
			}
			if (producer != null) {
				this.delegate = producer;
			}
		}
	}

	/**
	 * A call that waits for the producer. Until it is made cancelling takes it back, and
	 * from then on cancels what it returned.
	 */
	private final class Waiting<R> extends CompletableFuture<R> {

		private final Function<Producer<T>, CompletableFuture<R>> call;

		/** Guarded by the lock. */
		private @Nullable CompletableFuture<R> made;

		Waiting(Function<Producer<T>, CompletableFuture<R>> call) {
			this.call = call;
		}

		/** Called with the lock. */
		void resume(@Nullable Producer<T> producer, @Nullable Throwable failure) {
			if (producer == null) {
				completeExceptionally(WeirException
					.from((failure != null) ? failure : new IllegalStateException("No producer and no failure")));
				return;
			}
			CompletableFuture<R> result = asked(() -> this.call.apply(producer));
			this.made = result;
			result.whenComplete((value, problem) -> {
				if (result.isCancelled()) {
					super.cancel(false);
				}
				else if (problem != null) {
					completeExceptionally(WeirException.from(problem));
				}
				else {
					complete(value);
				}
			});
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			if (!isDone() && takeBack(mayInterruptIfRunning)) {
				super.cancel(mayInterruptIfRunning);
			}
			return isCancelled();
		}

		private boolean takeBack(boolean mayInterruptIfRunning) {
			CompletableFuture<R> result;
			synchronized (DeferredProducer.this.lock) {
				if (DeferredProducer.this.waiting.remove(this)) {
					return true;
				}
				result = this.made;
			}
			return result != null && result.cancel(mayInterruptIfRunning);
		}

	}

}
