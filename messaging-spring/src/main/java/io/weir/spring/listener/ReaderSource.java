package io.weir.spring.listener;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.client.DeadLetterPolicy;
import io.weir.client.Reader;
import io.weir.client.RedeliveryBackoff;
import io.weir.message.Backlog;
import io.weir.message.Message;
import io.weir.message.Redelivery;
import io.weir.spring.listener.WeirErrorHandler.DeadLetter;
import io.weir.spring.listener.WeirErrorHandler.Decision;
import io.weir.spring.listener.WeirErrorHandler.Redeliver;
import io.weir.spring.listener.WeirErrorHandler.RetryInPlace;
import io.weir.time.DurationRange;

/**
 * A reader, whose broker remembers nothing of it: a message can be retried in place or
 * left out, but neither be delivered again nor become a dead letter.
 *
 * @param reader the reader
 * @param progress how far the listener has come
 * @param backoff how long a message waits that is to be tried again
 */
record ReaderSource(Reader<byte[]> reader, ReadProgress progress, RedeliveryBackoff backoff) implements MessageSource {

	/** As often a message is tried again that would else be delivered again. */
	static final int RETRIES = DeadLetterPolicy.DEFAULT_MAX_REDELIVERIES;

	@Override
	public String topic() {
		return this.reader.topic();
	}

	@Override
	public boolean isConnected() {
		return this.reader.isConnected();
	}

	@Override
	public CompletableFuture<@Nullable Backlog> backlog() {
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public @Nullable Message<byte[]> receive() {
		return this.reader.read(Duration.ZERO);
	}

	@Override
	public CompletableFuture<Message<byte[]>> receiveAsync() {
		return this.reader.readAsync();
	}

	@Override
	public void taken(Message<byte[]> message) {
		this.progress.taken(message);
	}

	@Override
	public void acknowledge(Message<byte[]> message) {
		this.progress.done(message);
	}

	@Override
	public Decision possible(Decision decided, int retries) {
		if (decided instanceof Redeliver again) {
			Duration delay = (again.delay() != null) ? again.delay() : this.backoff.next(retries);
			return new RetryInPlace(RETRIES, DurationRange.wait(delay), Decision.discard());
		}
		if (decided instanceof RetryInPlace retry) {
			return new RetryInPlace(retry.attempts(), retry.delay(), last(retry.then()));
		}
		return last(decided);
	}

	private static Decision last(Decision decided) {
		return (decided instanceof Redeliver || decided instanceof DeadLetter) ? Decision.discard() : decided;
	}

	@Override
	public void negativeAcknowledge(Message<byte[]> message) {
		throw new IllegalStateException("A reader cannot give messages back; throw an exception to fail on one");
	}

	@Override
	public void negativeAcknowledge(Message<byte[]> message, String reason) {
		negativeAcknowledge(message);
	}

	@Override
	public @Nullable Redelivery negativeAcknowledge(Message<byte[]> message, @Nullable Duration delay,
			Throwable failure) {
		throw new IllegalStateException("A reader cannot give messages back");
	}

	@Override
	public @Nullable Redelivery deadLetter(Message<byte[]> message, @Nullable Duration delay, Throwable failure) {
		throw new IllegalStateException("A reader has no dead letters");
	}

	/** What the broker sends ahead is bounded, and waits. */
	@Override
	public void pause() {
	}

	@Override
	public void resume() {
	}

	@Override
	public void close() {
		this.reader.close();
	}

	@Override
	public CompletableFuture<Void> closeAsync() {
		return this.reader.closeAsync();
	}

}
