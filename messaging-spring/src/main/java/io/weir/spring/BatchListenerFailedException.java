package io.weir.spring;

import org.jspecify.annotations.Nullable;

import io.weir.message.Message;
import io.weir.message.MessageId;

/**
 * Thrown by a listener that takes batches, or what the stage that it returned fails with,
 * to say which message it failed on. Those before it are acknowledged, the error handler
 * decides about it, and those after it are handed over again at once, which counts as no
 * redelivery. Any other exception concerns all messages of the batch.
 */
public final class BatchListenerFailedException extends RuntimeException {

	private static final long serialVersionUID = 1;

	private final int index;

	private final transient @Nullable MessageId messageId;

	/**
	 * Names the message by its place.
	 * @param index where in the list that the method was given, from 0
	 * @param cause what went wrong; the error handler is given it
	 */
	public BatchListenerFailedException(int index, Throwable cause) {
		super("Failed on element " + index + " of a batch", cause);
		if (index < 0) {
			throw new IllegalArgumentException("index is " + index + "; it must be at least 0");
		}
		this.index = index;
		this.messageId = null;
	}

	/**
	 * Names the message itself.
	 * @param message one of those that the method was given
	 * @param cause what went wrong; the error handler is given it
	 */
	public BatchListenerFailedException(Message<?> message, Throwable cause) {
		super("Failed on message " + message.id() + " of a batch", cause);
		this.index = -1;
		this.messageId = message.id();
	}

	/**
	 * The place of the message.
	 * @return from 0, or -1 if the message was named itself
	 */
	public int index() {
		return this.index;
	}

	/**
	 * The message.
	 * @return its id, or {@code null} if it was named by its place
	 */
	public @Nullable MessageId messageId() {
		return this.messageId;
	}

}
