package io.weir.spring.listener;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.weir.message.Message;

/**
 * Messages that the listener is given together: those of a batch, else one.
 *
 * @param messages the messages
 * @param handled what those that are done with are added to, to be acknowledged later;
 * {@code null} if they are acknowledged at once
 * @param retries how often messages were retried in place, by identity; none is left out
 * that was
 * @param again whether the messages were handed over before
 * @param due when it is time to hand them over again, by {@link System#nanoTime}
 */
record Handover(List<Message<byte[]>> messages, @Nullable List<Message<byte[]>> handled,
		Map<Message<byte[]>, Integer> retries, boolean again, long due) {

	static Handover first(List<Message<byte[]>> messages, @Nullable List<Message<byte[]>> handled) {
		return new Handover(messages, handled, Map.of(), false, 0);
	}

	/** How often a message was retried in place. */
	int retries(Message<byte[]> message) {
		// An empty immutable map would compare.
		return this.retries.isEmpty() ? 0 : this.retries.getOrDefault(message, 0);
	}

	/** What is left of it, once more. */
	Handover again(List<Message<byte[]>> messages, Map<Message<byte[]>, Integer> retries, Duration delay) {
		return new Handover(messages, this.handled, retries, true, System.nanoTime() + delay.toNanos());
	}

	/**
	 * How long it waits; without a look at the clock if it was not handed over before.
	 */
	Duration remaining() {
		return this.again ? Duration.ofNanos(Math.max(0, this.due - System.nanoTime())) : Duration.ZERO;
	}

}
