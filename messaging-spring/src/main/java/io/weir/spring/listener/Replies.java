package io.weir.spring.listener;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.MessageBuilder;
import io.weir.client.WeirException;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.spring.WeirHeaders;
import io.weir.spring.WeirOperations;
import io.weir.spring.observation.WeirObservations;
import io.weir.wire.ErrorCode;

/**
 * Publishes what a listener method returned: to the topics of {@code @SendTo}, or where
 * the message itself asks for replies.
 */
final class Replies {

	private static final Logger logger = LoggerFactory.getLogger(Replies.class);

	/**
	 * Go from the message to what is made of it, so that a trace goes on though this
	 * application does not trace; one that does sets its own.
	 */
	private static final List<String> CARRIED = List.of(WeirHeaders.CORRELATION_ID, "traceparent", "tracestate",
			"baggage", "b3");

	private final String method;

	private final List<String> topics;

	private final Supplier<WeirOperations> operations;

	private final WeirObservations observations;

	private final boolean plain;

	private final AtomicBoolean told = new AtomicBoolean();

	/**
	 * Creates the replies of one method.
	 * @param method for people
	 * @param topics those of {@code @SendTo}; perhaps none
	 * @param operations what publishes, asked for with the first reply
	 * @param observations know what the caller of the method is observed by
	 * @param plain whether the method returns values rather than asynchronous work, which
	 * often has a value that is meant for nobody
	 */
	Replies(String method, List<String> topics, Supplier<WeirOperations> operations, WeirObservations observations,
			boolean plain) {
		this.method = method;
		this.topics = List.copyOf(topics);
		this.operations = operations;
		this.observations = observations;
		this.plain = plain;
	}

	/** The observation of what the present thread gives to the method. */
	Observation observation() {
		return this.observations.current();
	}

	/**
	 * Publishes a value; of a {@link Collection} each element, as a message of its own.
	 * @param source the message that the value was made of; {@code null} for a batch
	 * @param observation that of the message
	 * @return completes when the broker has stored it; {@code null} if nobody wants it
	 */
	@Nullable CompletionStage<?> publish(Object value, @Nullable Message<byte[]> source, Observation observation) {
		List<String> targets = targets(source);
		if (targets.isEmpty()) {
			if (this.plain && this.told.compareAndSet(false, true)) {
				logger.warn(
						"{} returned a {}, which is dropped, as the method has no @SendTo and the message no "
								+ "header '{}'; this is said once",
						this.method, value.getClass().getName(), WeirHeaders.REPLY_TOPIC);
			}
			return null;
		}
		Collection<?> values = (value instanceof Collection<?> several) ? several : List.of(value);
		CompletableFuture<?> sent = CompletableFuture.completedFuture(null);
		Observation.Scope scope = observation.openScope();
		try {
			for (Object each : values) {
				for (String topic : targets) {
					sent = CompletableFuture.allOf(sent, send(topic, each, source));
				}
			}
		}
		finally {
			scope.close();
		}
		return sent;
	}

	private List<String> targets(@Nullable Message<byte[]> source) {
		if (!this.topics.isEmpty() || source == null) {
			return this.topics;
		}
		String topic = source.headers().get(WeirHeaders.REPLY_TOPIC);
		return (topic != null) ? List.of(topic) : List.of();
	}

	private CompletableFuture<MessageId> send(String topic, Object value, @Nullable Message<byte[]> source) {
		CompletableFuture<MessageId> sent = message(topic, value, source).sendAsync();
		if (sent.isCompletedExceptionally() && isQueueFull(sent)) {
			// The listener is to be slowed down, not to fail.
			return CompletableFuture.completedFuture(message(topic, value, source).send());
		}
		return sent;
	}

	private static boolean isQueueFull(CompletableFuture<?> sent) {
		try {
			sent.join();
			return false;
		}
		catch (CompletionException ex) {
			return WeirException.from(ex).code() == ErrorCode.QUEUE_FULL;
		}
	}

	private MessageBuilder<Object> message(String topic, Object value, @Nullable Message<byte[]> source) {
		MessageBuilder<Object> message = this.operations.get().message(topic, value);
		if (source != null) {
			String key = source.key();
			if (key != null) {
				message.key(key);
			}
			for (String name : CARRIED) {
				String header = source.headers().get(name);
				if (header != null) {
					message.header(name, header);
				}
			}
		}
		return message;
	}

}
