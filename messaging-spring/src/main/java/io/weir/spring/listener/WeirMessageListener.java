package io.weir.spring.listener;

import java.util.List;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import io.weir.message.Message;
import io.weir.spring.Acknowledgement;
import io.weir.spring.MessageTypeFilter;

/**
 * What a container hands messages to. Called by as many threads at once as the container
 * has consumers.
 */
@FunctionalInterface
public interface WeirMessageListener {

	/**
	 * Handles messages.
	 * @param messages one, or several for a listener that takes batches; all of one topic
	 * @param acknowledgement for listeners that acknowledge themselves
	 * @return what completes when the messages are done with; {@code null} if they are
	 * @throws Exception whatever went wrong; the error handler decides what follows
	 */
	@Nullable CompletionStage<?> onMessages(List<Message<byte[]>> messages, Acknowledgement acknowledgement) throws Exception;

	/**
	 * How a message fits the listener. One that is of another type goes to a listener
	 * that is called for the same subscription, and is given back if there is none.
	 * @param message a message of the listener's subscription
	 * @return whether it can be handed over, and whether it says that it is of the
	 * listener's type
	 */
	default MessageTypeFilter.Fit fit(Message<byte[]> message) {
		return MessageTypeFilter.Fit.ANY;
	}

	/**
	 * Whether it can acknowledge. With {@link io.weir.spring.AckMode#MANUAL} a container
	 * refuses one that cannot, since its messages would be delivered again for ever.
	 * @return whether it makes use of the acknowledgement that it is given
	 */
	default boolean acknowledges() {
		return true;
	}

}
