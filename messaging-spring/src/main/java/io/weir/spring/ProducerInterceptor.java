package io.weir.spring;

import org.jspecify.annotations.Nullable;

import io.weir.message.MessageId;

/**
 * Is shown each message that the template, or a producer of {@code weir.producers},
 * sends. Beans of this type are asked in order. Called by as many threads at once as
 * send.
 */
@FunctionalInterface
public interface ProducerInterceptor extends ClientSpecific {

	/**
	 * A message is about to be sent, on the thread that sends it.
	 * @param message the message, to which headers may be added. What this throws is
	 * thrown by {@code send}, or what the future of {@code sendAsync} fails with; the
	 * message is not sent then
	 */
	void beforeSend(OutgoingMessage message);

	/**
	 * The message is stored, or has failed. On the thread that sent it, or the one that
	 * completes the future. What this throws is logged and changes nothing.
	 * @param message the message
	 * @param id its id, if it is stored
	 * @param failure why not, if it is not
	 */
	default void afterSend(OutgoingMessage message, @Nullable MessageId id, @Nullable Throwable failure) {
	}

}
