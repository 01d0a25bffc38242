package io.weir.client.history;

import io.weir.client.Ordering;
import io.weir.message.MessageId;

/** Something that an application saw. Events are in the order in which they were seen. */
sealed interface Event {

	/** A message that a producer sent, told apart by its number. */
	record Sent(String producer, Ordering ordering, String key, int number) {

		/** Those of one group must keep their order. */
		String group() {
			return (this.ordering == Ordering.KEY_ORDERED) ? this.producer + "/" + this.key : this.producer;
		}

		@Override
		public String toString() {
			return this.producer + "#" + this.number;
		}

	}

	/** The application sends. */
	record Sending(Sent message) implements Event {
	}

	/** The broker has stored it, and said where. */
	record Confirmed(Sent message, MessageId id) implements Event {
	}

	/** A consumer object comes to life. */
	record Subscribed(String subscription, boolean ordered, int consumer) implements Event {
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
