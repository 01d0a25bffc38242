package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.link.Endpoint;
import io.weir.message.Backlog;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.wire.ProtocolException;

/**
 * What an application has as a consumer, of one topic or of several. Safe to use from any
 * thread.
 *
 * @param <T> the type of the values
 */
public interface Subscriber<T> extends Endpoint {

	/**
	 * Subscribes.
	 * @return completes when the broker has accepted it; or exceptionally, and then it is
	 * closed
	 */
	CompletableFuture<?> open();

	/** Subscribes as soon as there is a broker that agrees. */
	void openInBackground();

	/** As {@link ConsumerMessages#receive(Duration)}. */
	@Nullable Message<T> receive(Duration timeout) throws InterruptedException;

	/** As {@link ConsumerMessages#receive(int, Duration)}. */
	List<Message<T>> receive(int maxMessages, Duration timeout) throws InterruptedException;

	/** As {@link ConsumerMessages#receiveAsync()}. */
	CompletableFuture<Message<T>> receiveAsync();

	/**
	 * What the application does with a message that it has.
	 * @param topic its topic, or {@code null} if only the id is known
	 * @param id the message
	 * @return the messages of its topic and partition
	 * @throws ProtocolException {@code INVALID_REQUEST} if there is no such partition, or
	 * the topic must be known and is not
	 */
	ConsumerMessages<T> messages(@Nullable String topic, MessageId id);

	/** Asks for no more messages. */
	void pause();

	/** Asks for messages again. */
	void resume();

	/**
	 * Moves the subscription.
	 * @param place where to
	 * @return as {@link ConsumerCore#seek}
	 */
	CompletableFuture<Void> seek(SeekTarget place);

	/**
	 * Removes the subscription and closes the consumer.
	 * @return as {@link ConsumerCore#unsubscribe}
	 */
	CompletableFuture<Void> unsubscribe();

	/** What the subscription has left to acknowledge, in all topics and partitions. */
	CompletableFuture<Backlog> backlog();

	/** Whether the broker knows the consumer, as far as is known. */
	boolean isConnected();

	/** Whether it has ended because the broker refused it for good. */
	boolean isRefused();

}
