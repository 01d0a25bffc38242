package io.weir.client;

import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import io.weir.message.Headers;
import io.weir.message.MessageId;
import io.weir.wire.ErrorCode;
import io.weir.wire.MessageTimes;

/**
 * A producer that the broker gets to know with its first message, and another in its
 * place once that was refused.
 *
 * @param <T> the type of the values
 */
final class LazyProducer<T> implements Producer<T>, MessageSender<T> {

	private final ReentrantLock lock = new ReentrantLock();

	private final String topic;

	private final String name;

	private final Supplier<DefaultProducer<T>> creation;

	/** Written under the lock. */
	private volatile @Nullable DefaultProducer<T> current;

	@GuardedBy("lock")
	private boolean closed;

	/**
	 * Creates the producer.
	 * @param name what was configured, or nothing
	 * @param creation makes a producer that may be used at once, and does not block
	 */
	LazyProducer(String topic, String name, Supplier<DefaultProducer<T>> creation) {
		this.topic = topic;
		this.name = name;
		this.creation = creation;
	}

	@Override
	public MessageId send(T value) {
		Objects.requireNonNull(value, "value");
		return send(value, null, null, Headers.empty(), MessageTimes.ANY);
	}

	@Override
	public CompletableFuture<MessageId> sendAsync(T value) {
		Objects.requireNonNull(value, "value");
		return sendAsync(value, null, null, Headers.empty(), MessageTimes.ANY);
	}

	@Override
	public MessageBuilder<T> message(T value) {
		Objects.requireNonNull(value, "value");
		return new DefaultMessageBuilder<>(this, value);
	}

	@Override
	public MessageBuilder<T> tombstone(String key) {
		return new DefaultMessageBuilder<>(this, null).key(key);
	}

	@Override
	public MessageId send(@Nullable T value, @Nullable String key, @Nullable Instant eventTime, Headers headers,
			MessageTimes times) {
		return producer().send(value, key, eventTime, headers, times);
	}

	@Override
	public CompletableFuture<MessageId> sendAsync(@Nullable T value, @Nullable String key, @Nullable Instant eventTime,
			Headers headers, MessageTimes times) {
		try {
			return producer().sendAsync(value, key, eventTime, headers, times);
		}
		catch (WeirException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private DefaultProducer<T> producer() {
		DefaultProducer<T> present = this.current;
		return (present != null && !present.isRefused()) ? present : created();
	}

	private DefaultProducer<T> created() {
		this.lock.lock();
		try {
			DefaultProducer<T> present = this.current;
			if (this.closed) {
				throw new WeirException(ErrorCode.CLOSED, "The producer was closed");
			}
			if (present == null || present.isRefused()) {
				present = this.creation.get();
				this.current = present;
			}
			return present;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public boolean cancelDelayed(MessageId id) {
		return producer().cancelDelayed(id);
	}

	@Override
	public CompletableFuture<Boolean> cancelDelayedAsync(MessageId id) {
		try {
			return producer().cancelDelayedAsync(id);
		}
		catch (WeirException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	@Override
	public void flush() {
		DefaultProducer<T> present = this.current;
		if (present != null) {
			present.flush();
		}
	}

	@Override
	public CompletableFuture<Void> flushAsync() {
		DefaultProducer<T> present = this.current;
		return (present != null) ? present.flushAsync() : CompletableFuture.completedFuture(null);
	}

	@Override
	public String topic() {
		return this.topic;
	}

	@Override
	public String name() {
		DefaultProducer<T> present = this.current;
		return (present != null) ? present.name() : this.name;
	}

	@Override
	public int pending() {
		DefaultProducer<T> present = this.current;
		return (present != null) ? present.pending() : 0;
	}

	@Override
	public void close() {
		DefaultProducer<T> present = last();
		if (present != null) {
			present.close();
		}
	}

	@Override
	public CompletableFuture<Void> closeAsync() {
		DefaultProducer<T> present = last();
		return (present != null) ? present.closeAsync() : CompletableFuture.completedFuture(null);
	}

	/** No other one will be made. */
	private @Nullable DefaultProducer<T> last() {
		this.lock.lock();
		try {
			this.closed = true;
			return this.current;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public String toString() {
		return "Producer[" + name() + " of topic " + this.topic + "]";
	}

}
