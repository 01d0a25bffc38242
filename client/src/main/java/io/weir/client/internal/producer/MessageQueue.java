package io.weir.client.internal.producer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/** Messages that are not in a batch yet. Only touched on the producer's executor. */
final class MessageQueue {

	private final ArrayDeque<OutgoingMessage> messages = new ArrayDeque<>();

	private long bytes;

	void add(OutgoingMessage message) {
		this.messages.add(message);
		this.bytes += message.size();
	}

	@Nullable OutgoingMessage peek() {
		return this.messages.peek();
	}

	OutgoingMessage remove() {
		OutgoingMessage message = this.messages.remove();
		this.bytes -= message.size();
		return message;
	}

	/**
	 * Takes what fits into one batch.
	 * @param maxMessages how many messages at most, from 1
	 * @param maxBytes how many bytes at most; a larger message goes alone
	 * @return one message or more
	 */
	List<OutgoingMessage> take(int maxMessages, int maxBytes) {
		List<OutgoingMessage> taken = new ArrayList<>(Math.min(maxMessages, this.messages.size()));
		int size = 0;
		do {
			OutgoingMessage message = remove();
			size += message.size();
			taken.add(message);
		}
		while (taken.size() < maxMessages && !this.messages.isEmpty()
				&& size + this.messages.element().size() <= maxBytes);
		return taken;
	}

	void forEach(Consumer<OutgoingMessage> action) {
		this.messages.forEach(action);
	}

	boolean isEmpty() {
		return this.messages.isEmpty();
	}

	int size() {
		return this.messages.size();
	}

	long bytes() {
		return this.bytes;
	}

}
