package io.weir.client.history;

import io.weir.client.Ordering;
import io.weir.message.MessageId;

/** Something that an application saw. Events are in the order in which they were seen. */
sealed interface Event {

	/** A message that a producer sent, told apart by its number. */
	record Sent(String producer, Ordering ordering, String key, int number) {

		/** Those of one group must keep their order. */
		String group() {
			return (this.ordering == Ordering.KEY_ORDERED) ? groupOfKey() : this.producer;
		}

		/** Those of the same key and producer. */
		String groupOfKey() {
			return this.producer + "/" + this.key;
		}

		@Override
		public String toString() {
			return this.producer + "#" + this.number;
		}

	}

	/** Which messages of a producer a subscription promises to deliver in order. */
	enum Order {

		ALL, OF_A_KEY, NONE

	}

	/** The application sends. */
	record Sending(Sent message) implements Event {
	}

	/** The broker has stored it, and said where. */
	record Confirmed(Sent message, MessageId id) implements Event {
	}

	/** A consumer object comes to life. */
	record Subscribed(String subscription, Order order, int consumer) implements Event {
	}

	/** A consumer gives a message to the application. */
	record Received(String subscription, int consumer, Sent message, MessageId id) implements Event {
	}

	/** The application gives a message back. */
	record GivenBack(int consumer, MessageId id) implements Event {
	}

	/** The broker has stored the acknowledgement. */
	record Acknowledged(String subscription, MessageId id) implements Event {
	}

	/**
	 * The consumer was closed before the acknowledgement was confirmed. The broker may
	 * have stored it, so that the message never comes again, or not.
	 */
	record Unresolved(String subscription, MessageId id) implements Event {
	}

	/** Direct memory of the process at some moment. */
	record Memory(long bytes) implements Event {
	}

	/** At the end: the whole topic, entry by entry, as an extra subscription reads it. */
	record Stored(Sent message, MessageId id) implements Event {
	}

}
