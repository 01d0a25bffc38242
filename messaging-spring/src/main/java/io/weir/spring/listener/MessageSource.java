package io.weir.spring.listener;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.weir.message.Backlog;
import io.weir.message.Message;
import io.weir.message.Redelivery;
import io.weir.spring.listener.WeirErrorHandler.Decision;

/**
 * Where a thread of a container has its messages from, and who is told what became of
 * them: the consumer of a subscription, or a reader. Safe to use from any thread.
 */
interface MessageSource {

	/** The topic, or the pattern of topics. */
	String topic();

	/** Whether the broker knows it now, as far as is known. */
	boolean isConnected();

	/** What is left to acknowledge; {@code null} if nothing is to be. */
	CompletableFuture<@Nullable Backlog> backlog();

	/** The next message, or {@code null} if there is none now. */
	@Nullable Message<byte[]> receive();

	/** The next message, when there is one; cancelling it takes nothing. */
	CompletableFuture<Message<byte[]>> receiveAsync();

	/** A message was received, and is going to be handed over. In their order. */
	void taken(Message<byte[]> message);

	/** A message is done with. */
	void acknowledge(Message<byte[]> message);

	/** The listener gives a message back. */
	void negativeAcknowledge(Message<byte[]> message);

	/** No listener takes a message, which is given back. */
	void negativeAcknowledge(Message<byte[]> message, String reason);

	/**
	 * What to do with a message that the listener failed on, if what was decided cannot
	 * be done here.
	 * @param retries how often it was retried in place
	 */
	Decision possible(Decision decided, int retries);

	/** A message is given back because of a failure. */
	@Nullable Redelivery negativeAcknowledge(Message<byte[]> message, @Nullable Duration delay, Throwable failure);

	/** A message is given up because of a failure. */
	@Nullable Redelivery deadLetter(Message<byte[]> message, @Nullable Duration delay, Throwable failure);

	/** Asks for no more messages. */
	void pause();

	/** Asks for messages again. */
	void resume();

	/** Ends, and waits for that. */
	void close();

	/** Ends. */
	CompletableFuture<Void> closeAsync();

	/**
	 * The source that is made of what the client is asked for. Who cancels it leaves
	 * nothing behind.
	 */
	static <C> CompletableFuture<MessageSource> of(CompletableFuture<C> asked, Function<C, MessageSource> source) {
		CompletableFuture<MessageSource> made = asked.thenApply(source);
		made.whenComplete((value, failure) -> {
			if (made.isCancelled() && !asked.cancel(false)) {
				asked.thenAccept((late) -> source.apply(late).closeAsync());
			}
		});
		return made;
	}

}
