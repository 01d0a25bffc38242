package io.weir.client;

import io.weir.message.Message;

/**
 * Is given the messages of a consumer.
 *
 * @param <T> the type of the values
 * @see ConsumerBuilder#messageListener(MessageListener)
 */
@FunctionalInterface
public interface MessageListener<T> {

	/**
	 * A message came. Called for one message after the other, in the order in which
	 * {@link Consumer#receive()} would give them, always on the same daemon thread, which
	 * belongs to this consumer alone, and never under a lock: it may block, may use the
	 * client and may close it. While it runs, the consumer's queue fills up and then the
	 * broker is asked for no more, so that it holds up nobody else.
	 * <p>
	 * The message is not acknowledged by itself: call
	 * {@link Consumer#acknowledge(Message)}, here or later on any thread. Whatever this
	 * throws, an error or the {@link WeirException} of {@link Message#value()} included,
	 * is logged, and the message is given back as if by
	 * {@link Consumer#negativeAcknowledge(Message)}; unless it was acknowledged before.
	 * @param consumer the consumer; its {@code receive} methods throw
	 * {@link IllegalStateException}
	 * @param message the message
	 */
	void received(Consumer<T> consumer, Message<T> message);

}
