package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.internal.connection.Failures;
import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.Headers;
import io.weir.message.MessageId;
import io.weir.time.Backoff;
import io.weir.wire.Limits;
import io.weir.wire.LogLimit;

/**
 * Stores copies of messages that were delivered too often or damaged, and keeps each
 * message until its copy is stored. It is acknowledged only then, so it is in one of the
 * two topics at any time. Only touched on the consumer's executor.
 *
 * @param <T> the type of the values
 */
final class DeadLetters<T> {

	private static final Logger logger = LoggerFactory.getLogger(DeadLetters.class);

	private final TreeMap<MessageId, ReceivedMessage<T>> kept = new TreeMap<>();

	private final ConsumerSettings settings;

	private final String topic;

	private final DeadLetterPublisher publisher;

	private final LogLimit limit = new LogLimit();

	private final SerialExecutor executor;

	private final Backoff backoff = Backoff.random(Duration.ofSeconds(1), Duration.ofMinutes(1));

	private final Consumer<ReceivedMessage<T>> stored;

	/**
	 * Creates the keeper.
	 * @param stored is told when a copy is stored
	 */
	DeadLetters(ConsumerSettings settings, ConsumerSettings.DeadLettering deadLettering, SerialExecutor executor,
			Consumer<ReceivedMessage<T>> stored) {
		this.settings = settings;
		this.topic = deadLettering.topic();
		this.publisher = deadLettering.publisher();
		this.executor = executor;
		this.stored = stored;
	}

	void add(List<ReceivedMessage<T>> messages) {
		for (ReceivedMessage<T> message : messages) {
			this.kept.put(message.id(), message);
			publish(message);
		}
	}

	/** The first message that is kept. */
	@Nullable MessageId first() {
		return this.kept.isEmpty() ? null : this.kept.firstKey();
	}

	private void publish(ReceivedMessage<T> message) {
		if (!isKept(message)) {
			return;
		}
		publication(message).whenComplete((copy, failure) -> this.executor.execute(() -> {
			if (!isKept(message)) {
				return;
			}
			if (failure == null) {
				this.backoff.reset();
				this.kept.remove(message.id());
				log(message);
				this.stored.accept(message);
			}
			else {
				publishAgain(message, failure);
			}
		}));
	}

	private CompletionStage<?> publication(ReceivedMessage<T> message) {
		try {
			return this.publisher.publish(message, headers(message));
		}
		catch (RuntimeException | Error ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/** Those of the message matter more, if there is not room for all. */
	private Headers headers(ReceivedMessage<T> message) {
		Headers headers = new DeadLetterOrigin(message.topic(), this.settings.subscription(), message.id(),
				message.redeliveryCount(), "")
			.addTo(message.headers());
		return (headers.size() <= Limits.MAX_HEADERS) ? headers : message.headers();
	}

	private static String reason(ReceivedMessage<?> message) {
		return message.isDamaged() ? "came damaged" : "was delivered " + message.redeliveryCount() + " times";
	}

	private void log(ReceivedMessage<T> message) {
		LogLimit.Line line = this.limit.next();
		if (line != null) {
			logger.warn("Message {} of {} {} and is a dead letter in topic '{}' now{}", message.id(),
					this.settings.subscriptionOfTopic(), reason(message), this.topic, line.ending());
		}
	}

	private void publishAgain(ReceivedMessage<T> message, Throwable failure) {
		Duration delay = this.backoff.next();
		LogLimit.Line line = this.limit.next();
		if (line != null) {
			logger.warn(
					"Message {} of {} {} and cannot be stored as a dead letter in topic '{}' yet; "
							+ "trying again in {} ms: {}{}",
					message.id(), this.settings.subscriptionOfTopic(), reason(message), this.topic, delay.toMillis(),
					Failures.of(failure).getMessage(), line.ending());
		}
		this.executor.schedule(delay, () -> publish(message));
	}

	private boolean isKept(ReceivedMessage<T> message) {
		return this.kept.get(message.id()) == message;
	}

	/**
	 * Keeps no message any more: all are the broker's again.
	 * @return what was kept
	 */
	List<ReceivedMessage<T>> clear() {
		List<ReceivedMessage<T>> messages = List.copyOf(this.kept.values());
		this.kept.clear();
		return messages;
	}

	/** Stores nothing more. */
	void close() {
		this.kept.clear();
		this.publisher.close();
	}

}
