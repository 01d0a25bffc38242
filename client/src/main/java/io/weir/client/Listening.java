package io.weir.client;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.internal.consumer.Refusal;
import io.weir.client.internal.consumer.Subscriber;
import io.weir.client.internal.link.Endpoint;
import io.weir.concurrent.Causes;
import io.weir.concurrent.DaemonThreads;
import io.weir.message.Message;
import io.weir.message.Redelivery;
import io.weir.wire.ErrorCode;
import io.weir.wire.LogLimit;
import io.weir.wire.ProtocolException;

/**
 * Gives the messages of a consumer to its listener, on a thread of its own. It is closed
 * in place of the consumer: the call under way goes first, so that what it acknowledges
 * is still sent.
 *
 * @param <T> the type of the values
 */
final class Listening<T> implements Endpoint {

	/** How long the call under way may hold up the end. */
	private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

	private static final Logger logger = LoggerFactory.getLogger(Listening.class);

	/** Completes when the listener will be called no more. */
	private final CompletableFuture<Void> idle = new CompletableFuture<>();

	private final Subscriber<T> core;

	private final MessageListener<T> listener;

	private final String what;

	private final String threadName;

	private final LogLimit failures = new LogLimit();

	// Who writes one of these looks at the others after that: one of two sees the other.

	private volatile @Nullable Thread thread;

	private volatile @Nullable CompletableFuture<Message<T>> next;

	private volatile boolean closing;

	/**
	 * Creates it; {@link #start} is yet to come.
	 * @param core the consumer
	 * @param listener is given its messages
	 * @param what whose messages they are, human-readable
	 * @param threadName where
	 */
	Listening(Subscriber<T> core, MessageListener<T> listener, String what, String threadName) {
		this.core = core;
		this.listener = listener;
		this.what = what;
		this.threadName = threadName;
	}

	/**
	 * Begins to call the listener.
	 * @param consumer what the listener is given
	 */
	void start(Consumer<T> consumer) {
		Thread created = DaemonThreads.newThread(this.threadName, () -> listen(consumer));
		this.thread = created;
		if (this.closing) {
			this.idle.complete(null);
		}
		else {
			created.start();
		}
	}

	private void listen(Consumer<T> consumer) {
		try {
			Message<T> message = next();
			while (message != null) {
				give(consumer, message);
				message = next();
			}
		}
		finally {
			this.idle.complete(null);
		}
	}

	/**
	 * Waits for a message in a way that can be cancelled: interrupting the thread could
	 * reach the application's code.
	 */
	private @Nullable Message<T> next() {
		CompletableFuture<Message<T>> taken = this.core.receiveAsync();
		this.next = taken;
		if (this.closing) {
			taken.cancel(false);
		}
		try {
			Message<T> message = taken.join();
			return this.closing ? null : message;
		}
		catch (CancellationException ex) {
			return null;
		}
		catch (CompletionException ex) {
			WeirException cause = WeirException.from(ex);
			if (cause.code() != ErrorCode.CLOSED) {
				logger.error("The listener of {} is given no more messages", this.what, cause);
			}
			return null;
		}
	}

	/** Whatever one message does to the listener, others must follow. */
	private void give(Consumer<T> consumer, Message<T> message) {
		try {
			this.listener.received(consumer, message);
		}
		catch (Throwable ex) {
			failed(message, ex);
		}
		finally {
			// A flag that it left set was not meant for the next call.
			Thread.interrupted();
		}
	}

	/** Gives the message back first: it must not depend on a log. */
	private void failed(Message<T> message, Throwable failure) {
		String next;
		try {
			Redelivery redelivery = this.core.messages(message.topic(), message.id())
				.refuse(message.id(), Refusal.because(failure));
			next = (redelivery != null) ? redelivery.toString() : "was decided about before";
		}
		catch (ProtocolException ex) {
			next = "is delivered again, as the consumer was closed";
		}
		LogLimit.Line line = this.failures.next(failure);
		if (line != null) {
			logger.error("The listener of {} failed on message {}, delivery {}, which {}: {}{}", this.what,
					message.id(), message.redeliveryCount() + 1, next, Causes.text(failure), line.ending(),
					line.trace());
		}
	}

	@Override
	public CompletableFuture<Void> close() {
		stop();
		if (Thread.currentThread() == this.thread) {
			return this.core.close();
		}
		return this.idle.copy()
			.completeOnTimeout(null, CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
			.thenCompose((done) -> this.core.close());
	}

	@Override
	public CompletableFuture<Void> abort() {
		stop();
		return this.core.abort();
	}

	private void stop() {
		this.closing = true;
		CompletableFuture<Message<T>> waiting = this.next;
		if (waiting != null) {
			waiting.cancel(false);
		}
		if (this.thread == null) {
			this.idle.complete(null);
		}
	}

	@Override
	public CompletableFuture<Void> closed() {
		return this.core.closed();
	}

	@Override
	public @Nullable String unfinished() {
		boolean calling = !this.idle.isDone() && Thread.currentThread() != this.thread;
		String unconfirmed = this.core.unfinished();
		if (!calling) {
			return unconfirmed;
		}
		String call = "a call of the listener of " + this.what;
		return (unconfirmed != null) ? call + ", " + unconfirmed : call;
	}

}
