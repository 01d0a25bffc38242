package io.weir.spring.listener;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.client.Consumer;
import io.weir.message.Backlog;
import io.weir.message.Message;
import io.weir.message.Redelivery;
import io.weir.spring.listener.WeirErrorHandler.Decision;

/**
 * The consumer of a subscription, at whose broker everything can be done.
 *
 * @param consumer the consumer
 */
record SubscribedSource(Consumer<byte[]> consumer) implements MessageSource {

	@Override
	public String topic() {
		return this.consumer.topic();
	}

	@Override
	public boolean isConnected() {
		return this.consumer.isConnected();
	}

	@Override
	public CompletableFuture<@Nullable Backlog> backlog() {
		return this.consumer.backlogAsync().thenApply((backlog) -> backlog);
	}

	@Override
	public @Nullable Message<byte[]> receive() {
		return this.consumer.receive(Duration.ZERO);
	}

	@Override
	public CompletableFuture<Message<byte[]>> receiveAsync() {
		return this.consumer.receiveAsync();
	}

	@Override
	public void taken(Message<byte[]> message) {
		// The broker knows that the consumer has it.
	}

	@Override
	public void acknowledge(Message<byte[]> message) {
		this.consumer.acknowledge(message);
	}

	@Override
	public void negativeAcknowledge(Message<byte[]> message) {
		this.consumer.negativeAcknowledge(message);
	}

	@Override
	public void negativeAcknowledge(Message<byte[]> message, String reason) {
		this.consumer.negativeAcknowledge(message, reason);
	}

	@Override
	public Decision possible(Decision decided, int retries) {
		return decided;
	}

	@Override
	public @Nullable Redelivery negativeAcknowledge(Message<byte[]> message, @Nullable Duration delay,
			Throwable failure) {
		return this.consumer.negativeAcknowledge(message, delay, failure);
	}

	@Override
	public @Nullable Redelivery deadLetter(Message<byte[]> message, @Nullable Duration delay, Throwable failure) {
		return this.consumer.deadLetter(message, delay, failure);
	}

	@Override
	public void pause() {
		this.consumer.pause();
	}

	@Override
	public void resume() {
		this.consumer.resume();
	}

	@Override
	public void close() {
		this.consumer.close();
	}

	@Override
	public CompletableFuture<Void> closeAsync() {
		return this.consumer.closeAsync();
	}

}
