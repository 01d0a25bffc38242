package io.weir.spring.listener;

import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.weir.client.WeirException;
import io.weir.message.Message;
import io.weir.message.Redelivery;
import io.weir.spring.listener.WeirErrorHandler.Decision;

/**
 * Asks the error handler what becomes of messages of one source that the listener failed
 * on, and does it. Safe to use from any thread.
 */
final class FailedMessages {

	/** After a failure of the error handler itself. */
	private static final Duration REDELIVERY_DELAY = Duration.ofMinutes(1);

	private final ListenerTarget target;

	private final ContainerSettings settings;

	private final ListenerCounts counts;

	private final TopicCounts ofTopic;

	private final MessageSource source;

	FailedMessages(ListenerTarget target, MessageSource source) {
		this.target = target;
		this.settings = target.settings();
		this.counts = target.counts();
		this.ofTopic = this.counts.of(source.topic());
		this.source = source;
	}

	/**
	 * A listener failed.
	 * @param handover what it was given
	 * @param failure why
	 * @param undecided whether nobody has decided about the messages yet
	 * @return what it is to be given again, before anything else; {@code null} if nothing
	 */
	@Nullable Handover failed(Handover handover, Throwable failure, boolean undecided) {
		BatchFailure outcome = BatchFailure.of(handover.messages(), failure, this.settings.batch());
		Again again = new Again();
		for (BatchFailure.Failed failed : outcome.failed()) {
			Map<String, Integer> next = new LinkedHashMap<>();
			for (Message<byte[]> message : failed.messages()) {
				next.merge(undecided ? decide(handover, message, failed.failure(), again) : "was decided about before",
						1, Integer::sum);
			}
			this.counts.lastFailure = failed.failure();
			this.ofTopic.failed.add(failed.messages().size());
			this.counts.failures.failed(this.settings, failed.messages(), failed.failure(), next);
		}
		if (!undecided) {
			return null;
		}
		this.ofTopic.processed.add(outcome.done().size());
		outcome.done().forEach(this.source::acknowledge);
		again.untouched(outcome.untouched());
		return again.of(handover);
	}

	/** Returns what becomes of a message. */
	private String decide(Handover handover, Message<byte[]> message, Throwable failure, Again again) {
		int retries = handover.retries(message);
		Decision decision = this.source.possible(decision(message, failure), retries);
		if (decision instanceof WeirErrorHandler.RetryInPlace retry) {
			if (retries < retry.attempts()) {
				again.retry(message, retries + 1, retry.delay());
				return "is retried in place" + (retry.delay().isZero() ? "" : " in " + retry.delay().toMillis() + " ms")
						+ " (" + (retries + 1) + " of " + retry.attempts() + ")";
			}
			decision = retry.then();
		}
		try {
			return apply(decision, message, failure);
		}
		catch (WeirException ex) {
			return "is delivered again, as the consumer has ended (" + ex.getMessage() + ")";
		}
	}

	/** A failing JVM is not a question of the message. */
	private Decision decision(Message<byte[]> message, Throwable failure) {
		if (FatalErrors.isFatal(failure)) {
			return Decision.redeliver();
		}
		try {
			Decision decision = this.settings.errorHandler().handle(this.settings.id(), message, failure);
			if (decision != null) {
				return isRetryable(failure) ? decision : withoutRetry(decision);
			}
			this.counts.failures.errorHandlerFailed(this.settings, message, null);
		}
		catch (Throwable ex) {
			if (ex != failure) {
				ex.addSuppressed(failure);
			}
			this.counts.failures.errorHandlerFailed(this.settings, message, ex);
		}
		return Decision.redeliverAfter(REDELIVERY_DELAY);
	}

	private boolean isRetryable(Throwable failure) {
		return this.settings.errorHandler().isRetryable(failure, !this.settings.nonRetryable().contains(failure));
	}

	private static Decision withoutRetry(Decision decision) {
		Decision then = (decision instanceof WeirErrorHandler.RetryInPlace retry) ? retry.then() : decision;
		return (then instanceof WeirErrorHandler.Redeliver redeliver)
				? new WeirErrorHandler.DeadLetter(redeliver.delay()) : then;
	}

	private String apply(Decision decision, Message<byte[]> message, Throwable failure) {
		if (decision instanceof WeirErrorHandler.Discard) {
			this.source.acknowledge(message);
			return "is discarded";
		}
		if (decision instanceof WeirErrorHandler.Stop) {
			this.target.stop(failure);
			return (this.settings.isReader() ? "is read again when it is started" : giveBack(message, null, failure))
					+ "; the listener stops";
		}
		if (decision instanceof WeirErrorHandler.DeadLetter dead) {
			return giveUp(message, dead.delay(), failure);
		}
		return giveBack(message, (decision instanceof WeirErrorHandler.Redeliver redeliver) ? redeliver.delay() : null,
				failure);
	}

	private String giveBack(Message<byte[]> message, @Nullable Duration delay, Throwable failure) {
		return tell(this.source.negativeAcknowledge(message, delay, failure), message, failure);
	}

	private String giveUp(Message<byte[]> message, @Nullable Duration delay, Throwable failure) {
		Redelivery redelivery = this.source.deadLetter(message, delay, failure);
		if (redelivery != null && redelivery.deadLetterTopic() == null) {
			this.counts.failures.noDeadLetters(this.settings, message, failure);
		}
		return tell(redelivery, message, failure);
	}

	private String tell(@Nullable Redelivery redelivery, Message<byte[]> message, Throwable failure) {
		if (redelivery == null) {
			return "was decided about before";
		}
		String deadLetterTopic = redelivery.deadLetterTopic();
		if (deadLetterTopic != null) {
			this.ofTopic.deadLettered.increment();
			this.settings.events()
				.publish(new WeirListenerEvent.DeadLettered(this.settings.id(), message, deadLetterTopic, failure));
		}
		return redelivery.toString();
	}

	/** What is to be handed over again, in its order. */
	private static final class Again {

		private final Set<Message<byte[]>> messages = Collections.newSetFromMap(new IdentityHashMap<>());

		private final IdentityHashMap<Message<byte[]>, Integer> retries = new IdentityHashMap<>();

		private Duration delay = Duration.ZERO;

		void retry(Message<byte[]> message, int retries, Duration delay) {
			this.messages.add(message);
			this.retries.put(message, retries);
			this.delay = (delay.compareTo(this.delay) > 0) ? delay : this.delay;
		}

		void untouched(List<Message<byte[]>> untouched) {
			this.messages.addAll(untouched);
		}

		@Nullable Handover of(Handover handover) {
			List<Message<byte[]>> left = handover.messages().stream().filter(this.messages::contains).toList();
			return left.isEmpty() ? null : handover.again(left, this.retries, this.delay);
		}

	}

}
