package io.weir.spring.listener;

import java.time.Duration;

import io.weir.client.WeirException;
import io.weir.message.Message;

/**
 * What happens to the listeners of an application, for {@code @EventListener} methods
 * with one of these types, or this one for all, as parameter. Published on the thread
 * that it happens on, often the listener's, which waits for it: take what lasts to
 * another thread. What such a method throws is logged and changes nothing.
 */
public sealed interface WeirListenerEvent {

	/**
	 * The listener.
	 * @return its id
	 */
	String listenerId();

	/**
	 * A listener was started, and has begun to subscribe.
	 *
	 * @param listenerId the listener
	 */
	record Started(String listenerId) implements WeirListenerEvent {
	}

	/**
	 * One of a listener's consumers has subscribed, for the first time or again.
	 *
	 * @param listenerId the listener
	 * @param topic the topic
	 */
	record Subscribed(String listenerId, String topic) implements WeirListenerEvent {
	}

	/**
	 * One of a listener's consumers cannot subscribe, or has come to an end. It goes on
	 * trying; told once until it has subscribed again.
	 *
	 * @param listenerId the listener
	 * @param topic the topic
	 * @param failure the reason
	 */
	record ConsumerLost(String listenerId, String topic, WeirException failure) implements WeirListenerEvent {
	}

	/**
	 * One of a listener's threads has ended on its own: the JVM has failed, or the broker
	 * refuses it for good. The listener must be stopped and started again.
	 *
	 * @param listenerId the listener
	 * @param topic the topic
	 * @param failure the reason
	 */
	record Failed(String listenerId, String topic, Throwable failure) implements WeirListenerEvent {
	}

	/**
	 * One of a listener's consumers was given no message for a time, and again each time
	 * that this has passed; only with {@code idle-event-interval}.
	 *
	 * @param listenerId the listener
	 * @param topic the topic
	 * @param time for how long
	 */
	record Idle(String listenerId, String topic, Duration time) implements WeirListenerEvent {
	}

	/**
	 * A listener has failed on a message as often as is allowed, and the message is going
	 * to the dead-letter topic.
	 *
	 * @param listenerId the listener
	 * @param message the message
	 * @param deadLetterTopic where it goes
	 * @param failure what the listener failed with
	 */
	record DeadLettered(String listenerId, Message<byte[]> message, String deadLetterTopic,
			Throwable failure) implements WeirListenerEvent {
	}

	/**
	 * A listener has stopped.
	 *
	 * @param listenerId the listener
	 */
	record Stopped(String listenerId) implements WeirListenerEvent {
	}

}
