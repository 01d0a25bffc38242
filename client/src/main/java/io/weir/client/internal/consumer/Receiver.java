package io.weir.client.internal.consumer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.schedule.ClientTimer;
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

	private final ClientTimer timer;

	Receiver(Inbox<T> inbox, FlowControl flow, ClientTimer timer) {
		this.inbox = inbox;
		this.flow = flow;
		this.timer = timer;
	}

	@Nullable ReceivedMessage<T> take(long nanos) throws InterruptedException {
		ReceivedMessage<T> message = this.inbox.take(nanos);
		this.flow.grantSoon();
		return message;
	}

	/** Takes nothing if the thread is interrupted. */
	List<Message<T>> take(int maxMessages, long nanos) throws InterruptedException {
		long deadline = this.timer.nanoTime() + nanos;
		List<ReceivedMessage<T>> messages = new ArrayList<>();
		try {
			while (messages.size() < maxMessages) {
				ReceivedMessage<T> message = take(Math.max(0, deadline - this.timer.nanoTime()));
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
