package io.weir.client.internal.consumer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.weir.message.MessageId;

/**
 * What was received and not yet taken, each message once: one that the broker delivers
 * again because it had to wait here for too long keeps its place. Which messages there
 * are is known by their ids from the first redelivery on, until it is empty. Guarded by
 * the lock of its {@link Inbox}.
 *
 * @param <T> the type of the values
 */
final class ReceivedQueue<T> {

	private final Deque<ReceivedMessage<T>> messages = new ArrayDeque<>();

	/** As they came last; {@code null} while nobody has asked. */
	private @Nullable Map<MessageId, ReceivedMessage<T>> latest;

	boolean isEmpty() {
		return this.messages.isEmpty();
	}

	@Nullable MessageId last() {
		return this.messages.isEmpty() ? null : this.messages.getLast().id();
	}

	/**
	 * Adds a message, unless it is there.
	 * @return whether it was not
	 */
	boolean add(ReceivedMessage<T> message) {
		if (message.redeliveryCount() > 0 && latest().computeIfPresent(message.id(), (id, old) -> message) != null) {
			return false;
		}
		this.messages.add(message);
		index(message);
		return true;
	}

	/** Adds a message that was taken before all others. */
	void addFirst(ReceivedMessage<T> message) {
		this.messages.addFirst(message);
		index(message);
	}

	/** Takes the first message, which there is. */
	ReceivedMessage<T> remove() {
		ReceivedMessage<T> first = this.messages.remove();
		ReceivedMessage<T> newest = (this.latest != null) ? this.latest.remove(first.id()) : null;
		removed();
		return (newest != null) ? newest : first;
	}

	/** Removes a message if it has come again. */
	@Nullable ReceivedMessage<T> remove(MessageId id) {
		ReceivedMessage<T> removed = (this.latest != null) ? this.latest.remove(id) : null;
		if (removed != null) {
			this.messages.removeIf((message) -> message.id().equals(id));
			removed();
		}
		return removed;
	}

	/** Removes messages, and says which. */
	List<ReceivedMessage<T>> removeIf(Predicate<ReceivedMessage<T>> filter) {
		List<ReceivedMessage<T>> removed = this.messages.stream().filter(filter).toList();
		this.messages.removeIf(filter);
		if (this.latest != null) {
			for (ReceivedMessage<T> message : removed) {
				this.latest.remove(message.id());
			}
		}
		removed();
		return removed;
	}

	private void removed() {
		if (this.messages.isEmpty()) {
			this.latest = null;
		}
	}

	private void index(ReceivedMessage<T> message) {
		if (this.latest != null) {
			this.latest.put(message.id(), message);
		}
	}

	private Map<MessageId, ReceivedMessage<T>> latest() {
		Map<MessageId, ReceivedMessage<T>> present = this.latest;
		if (present == null) {
			Map<MessageId, ReceivedMessage<T>> made = new HashMap<>();
			this.messages.forEach((message) -> made.put(message.id(), message));
			this.latest = made;
			return made;
		}
		return present;
	}

}
