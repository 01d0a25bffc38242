package io.weir.spring.listener;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.concurrent.Causes;
import io.weir.message.Message;
import io.weir.wire.LogLimit;

/**
 * A line for each delivery that failed, however many messages it had, with what happens
 * next; not more than one can read. Safe to use from any thread.
 */
final class FailureLog {

	private static final Logger logger = LoggerFactory.getLogger(FailureLog.class);

	private final LogLimit failures = new LogLimit();

	private final LogLimit handlerFailures = new LogLimit();

	/** Of kinds of failures for which there are no dead letters. */
	private final ToldOnce withoutDeadLetters = new ToldOnce();

	/**
	 * A listener failed.
	 * @param next what becomes of the messages, and of how many that
	 */
	void failed(ContainerSettings settings, List<Message<byte[]>> messages, Throwable failure,
			Map<String, Integer> next) {
		LogLimit.Line line = this.failures.next(failure);
		if (line != null) {
			logger.error("Listener '{}' failed on {} of topic '{}'{}, delivery {}, {}: {}{}", settings.id(),
					name(messages), messages.get(0).topic(),
					settings.isReader() ? "" : ", subscription '" + settings.subscription() + "'",
					messages.get(0).redeliveryCount() + 1, text(messages, next), Causes.text(failure), line.ending(),
					line.trace());
		}
	}

	private static String name(List<Message<byte[]>> messages) {
		return (messages.size() == 1) ? "message " + messages.get(0).id() : messages.size() + " messages, "
				+ messages.get(0).id() + " to " + messages.get(messages.size() - 1).id() + ",";
	}

	private static String text(List<Message<byte[]>> messages, Map<String, Integer> next) {
		if (next.size() == 1) {
			return ((messages.size() == 1) ? "which " : "each of which ") + next.keySet().iterator().next();
		}
		return next.entrySet()
			.stream()
			.map((entry) -> entry.getValue() + " of which " + entry.getKey())
			.collect(Collectors.joining(", "));
	}

	/**
	 * A message is to become a dead letter now, and there is no topic for these. Told
	 * once for each kind of failure.
	 */
	void noDeadLetters(ContainerSettings settings, Message<byte[]> message, Throwable failure) {
		String kind = failure.getClass().getName();
		if (this.withoutDeadLetters.isFirst(kind)) {
			logger
				.error("Listener '{}' has no topic for dead letters: message {} of topic '{}', and all others that fail with "
						+ "{}, are delivered again and again. weir.listeners.{}.dead-letter.enabled=true gives it one, "
						+ "or deadLetter = @DeadLetter(enabled = \"true\") of @WeirListener", settings.id(),
						message.id(), message.topic(), kind, settings.id());
		}
	}

	/**
	 * An error handler failed.
	 * @param what it did, or {@code null} if it returned nothing
	 */
	void errorHandlerFailed(ContainerSettings settings, Message<byte[]> message, @Nullable Throwable what) {
		LogLimit.Line line = this.handlerFailures.next(what);
		if (line != null) {
			logger.error("The error handler of listener '{}' failed on message {} of topic '{}': {}{}", settings.id(),
					message.id(), message.topic(), (what != null) ? Causes.text(what) : "it returned null",
					line.ending(), line.trace());
		}
	}

}
