package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.internal.schedule.ClientTimer.Scheduled;
import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.concurrent.Causes;
import io.weir.message.MessageId;
import io.weir.message.Redelivery;
import io.weir.time.DurationRange;
import io.weir.wire.ErrorText;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.LogLimit;

/**
 * Gives messages back to the broker, each when its delay is over. While there is no
 * connection there is nothing to say, since the broker delivers all again. Any thread may
 * add; all else is done on the consumer's executor.
 */
final class Redeliveries {

	/** Of more than this, the one that has waited longest is given back early. */
	static final int MAX_WAITING = 10_000;

	/** Where the application's back-off fails. */
	static final Duration DELAY_WITHOUT_BACKOFF = Duration.ofSeconds(1);

	private static final Logger logger = LoggerFactory.getLogger(Redeliveries.class);

	private final LogLimit backoffFailures = new LogLimit();

	private final Queue<Refused> added = new ConcurrentLinkedQueue<>();

	private final PriorityQueue<Refused> waiting;

	private final ConsumerSettings settings;

	private final Inbox<?> inbox;

	private final BrokerChannel channel;

	private final SerialExecutor executor;

	private Scheduled wakeUp = () -> {
	};

	private boolean stopped;

	Redeliveries(ConsumerSettings settings, Inbox<?> inbox, BrokerChannel channel, SerialExecutor executor) {
		this.settings = settings;
		this.inbox = inbox;
		this.channel = channel;
		this.executor = executor;
		// Nanoseconds may overflow; only differences mean something.
		this.waiting = new PriorityQueue<>(
				Comparator.comparing(Refused::due, (one, other) -> Long.signum(one - other)));
	}

	/** Gives back, from now on, what the application does not decide about in time. */
	void start() {
		if (!this.settings.ackTimeout().isZero()) {
			expireLater();
		}
	}

	private void expireLater() {
		long millis = Math.max(10, Math.min(1000, this.settings.ackTimeout().toMillis() / 20));
		this.executor.schedule(Duration.ofMillis(millis), () -> {
			if (!this.stopped) {
				send(this.inbox.unacknowledged((unacknowledged) -> unacknowledged.expire(this.executor.nanoTime())),
						"It was not acknowledged within " + this.settings.ackTimeout().toMillis() + " ms");
				expireLater();
			}
		});
	}

	/**
	 * Gives back a message if the application has it. On any thread.
	 * @param asked how much later, or {@code null} to leave that to the back-off
	 * @param error what is wrong with it, for people; perhaps nothing
	 * @return what becomes of it, or {@code null} if the application does not have it
	 */
	@Nullable Redelivery refuse(MessageId id, @Nullable Duration asked, String error) {
		Integer redeliveryCount = this.inbox.unacknowledged((unacknowledged) -> unacknowledged.refuse(id));
		if (redeliveryCount == null) {
			return null;
		}
		Redelivery redelivery = redelivery(redeliveryCount, asked);
		add(new Refused(id, this.executor.nanoTime() + redelivery.delay().toNanos(), ErrorText.cut(error)));
		return redelivery;
	}

	private Redelivery redelivery(int redeliveryCount, @Nullable Duration asked) {
		ConsumerSettings.DeadLettering deadLettering = this.settings.deadLettering();
		// Next time it is a dead letter, for which nobody has to wait.
		if (deadLettering != null && redeliveryCount >= deadLettering.maxRedeliveries()) {
			return new Redelivery(Duration.ZERO, deadLettering.topic());
		}
		Duration delay = (asked != null) ? asked : backoff(redeliveryCount);
		return new Redelivery(DurationRange.wait(delay), null);
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

	private void add(Refused refused) {
		this.added.add(refused);
		this.executor.execute(this::giveBackDue);
	}

	private void giveBackDue() {
		Refused next = this.added.poll();
		while (next != null) {
			this.waiting.add(next);
			next = this.added.poll();
		}
		Map<String, List<MessageId>> due = new LinkedHashMap<>();
		next = this.waiting.peek();
		while (next != null && (next.due() - this.executor.nanoTime() <= 0 || this.waiting.size() > MAX_WAITING)) {
			Refused refused = this.waiting.remove();
			MessageId id = refused.id();
			if (this.inbox.unacknowledged((unacknowledged) -> unacknowledged.giveBack(id))) {
				due.computeIfAbsent(refused.error(), (error) -> new ArrayList<>()).add(id);
			}
			next = this.waiting.peek();
		}
		due.forEach((error, ids) -> send(ids, error));
		this.wakeUp.cancel();
		if (next != null) {
			this.wakeUp = this.executor.schedule(Duration.ofNanos(next.due() - this.executor.nanoTime()),
					this::giveBackDue);
		}
	}

	private void send(List<MessageId> ids, String error) {
		for (int from = 0; from < ids.size(); from += Limits.MAX_ACK_IDS) {
			List<MessageId> part = List.copyOf(ids.subList(from, Math.min(ids.size(), from + Limits.MAX_ACK_IDS)));
			this.channel.send((consumerId) -> new Frame.NegativeAcknowledge(consumerId, -1, false, error, part));
		}
	}

	/** Forgets all. On the executor. */
	void clear() {
		this.added.clear();
		this.waiting.clear();
		this.wakeUp.cancel();
	}

	/** Gives nothing back any more. On the executor. */
	void stop() {
		this.stopped = true;
		clear();
	}

	private record Refused(MessageId id, long due, String error) {
	}

}
