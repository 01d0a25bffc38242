package io.weir.client.internal.consumer;

import org.jspecify.annotations.Nullable;

import io.weir.message.MessageId;

/**
 * Where a reader goes on when it has subscribed again, since the broker forgets it with
 * the connection. Guarded by the lock of its {@link Inbox}.
 */
final class ReadPosition {

	private SeekTarget next;

	private @Nullable MessageId read;

	ReadPosition(SeekTarget start) {
		this.next = start;
	}

	/** Whether the reader is past a message that was delivered. */
	boolean isPast(MessageId id) {
		return this.next instanceof SeekTarget.AtMessage place && id.compareTo(place.id()) < 0;
	}

	/**
	 * A message has come. From the first one on the place no longer depends on when the
	 * broker is asked.
	 */
	void received(MessageId id) {
		if (this.next instanceof SeekTarget.AtTime) {
			this.next = SeekTarget.at(id);
		}
	}

	/** The application was given a message. */
	void taken(MessageId id) {
		this.next = SeekTarget.after(id);
		this.read = id;
	}

	/** A message was taken that nobody got; tells whether it is wanted again. */
	boolean putBack(MessageId id) {
		boolean wanted = isPast(id);
		if (wanted) {
			this.next = SeekTarget.at(id);
			this.read = null;
		}
		return wanted;
	}

	/** The subscription was moved. */
	void moved(SeekTarget place) {
		this.next = place;
		this.read = null;
	}

	SeekTarget next() {
		return this.next;
	}

	/** The last message that the broker may forget, if that is known. */
	@Nullable MessageId read() {
		return this.read;
	}

}
