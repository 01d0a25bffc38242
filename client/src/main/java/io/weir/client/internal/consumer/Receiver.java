package io.weir.client.internal.consumer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.weir.message.Message;

/**
 * Gives the application messages out of the {@link Inbox}, and has their places filled
 * again. Safe to use from any thread.
 *
 * @param <T> the type of the values
 */
final class Receiver<T> {

	private final Inbox<T> inbox;

	private final FlowControl flow;

	private final LongSupplier clock;

	Receiver(Inbox<T> inbox, FlowControl flow, LongSupplier clock) {
		this.inbox = inbox;
		this.flow = flow;
		this.clock = clock;
	}

	@Nullable ReceivedMessage<T> take(long nanos) throws InterruptedException {
		ReceivedMessage<T> message = this.inbox.take(nanos);
		this.flow.grantSoon();
		return message;
	}

	/** Takes nothing if the thread is interrupted. */
	List<Message<T>> take(int maxMessages, long nanos) throws InterruptedException {
		long deadline = this.clock.getAsLong() + nanos;
		List<ReceivedMessage<T>> messages = new ArrayList<>();
		try {
			while (messages.size() < maxMessages) {
				ReceivedMessage<T> message = take(Math.max(0, deadline - this.clock.getAsLong()));
				if (message == null) {
					break;
				}
				messages.add(message);
			}
		}
		catch (InterruptedException ex) {
			Collections.reverse(messages);
			messages.forEach(this.inbox::putBack);
			throw ex;
		}
		return List.copyOf(messages);
	}

	CompletableFuture<Message<T>> takeAsync() {
		CompletableFuture<Message<T>> message = this.inbox.takeAsync();
		this.flow.grantSoon();
		return message;
	}

}
