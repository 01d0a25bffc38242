package io.weir.spring.observation;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

import io.weir.message.MessageId;

/**
 * What the caller of an observed send gets. Not a dependent of the send's own future,
 * which would be cancelled alone: whoever cancels this one wants the message back.
 */
final class ObservedSend extends CompletableFuture<MessageId> {

	private final CompletableFuture<MessageId> send;

	/**
	 * Follows a send.
	 * @param send the send
	 * @param observer told how it ended, before the caller is
	 */
	ObservedSend(CompletableFuture<MessageId> send,
			BiConsumer<? super @Nullable MessageId, ? super @Nullable Throwable> observer) {
		this.send = send;
		send.whenComplete(observer).whenComplete((id, failure) -> {
			if (send.isCancelled()) {
				super.cancel(false);
			}
			else if (failure != null) {
				completeExceptionally(failure);
			}
			else {
				complete(id);
			}
		});
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		if (!isDone() && this.send.cancel(mayInterruptIfRunning)) {
			super.cancel(mayInterruptIfRunning);
		}
		return isCancelled();
	}

}
