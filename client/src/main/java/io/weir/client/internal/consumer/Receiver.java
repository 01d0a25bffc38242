package io.weir.client.internal.consumer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.weir.message.Message;

/**
 * Gives the application messages out of the {@link Inboxes}. Safe to use from any thread.
 *
 * @param <T> the type of the values
 */
final class Receiver<T> {

	private final Inboxes<T> inboxes;

	private final LongSupplier clock;

	Receiver(Inboxes<T> inboxes, LongSupplier clock) {
		this.inboxes = inboxes;
		this.clock = clock;
	}

	@Nullable Message<T> take(long nanos) throws InterruptedException {
		Inboxes.Taken<T> taken = this.inboxes.take(nanos);
		return (taken != null) ? taken.message() : null;
	}

	/** Takes nothing if the thread is interrupted. */
	List<Message<T>> take(int maxMessages, long nanos) throws InterruptedException {
		long deadline = this.clock.getAsLong() + nanos;
		List<Inboxes.Taken<T>> all = new ArrayList<>();
		try {
			while (all.size() < maxMessages) {
				Inboxes.Taken<T> taken = this.inboxes.take(Math.max(0, deadline - this.clock.getAsLong()));
				if (taken == null) {
					break;
				}
				all.add(taken);
			}
		}
		catch (InterruptedException ex) {
			Collections.reverse(all);
			all.forEach(Inboxes.Taken::putBack);
			throw ex;
		}
		return all.stream().<Message<T>>map(Inboxes.Taken::message).toList();
	}

	CompletableFuture<Message<T>> takeAsync() {
		return this.inboxes.takeAsync();
	}

}
