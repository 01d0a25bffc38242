package io.weir.client.internal.producer;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.weir.client.internal.callback.Callbacks;
import io.weir.message.MessageId;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * Says what became of messages: frees their room, wakes those who wait, has the
 * application told, and ends flushes, in this order, so that whoever hears of a message
 * may send another. Only touched on the producer's executor.
 */
final class Outcomes {

	private final Flushes flushes = new Flushes();

	private final SendQueue admission;

	private final Callbacks callbacks;

	private final int partition;

	private final Function<ProtocolException, RuntimeException> failures;

	Outcomes(SendQueue admission, Callbacks callbacks, ProducerSettings settings) {
		this.admission = admission;
		this.callbacks = callbacks;
		this.partition = settings.partition();
		this.failures = settings.failures();
	}

	void stored(List<OutgoingMessage> messages, Frame.Receipt receipt) {
		int index = 0;
		for (OutgoingMessage message : messages) {
			MessageId id = receipt.message(this.partition, index++);
			free(message);
			message.complete(id);
		}
		told(messages);
	}

	void failed(List<OutgoingMessage> messages, ProtocolException cause) {
		messages.forEach((message) -> {
			free(message);
			message.completeExceptionally(failure(cause));
		});
		told(messages);
	}

	/** Without memory to say it well it is said all the same, or nobody ever would. */
	private Throwable failure(ProtocolException cause) {
		try {
			return this.failures.apply(cause);
		}
		catch (Error ex) {
			return cause;
		}
	}

	/** Whoever took it back knows that. */
	void cancelled(OutgoingMessage message) {
		free(message);
		this.flushes.done(message);
	}

	/** Another producer looks after a message: there is room for another here. */
	void movedAway(OutgoingMessage message) {
		this.admission.release(message);
	}

	/** Whoever waits for messages that have moved away asks there. */
	void forget(List<OutgoingMessage> moved) {
		moved.forEach(this.flushes::done);
	}

	/**
	 * A message leaves the line, for which there was no room.
	 * @return whether it stood there
	 */
	boolean leftLine(OutgoingMessage message) {
		boolean stood = this.admission.leave(message);
		if (stood && message.settle()) {
			this.flushes.done(message);
		}
		return stood;
	}

	/** A message waited for room for too long. */
	void turnedAway(OutgoingMessage message, ProtocolException cause) {
		message.completeExceptionally(failure(cause));
		tell(List.of(message));
		leftLine(message);
	}

	private void free(OutgoingMessage message) {
		if (message.settle()) {
			this.admission.release(message);
		}
	}

	private void told(List<OutgoingMessage> messages) {
		tell(messages);
		messages.forEach(this.flushes::done);
	}

	/** All at once: to have a thread begin costs more than to tell of one message. */
	private void tell(List<OutgoingMessage> messages) {
		if (messages.stream().anyMatch(OutgoingMessage::hasCallbacks)) {
			this.callbacks.executeAll(messages);
		}
	}

	/** Completes the future when there is an outcome of all these messages. */
	void flush(List<OutgoingMessage> messages, CompletableFuture<Void> flushed) {
		this.flushes.add(messages, flushed);
	}

	/** Whether somebody waits for a message to be sent without delay. */
	boolean isFlushed(OutgoingMessage message) {
		return this.flushes.isWaitingFor(message);
	}

}
