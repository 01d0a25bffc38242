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
	 * Takes a message out, wherever it stands.
	 * @return whether it was there
	 */
	boolean remove(OutgoingMessage message) {
		boolean removed = this.messages.remove(message);
		this.bytes -= removed ? message.size() : 0;
		return removed;
	}

	/**
	 * Claims what fits into one batch, and drops what was cancelled on the way. A message
	 * that is to be delivered later goes alone.
	 * @param maxMessages how many messages at most, from 1
	 * @param maxBytes how many bytes at most; a larger message goes alone
	 * @return the messages; none if all were cancelled, and then the queue is empty
	 */
	List<OutgoingMessage> take(int maxMessages, int maxBytes) {
		List<OutgoingMessage> taken = new ArrayList<>(Math.min(maxMessages, this.messages.size()));
		long size = 0;
		OutgoingMessage next = peek();
		while (next != null && taken.size() < maxMessages
				&& (taken.isEmpty() || (size + next.size() <= maxBytes && !next.isDelayed()))) {
			OutgoingMessage message = remove();
			if (message.claim()) {
				size += message.size();
				taken.add(message);
				if (message.isDelayed()) {
					break;
				}
			}
			next = peek();
		}
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
