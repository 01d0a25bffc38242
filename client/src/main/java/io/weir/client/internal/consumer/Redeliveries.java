package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.concurrent.Causes;
import io.weir.message.MessageId;
import io.weir.message.Redelivery;
import io.weir.time.DurationRange;
import io.weir.wire.FailureReport;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.LogLimit;

/**
 * Gives messages back to the broker, which knows when they are to be delivered again and
 * when they become dead letters: what is said of all when the consumer subscribes, what
 * is said of one with it. While there is no connection there is nothing to say, since the
 * broker delivers all again. Any thread may add; all else is done on the consumer's
 * executor.
 */
final class Redeliveries {

	/** Where the application's back-off fails. */
	static final Duration DELAY_WITHOUT_BACKOFF = Duration.ofSeconds(1);

	/** How long a delay is that the broker knows. */
	private static final long AS_STATED = -1;

	/** Where the broker has no topic for what cannot be read, it is not asked at once. */
	private static final long DELAY_OF_DAMAGED = 1_000;

	private static final Logger logger = LoggerFactory.getLogger(Redeliveries.class);

	private final LogLimit backoffFailures = new LogLimit();

	private final Queue<Refused> added = new ConcurrentLinkedQueue<>();

	private final ConsumerSettings settings;

	private final Inbox<?> inbox;

	private final BrokerChannel channel;

	private final SerialExecutor executor;

	private boolean stopped;

	Redeliveries(ConsumerSettings settings, Inbox<?> inbox, BrokerChannel channel, SerialExecutor executor) {
		this.settings = settings;
		this.inbox = inbox;
		this.channel = channel;
		this.executor = executor;
	}

	/**
	 * Gives back, from now on, what the application does not decide about in time. The
	 * broker cannot know when the application has taken a message out of the queue.
	 */
	void start() {
		if (!this.settings.ackTimeout().isZero()) {
			expireLater();
		}
	}

	private void expireLater() {
		long millis = Math.max(10, Math.min(1000, this.settings.ackTimeout().toMillis() / 20));
		this.executor.schedule(Duration.ofMillis(millis), () -> {
			if (!this.stopped) {
				send(this.inbox.expire(this.executor.nanoTime()), 0, false, FailureReport
					.of("It was not acknowledged within " + this.settings.ackTimeout().toMillis() + " ms"));
				expireLater();
			}
		});
	}

	/**
	 * Gives back a message if the application has it. On any thread.
	 * @return what becomes of it, or {@code null} if the application does not have it
	 */
	@Nullable Redelivery refuse(MessageId id, Refusal refusal) {
		Integer redeliveryCount = this.inbox.decide(id, (unacknowledged) -> unacknowledged.refuse(id));
		if (redeliveryCount == null) {
			return null;
		}
		Duration asked = refusal.delay();
		boolean stated = asked == null && this.settings.backoffRule() != null;
		Duration delay = DurationRange.wait((asked != null) ? asked : backoff(redeliveryCount));
		String deadLetters = deadLetters(refusal, redeliveryCount);
		this.added
			.add(new Refused(id, deadLetters != null, new Reason(stated ? AS_STATED : DurationRange.waitMillis(delay),
					refusal.forGood(), refusal.report(redeliveryCount > 0))));
		this.executor.execute(this::giveBack);
		return new Redelivery((deadLetters != null) ? Duration.ZERO : delay, deadLetters);
	}

	/** Where a message goes that is not delivered again; {@code null} if it is. */
	private @Nullable String deadLetters(Refusal refusal, int redeliveryCount) {
		ConsumerSettings.DeadLettering deadLettering = this.settings.deadLettering();
		return (deadLettering != null && (refusal.forGood() || redeliveryCount >= deadLettering.maxRedeliveries()))
				? deadLettering.topic() : null;
	}

	/** The application's: whatever it does, the message is given back. */
	private Duration backoff(int redeliveryCount) {
		try {
			return Objects.requireNonNull(this.settings.redeliveryBackoff().apply(redeliveryCount), "no delay");
		}
		catch (Throwable ex) {
			LogLimit.Line line = this.backoffFailures.next(ex);
			if (line != null) {
				logger.error("The back-off of {} failed, so that a message is given back after {} ms: {}{}",
						this.settings.subscriptionOfTopic(), DELAY_WITHOUT_BACKOFF.toMillis(), Causes.text(ex),
						line.ending(), line.trace());
			}
			return DELAY_WITHOUT_BACKOFF;
		}
	}

	private void giveBack() {
		Map<Reason, List<MessageId>> given = new LinkedHashMap<>();
		Refused next = this.added.poll();
		while (next != null) {
			MessageId id = next.id();
			boolean forGood = next.dead() && this.settings.isCumulative();
			if (this.inbox.unacknowledged((unacknowledged) -> unacknowledged.giveBack(id, forGood))) {
				given.computeIfAbsent(next.reason(), (same) -> new ArrayList<>()).add(id);
			}
			next = this.added.poll();
		}
		given.forEach((reason, ids) -> send(ids, reason.delay(), reason.forGood(), reason.report()));
	}

	/**
	 * Has messages become dead letters which nobody can read here.
	 * @param error what is wrong with them
	 */
	void giveUp(List<MessageId> ids, String error) {
		if (this.settings.isCumulative()) {
			this.inbox.unacknowledged((unacknowledged) -> {
				unacknowledged.givenUp().tell(ids);
				return null;
			});
		}
		send(ids, DELAY_OF_DAMAGED, true, FailureReport.of(error));
	}

	private void send(List<MessageId> ids, long delay, boolean forGood, FailureReport report) {
		for (int from = 0; from < ids.size(); from += Limits.MAX_ACK_IDS) {
			List<MessageId> part = List.copyOf(ids.subList(from, Math.min(ids.size(), from + Limits.MAX_ACK_IDS)));
			this.channel.send((consumerId) -> new Frame.NegativeAcknowledge(consumerId, delay, forGood, report, part));
		}
	}

	/** Forgets all. On the executor. */
	void clear() {
		this.added.clear();
	}

	/** Gives nothing back any more. On the executor. */
	void stop() {
		this.stopped = true;
		clear();
	}

	/**
	 * What the application does not want now.
	 *
	 * @param dead whether it becomes a dead letter
	 */
	private record Refused(MessageId id, boolean dead, Reason reason) {
	}

	/**
	 * What is said with it.
	 *
	 * @param delay how much later it is to be delivered again, in milliseconds
	 * @param forGood whether it is to become a dead letter now
	 * @param report what is wrong with it
	 */
	private record Reason(long delay, boolean forGood, FailureReport report) {
	}

}
