package io.weir.broker.deadletter;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.weir.message.MessageId;

/**
 * A part of what is in a dead-letter topic.
 *
 * @param deadLetters in the order in which they are stored; perhaps none though more
 * follow, if few are meant
 * @param next where to go on, or {@code null} at the end
 */
public record DeadLetterPage(List<DeadLetter> deadLetters, @Nullable MessageId next) {

	public DeadLetterPage {
		deadLetters = List.copyOf(deadLetters);
	}

}
