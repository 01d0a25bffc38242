package io.weir.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

import io.weir.client.internal.callback.BlockingCalls;
import io.weir.client.internal.callback.CallbackFuture;
import io.weir.client.internal.consumer.Refusal;
import io.weir.client.internal.consumer.SeekTarget;
import io.weir.client.internal.consumer.Subscriber;
import io.weir.client.internal.link.Endpoint;
import io.weir.message.Backlog;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Redelivery;
import io.weir.setting.Require;
import io.weir.time.DurationRange;
import io.weir.wire.ProtocolException;

/**
 * Gives a {@link Subscriber} the exceptions of the API.
 *
 * @param <T> the type of the values
 */
final class DefaultConsumer<T> implements Consumer<T> {

	/** Makes another one once the broker has refused the present one, if at all. */
	private final @Nullable Supplier<Subscriber<T>> creation;

	/** Written under the lock of this. */
	private volatile Subscriber<T> core;

	@GuardedBy("this")
	private boolean closing;

	private final @Nullable Listening<T> listening;

	private final Executor callbacks;

	private final String topic;

	private final String subscription;

	/** A consumer that the broker has accepted, or that has a listener. */
	DefaultConsumer(Subscriber<T> core, @Nullable Listening<T> listening, Executor callbacks, String topic,
			String subscription) {
		this.creation = null;
		this.core = core;
		this.listening = listening;
		this.callbacks = callbacks;
		this.topic = topic;
		this.subscription = subscription;
	}

	/** A consumer that subscribes in the background. */
	DefaultConsumer(Supplier<Subscriber<T>> creation, Executor callbacks, String topic, String subscription) {
		this.creation = creation;
		this.core = creation.get();
		this.listening = null;
		this.callbacks = callbacks;
		this.topic = topic;
		this.subscription = subscription;
	}

	private Subscriber<T> core() {
		Subscriber<T> present = this.core;
		return (this.creation != null && present.isRefused()) ? another(this.creation) : present;
	}

	private synchronized Subscriber<T> another(Supplier<Subscriber<T>> creation) {
		if (this.core.isRefused() && !this.closing) {
			try {
				this.core = creation.get();
			}
			catch (WeirException ex) {
				// The client is closed, and the refusal stands.
				return this.core;
			}
		}
		return this.core;
	}

	@Override
	public Message<T> receive() {
		Message<T> message = receive(DurationRange.LONGEST);
		while (message == null) {
			message = receive(DurationRange.LONGEST);
		}
		return message;
	}

	@Override
	public @Nullable Message<T> receive(Duration timeout) {
		throwIfListening();
		mayWait(timeout, "a message", "receiveAsync");
		try {
			return core().receive(timeout);
		}
		catch (InterruptedException ex) {
			throw Await.interrupted("a message", ex);
		}
		catch (ProtocolException ex) {
			throw WeirException.from(ex);
		}
	}

	@Override
	public List<Message<T>> batchReceive(int maxMessages, Duration timeout) {
		throwIfListening();
		Require.atLeast("maxMessages", 1, maxMessages);
		mayWait(timeout, "messages", "receiveAsync");
		try {
			return core().receive(maxMessages, timeout);
		}
		catch (InterruptedException ex) {
			throw Await.interrupted("messages", ex);
		}
		catch (ProtocolException ex) {
			throw WeirException.from(ex);
		}
	}

	private static void mayWait(Duration timeout, String what, String instead) {
		if (timeout.compareTo(Duration.ZERO) > 0) {
			BlockingCalls.check(what, instead);
		}
	}

	@Override
	public CompletableFuture<Message<T>> receiveAsync() {
		throwIfListening();
		return CallbackFuture.of(core().receiveAsync(), this.callbacks);
	}

	/** Else the listener would be given some messages, and not others. */
	private void throwIfListening() {
		if (this.listening != null) {
			throw new IllegalStateException("The messages of " + this
					+ " are given to its message listener; a consumer with a listener cannot receive");
		}
	}

	@Override
	public void acknowledge(Message<?> message) {
		now(() -> core().messages(message.topic(), message.id()).acknowledge(message.id(), null));
	}

	@Override
	public CompletableFuture<Void> acknowledgeAsync(Message<?> message) {
		CompletableFuture<Void> stored = new CompletableFuture<>();
		return later(() -> core().messages(message.topic(), message.id()).acknowledge(message.id(), stored), stored);
	}

	@Override
	public void acknowledgeCumulative(Message<?> message) {
		now(() -> core().messages(message.topic(), message.id()).acknowledgeUpTo(message.id(), null));
	}

	@Override
	public @Nullable Redelivery negativeAcknowledge(Message<?> message) {
		return giveBack(message.topic(), message.id(), Refusal.NOT_NOW);
	}

	@Override
	public @Nullable Redelivery negativeAcknowledge(Message<?> message, Duration delay) {
		Objects.requireNonNull(delay, "delay");
		return giveBack(message.topic(), message.id(), Refusal.NOT_NOW.after(delay));
	}

	@Override
	public void acknowledge(MessageId id) {
		now(() -> core().messages(null, id).acknowledge(id, null));
	}

	@Override
	public CompletableFuture<Void> acknowledgeAsync(MessageId id) {
		CompletableFuture<Void> stored = new CompletableFuture<>();
		return later(() -> core().messages(null, id).acknowledge(id, stored), stored);
	}

	@Override
	public void acknowledgeCumulative(MessageId id) {
		now(() -> core().messages(null, id).acknowledgeUpTo(id, null));
	}

	@Override
	public CompletableFuture<Void> acknowledgeCumulativeAsync(MessageId id) {
		CompletableFuture<Void> stored = new CompletableFuture<>();
		return later(() -> core().messages(null, id).acknowledgeUpTo(id, stored), stored);
	}

	@Override
	public @Nullable Redelivery negativeAcknowledge(MessageId id) {
		Objects.requireNonNull(id, "id");
		return giveBack(null, id, Refusal.NOT_NOW);
	}

	@Override
	public @Nullable Redelivery negativeAcknowledge(MessageId id, Duration delay) {
		Objects.requireNonNull(id, "id");
		Objects.requireNonNull(delay, "delay");
		return giveBack(null, id, Refusal.NOT_NOW.after(delay));
	}

	@Override
	public @Nullable Redelivery negativeAcknowledge(Message<?> message, String error) {
		Objects.requireNonNull(message, "message");
		Objects.requireNonNull(error, "error");
		return giveBack(message.topic(), message.id(), Refusal.saying(error));
	}

	@Override
	public @Nullable Redelivery negativeAcknowledge(Message<?> message, @Nullable Duration delay, Throwable failure) {
		Objects.requireNonNull(message, "message");
		Objects.requireNonNull(failure, "failure");
		return giveBack(message.topic(), message.id(), Refusal.because(failure).after(delay));
	}

	@Override
	public @Nullable Redelivery deadLetter(Message<?> message, @Nullable Duration delay, Throwable failure) {
		Objects.requireNonNull(message, "message");
		Objects.requireNonNull(failure, "failure");
		return giveBack(message.topic(), message.id(), Refusal.because(failure).after(delay).toDeadLetter());
	}

	private @Nullable Redelivery giveBack(@Nullable String topic, MessageId id, Refusal refusal) {
		try {
			return core().messages(topic, id).refuse(id, refusal);
		}
		catch (ProtocolException ex) {
			throw WeirException.from(ex);
		}
	}

	private static void now(Runnable action) {
		try {
			action.run();
		}
		catch (ProtocolException ex) {
			throw WeirException.from(ex);
		}
	}

	private CompletableFuture<Void> later(Runnable action, CompletableFuture<Void> done) {
		CompletableFuture<Void> future = CallbackFuture.of(done, this.callbacks);
		try {
			action.run();
		}
		catch (ProtocolException ex) {
			return CompletableFuture.failedFuture(WeirException.from(ex));
		}
		return future;
	}

	@Override
	public void seek(MessageId id) {
		Await.on(() -> core().seek(SeekTarget.at(id)), "the broker to move the subscription", "seekAsync");
	}

	@Override
	public void seek(Instant publishTime) {
		Objects.requireNonNull(publishTime, "publishTime");
		Await.on(() -> core().seek(SeekTarget.at(publishTime)), "the broker to move the subscription", "seekAsync");
	}

	@Override
	public CompletableFuture<Void> seekAsync(MessageId id) {
		return CallbackFuture.of(core().seek(SeekTarget.at(id)), this.callbacks);
	}

	@Override
	public CompletableFuture<Void> seekAsync(Instant publishTime) {
		Objects.requireNonNull(publishTime, "publishTime");
		return CallbackFuture.of(core().seek(SeekTarget.at(publishTime)), this.callbacks);
	}

	@Override
	public void unsubscribe() {
		Await.on(() -> core().unsubscribe(), "the broker to remove the subscription", "unsubscribeAsync");
	}

	@Override
	public CompletableFuture<Void> unsubscribeAsync() {
		return CallbackFuture.of(core().unsubscribe(), this.callbacks);
	}

	@Override
	public CompletableFuture<Backlog> backlogAsync() {
		return CallbackFuture.of(core().backlog(), this.callbacks);
	}

	@Override
	public void pause() {
		core().pause();
	}

	@Override
	public void resume() {
		core().resume();
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
		Await.on(endpoint()::close, "the consumer to close", "closeAsync");
	}

	@Override
	public CompletableFuture<Void> closeAsync() {
		return CallbackFuture.of(endpoint().close().copy(), this.callbacks);
	}

	private synchronized Endpoint endpoint() {
		this.closing = true;
		return (this.listening != null) ? this.listening : this.core;
	}

	@Override
	public String toString() {
		return "Consumer[" + this.subscription + " of topic " + this.topic + "]";
	}

}
