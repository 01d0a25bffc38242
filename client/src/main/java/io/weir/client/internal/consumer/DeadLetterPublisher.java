package io.weir.client.internal.consumer;

import java.util.concurrent.CompletionStage;

import io.weir.message.Headers;
import io.weir.message.Message;

/** Stores copies of messages in a dead-letter topic. */
public interface DeadLetterPublisher {

	/**
	 * Publishes a copy: key, event time and payload as they are. Must not block.
	 * @param message the message
	 * @param headers the headers of the copy
	 * @return completes when the copy is stored
	 */
	CompletionStage<?> publish(Message<?> message, Headers headers);

	/** Publishes nothing more. Must not block. */
	void close();

}
