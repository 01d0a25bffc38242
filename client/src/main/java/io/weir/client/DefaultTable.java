package io.weir.client;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.internal.callback.CallbackFuture;
import io.weir.client.internal.consumer.PartitionedConsumer;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.wire.LogLimit;

/**
 * A reader's messages by key. They are taken one after the other, on the executor of
 * callbacks, since schemas and the listener are the application's code.
 *
 * @param <T> the type of the values
 */
final class DefaultTable<T> implements Table<T> {

	/** After so many messages others on the same executor have their turn. */
	private static final int MESSAGES_PER_TURN = 256;

	private static final Logger logger = LoggerFactory.getLogger(DefaultTable.class);

	private final ReentrantLock lock = new ReentrantLock();

	/** Written under the lock. */
	private final Map<String, T> values = new ConcurrentHashMap<>();

	private final CompletableFuture<Void> complete = new CompletableFuture<>();

	private final LongAdder passedOver = new LongAdder();

	private final LogLimit listenerFailures = new LogLimit();

	private final LogLimit messageFailures = new LogLimit();

	private final PartitionedConsumer<T> reader;

	private final Executor callbacks;

	private final String topic;

	private final TableListener<? super T> listener;

	/** The last message that was taken of each partition. */
	@GuardedBy("lock")
	private final Map<Integer, MessageId> taken = new HashMap<>();

	/**
	 * Of each partition of which the end was reached of what was there: the last message
	 * before it, if there is one that must come.
	 */
	@GuardedBy("lock")
	private final Map<Integer, Optional<MessageId>> ends = new HashMap<>();

	/** Why there are no more messages. */
	private volatile @Nullable WeirException ended;

	DefaultTable(PartitionedConsumer<T> reader, Executor callbacks, String topic, TableListener<? super T> listener) {
		this.reader = reader;
		this.callbacks = callbacks;
		this.topic = topic;
		this.listener = listener;
	}

	/**
	 * Begins to read.
	 * @return completes when everything was read that was there
	 */
	CompletableFuture<Void> read() {
		this.reader.open(this::endReached).whenComplete((opened, failure) -> {
			if (failure != null) {
				this.complete.completeExceptionally(failure);
			}
		});
		this.callbacks.execute(this::takeMessages);
		return this.complete;
	}

	/** Returns whether that is enough: what has come may get lost with the connection. */
	private boolean endReached(int partition, Optional<MessageId> last) {
		this.lock.lock();
		try {
			this.ends.put(partition, last);
		}
		finally {
			this.lock.unlock();
		}
		completeAtEnd();
		return this.complete.isDone();
	}

	private void completeAtEnd() {
		if (!this.complete.isDone() && isAtEnd()) {
			this.complete.complete(null);
		}
	}

	private boolean isAtEnd() {
		this.lock.lock();
		try {
			boolean atEnd = this.ends.size() >= this.reader.partitions();
			for (Map.Entry<Integer, Optional<MessageId>> end : this.ends.entrySet()) {
				MessageId latest = this.taken.get(end.getKey());
				Optional<MessageId> last = end.getValue();
				atEnd &= last.isEmpty() || (latest != null && latest.compareTo(last.get()) >= 0);
			}
			return atEnd;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void takeMessages() {
		CompletableFuture<Message<T>> next = this.reader.receiveAsync();
		for (int i = 0; next.isDone() && i < MESSAGES_PER_TURN; i++) {
			if (!take(next)) {
				return;
			}
			next = this.reader.receiveAsync();
		}
		CompletableFuture<Message<T>> later = next;
		later.whenComplete((message, failure) -> this.callbacks.execute(() -> {
			if (take(later)) {
				takeMessages();
			}
		}));
	}

	/** Returns whether more may follow. */
	private boolean take(CompletableFuture<Message<T>> next) {
		Message<T> message;
		try {
			message = next.join();
		}
		catch (CompletionException | CancellationException ex) {
			this.ended = WeirException.from(ex);
			this.complete.completeExceptionally(ex);
			return false;
		}
		try {
			take(message);
		}
		finally {
			completeAtEnd();
		}
		return true;
	}

	private void take(Message<T> message) {
		String key = message.key();
		if (key == null) {
			passOver(message, "has no key", null);
			put(message, null, null);
			return;
		}
		T after = value(message);
		T before = put(message, key, after);
		if (before != null || after != null) {
			tell(key, before, after);
		}
	}

	/** Returns what was there before; there is nothing for a key without a value. */
	private @Nullable T put(Message<T> message, @Nullable String key, @Nullable T value) {
		this.lock.lock();
		try {
			this.taken.put(message.partition(), message.id());
			if (key == null) {
				return null;
			}
			return (value != null) ? this.values.put(key, value) : this.values.remove(key);
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable T value(Message<T> message) {
		if (message.payload().length == 0) {
			return null;
		}
		try {
			return message.value();
		}
		catch (RuntimeException ex) {
			passOver(message, "cannot be decoded, so that its key has no value", ex);
			return null;
		}
	}

	private void passOver(Message<T> message, String why, @Nullable RuntimeException failure) {
		this.passedOver.increment();
		LogLimit.Line line = this.messageFailures.next(failure);
		if (line != null) {
			logger.warn("Message {} with key {} {}, in the table of topic '{}'{}", message.id(), message.key(), why,
					this.topic, line.ending(), line.trace());
		}
	}

	/** Whatever one change does to the listener, the next must follow. */
	private void tell(String key, @Nullable T before, @Nullable T after) {
		try {
			this.listener.changed(key, before, after);
		}
		catch (Throwable ex) {
			LogLimit.Line line = this.listenerFailures.next(ex);
			if (line != null) {
				logger.error("The listener of the table of topic '{}' failed on key '{}': {}{}", this.topic, key, ex,
						line.ending(), line.trace());
			}
		}
	}

	private Map<String, T> values() {
		WeirException cause = this.ended;
		if (cause != null) {
			throw new WeirException(cause.code(), cause.reason(), cause);
		}
		return this.values;
	}

	@Override
	public @Nullable T get(String key) {
		Objects.requireNonNull(key, "key");
		return values().get(key);
	}

	@Override
	public boolean containsKey(String key) {
		Objects.requireNonNull(key, "key");
		return values().containsKey(key);
	}

	@Override
	public int size() {
		return values().size();
	}

	@Override
	public Map<String, T> snapshot() {
		this.lock.lock();
		try {
			return new HashMap<>(values());
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public long passedOver() {
		return this.passedOver.sum();
	}

	@Override
	public String topic() {
		return this.topic;
	}

	@Override
	public boolean isConnected() {
		return this.reader.isConnected();
	}

	@Override
	public void close() {
		Await.on(this.reader::close, "the table to close", "closeAsync");
	}

	@Override
	public CompletableFuture<Void> closeAsync() {
		return CallbackFuture.of(this.reader.close().copy(), this.callbacks);
	}

	@Override
	public String toString() {
		return "Table[" + this.topic + ", " + this.values.size() + " keys]";
	}

}
