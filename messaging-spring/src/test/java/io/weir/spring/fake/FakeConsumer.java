package io.weir.spring.fake;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.weir.client.Consumer;
import io.weir.client.DeadLetterPolicy;
import io.weir.client.WeirException;
import io.weir.message.Backlog;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Redelivery;
import io.weir.wire.ErrorCode;

/** Delivers what it is told to, remembers what was done about it. */
public final class FakeConsumer<T> implements Consumer<T> {

	public final Map<String, Object> settings;

	public final List<MessageId> acknowledged = new CopyOnWriteArrayList<>();

	public final List<MessageId> negativelyAcknowledged = new CopyOnWriteArrayList<>();

	/** Given up, with the reason. */
	public final Map<MessageId, Throwable> givenUp = new ConcurrentHashMap<>();

	/** Given back with a delay that is not over. */
	public final Map<MessageId, Duration> putOff = new ConcurrentHashMap<>();

	public final List<Object> sought = new CopyOnWriteArrayList<>();

	/** What the broker answers. */
	public volatile Supplier<CompletableFuture<Backlog>> backlog = () -> CompletableFuture
		.completedFuture(new Backlog(0, null));

	public volatile boolean paused;

	public volatile boolean closed;

	/** Completes what waits for it to be closed. */
	private final CompletableFuture<Void> end;

	private final Queue<FakeMessage<T>> queue = new ConcurrentLinkedQueue<>();

	private final Queue<CompletableFuture<Message<T>>> waiting = new ConcurrentLinkedQueue<>();

	private final Map<MessageId, FakeMessage<T>> delivered = new ConcurrentHashMap<>();

	private @Nullable WeirException unheard;

	FakeConsumer(Map<String, Object> settings, CompletableFuture<Void> end) {
		this.settings = settings;
		this.end = end;
	}

	public synchronized void deliver(FakeMessage<T> message) {
		this.delivered.put(message.id(), message);
		CompletableFuture<Message<T>> next = this.waiting.poll();
		while (next != null && !next.complete(message)) {
			next = this.waiting.poll();
		}
		if (next == null) {
			this.queue.add(message);
		}
	}

	/** Fails what waits for a message, or else what does so next. */
	public synchronized void fail(WeirException failure) {
		boolean heard = false;
		for (CompletableFuture<Message<T>> next : this.waiting) {
			heard |= next.completeExceptionally(failure);
		}
		this.unheard = heard ? null : failure;
	}

	/** How many messages nobody has taken. */
	public int waiting() {
		return this.queue.size();
	}

	@Override
	public Message<T> receive() {
		return receiveAsync().join();
	}

	@Override
	public @Nullable Message<T> receive(Duration timeout) {
		requireOpen();
		Message<T> message = this.queue.poll();
		if (message != null || timeout.isZero()) {
			return message;
		}
		CompletableFuture<Message<T>> next = receiveAsync();
		try {
			return next.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			return next.cancel(false) ? null : next.join();
		}
		catch (ExecutionException | InterruptedException ex) {
			throw WeirException.from(ex);
		}
	}

	@Override
	public synchronized CompletableFuture<Message<T>> receiveAsync() {
		requireOpen();
		WeirException failure = this.unheard;
		if (failure != null) {
			this.unheard = null;
			return CompletableFuture.failedFuture(failure);
		}
		Message<T> message = this.queue.poll();
		CompletableFuture<Message<T>> next = new CompletableFuture<>();
		if (message != null) {
			next.complete(message);
		}
		else {
			this.waiting.add(next);
		}
		return next;
	}

	@Override
	public void acknowledge(MessageId id) {
		requireOpen();
		this.acknowledged.add(id);
	}

	@Override
	public CompletableFuture<Void> acknowledgeAsync(MessageId id) {
		acknowledge(id);
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public Redelivery negativeAcknowledge(MessageId id) {
		requireOpen();
		this.negativelyAcknowledged.add(id);
		if (this.settings.get("deadLetterPolicy") instanceof DeadLetterPolicy policy
				&& this.delivered.get(id).redeliveryCount() >= policy.maxRedeliveries()) {
			return new Redelivery(Duration.ZERO, policy.topic());
		}
		deliver(this.delivered.get(id).redelivered());
		return new Redelivery(Duration.ZERO, null);
	}

	@Override
	public Redelivery negativeAcknowledge(MessageId id, Duration delay) {
		if (delay.isZero()) {
			return negativeAcknowledge(id);
		}
		requireOpen();
		this.putOff.put(id, delay);
		return new Redelivery(delay, null);
	}

	@Override
	public Redelivery negativeAcknowledge(Message<?> message, @Nullable Duration delay, Throwable failure) {
		return (delay != null) ? negativeAcknowledge(message.id(), delay) : negativeAcknowledge(message.id());
	}

	@Override
	public Redelivery deadLetter(Message<?> message, @Nullable Duration delay, Throwable failure) {
		requireOpen();
		this.givenUp.put(message.id(), failure);
		return (this.settings.get("deadLetterPolicy") instanceof DeadLetterPolicy policy)
				? new Redelivery(Duration.ZERO, policy.topic()) : negativeAcknowledge(message, delay, failure);
	}

	@Override
	public List<Message<T>> batchReceive(int maxMessages, Duration timeout) {
		List<Message<T>> messages = new ArrayList<>();
		Message<T> message = receive(timeout);
		while (message != null) {
			messages.add(message);
			message = (messages.size() < maxMessages) ? receive(Duration.ZERO) : null;
		}
		return messages;
	}

	@Override
	public void acknowledgeCumulative(MessageId id) {
		acknowledge(id);
	}

	@Override
	public CompletableFuture<Void> acknowledgeCumulativeAsync(MessageId id) {
		return acknowledgeAsync(id);
	}

	@Override
	public void seek(MessageId id) {
		requireOpen();
		this.sought.add(id);
	}

	@Override
	public void seek(Instant publishTime) {
		requireOpen();
		this.sought.add(publishTime);
	}

	@Override
	public CompletableFuture<Void> seekAsync(MessageId id) {
		seek(id);
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public CompletableFuture<Void> seekAsync(Instant publishTime) {
		seek(publishTime);
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public void unsubscribe() {
		close();
	}

	@Override
	public CompletableFuture<Void> unsubscribeAsync() {
		unsubscribe();
		return CompletableFuture.completedFuture(null);
	}

	private void requireOpen() {
		if (this.closed) {
			throw new WeirException(ErrorCode.CLOSED, "closed");
		}
	}

	@Override
	public CompletableFuture<Backlog> backlogAsync() {
		return this.backlog.get();
	}

	@Override
	public void pause() {
		this.paused = true;
	}

	@Override
	public void resume() {
		this.paused = false;
	}

	@Override
	public String topic() {
		return (String) this.settings.getOrDefault("topic", this.settings.get("topics"));
	}

	@Override
	public String subscription() {
		return (String) this.settings.get("subscription");
	}

	@Override
	public boolean isConnected() {
		return !this.closed;
	}

	@Override
	public void close() {
		closeAsync().join();
	}

	@Override
	public CompletableFuture<Void> closeAsync() {
		this.closed = true;
		fail(new WeirException(ErrorCode.CLOSED, "closed"));
		return this.end.copy();
	}

}
