package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.message.MessageId;
import io.weir.message.MessageIds;
import io.weir.wire.ErrorCode;
import io.weir.wire.Limits;
import io.weir.wire.Position;
import io.weir.wire.ProtocolException;

/**
 * Sends acknowledgements to the broker until it has confirmed or refused them. Any thread
 * may add; all else is done on the consumer's executor.
 */
final class AcknowledgementSender {

	private static final Logger logger = LoggerFactory.getLogger(AcknowledgementSender.class);

	private static final Duration AGAIN = Duration.ofSeconds(1);

	private final ConsumerSettings settings;

	private final Acknowledgements acknowledgements = new Acknowledgements();

	private final Inbox<?> inbox;

	private final BrokerChannel channel;

	private final SerialExecutor executor;

	private final Runnable answered;

	/** Why none is taken any more. */
	private volatile @Nullable ProtocolException ended;

	/** Whether the subscription is about to be moved or removed. */
	private boolean suspended;

	/**
	 * Creates the sender.
	 * @param answered runs when the broker has answered
	 */
	AcknowledgementSender(ConsumerSettings settings, Inbox<?> inbox, BrokerChannel channel, SerialExecutor executor,
			Runnable answered) {
		this.settings = settings;
		this.inbox = inbox;
		this.channel = channel;
		this.executor = executor;
		this.answered = answered;
	}

	/**
	 * Acknowledges a message; on any thread.
	 * @throws ProtocolException if the consumer has ended, or no message can have the id
	 */
	void add(MessageId id, @Nullable CompletableFuture<Void> stored) {
		check(id);
		this.inbox.decide(id, (unacknowledged) -> {
			unacknowledged.acknowledge(id);
			return id;
		});
		see(this.acknowledgements.add(id, stored));
		failIfEnded();
	}

	/**
	 * Acknowledges a message and all before it; on any thread.
	 * @throws ProtocolException if the consumer has ended, its subscription is shared, or
	 * no message can have the id
	 */
	void addUpTo(MessageId id, @Nullable CompletableFuture<Void> stored) {
		if (!this.settings.isCumulative()) {
			throw new ProtocolException(ErrorCode.INVALID_REQUEST,
					"Cumulative acknowledgement needs an EXCLUSIVE or FAILOVER subscription; "
							+ this.settings.subscriptionOfTopic() + " is " + this.settings.type());
		}
		check(id);
		List<MessageId> each = this.inbox.unacknowledged((unacknowledged) -> unacknowledged.oneByOne(id));
		if (each == null) {
			this.inbox.acknowledgeUpTo(id);
			see(this.acknowledgements.addUpTo(id, stored));
			failIfEnded();
		}
		else if (!each.isEmpty()) {
			MessageId last = each.get(each.size() - 1);
			each.forEach((message) -> add(message, message.equals(last) ? stored : null));
		}
		else if (stored != null) {
			stored.complete(null);
		}
	}

	/** A wrong one would have all refused that are sent with it. */
	private void check(MessageId id) {
		ProtocolException cause = this.ended;
		if (cause != null) {
			throw cause;
		}
		Position.of(id);
		if (MessageIds.index(id) >= Limits.MAX_BATCH_MESSAGES) {
			throw new ProtocolException(ErrorCode.INVALID_REQUEST,
					"No message has the id " + id + ": the index is from 0 to " + (Limits.MAX_BATCH_MESSAGES - 1));
		}
	}

	/** If it ended meanwhile, nobody else will tell the one who waits. */
	private void failIfEnded() {
		ProtocolException cause = this.ended;
		if (cause != null) {
			this.acknowledgements.clear(cause, this.settings.failures());
		}
	}

	/** How many the broker has not confirmed. */
	int unconfirmed() {
		return this.acknowledgements.size();
	}

	/** The subscription was moved or removed, which says more than they do. */
	void supersede() {
		this.acknowledgements.supersede();
	}

	/** Answers to what was sent will not come: it is sent again. */
	void takeBack() {
		this.acknowledgements.takeBack();
	}

	/** All fail, and so do those that come later. */
	void end(ProtocolException cause) {
		this.ended = cause;
		failIfEnded();
	}

	private void see(Acknowledgements.Due due) {
		Duration delay = this.settings.acknowledgementDelay();
		if (due == Acknowledgements.Due.LATER && !delay.isZero()) {
			sendIn(delay);
		}
		else if (due != Acknowledgements.Due.SEEN_TO) {
			this.executor.execute(this::send);
		}
	}

	private void sendIn(Duration delay) {
		this.executor.schedule(delay, this::send);
	}

	/** Sends nothing until {@link #resume()}. */
	void suspend() {
		this.suspended = true;
	}

	void resume() {
		this.suspended = false;
		send();
	}

	void send() {
		if (!this.channel.isAttached() || this.suspended) {
			return;
		}
		MessageId upTo = this.acknowledgements.upTo();
		while (upTo != null && oneByOne(upTo)) {
			upTo = this.acknowledgements.upTo();
		}
		Acknowledgements.Group group = this.acknowledgements.send();
		while (group != null) {
			send(group);
			group = this.acknowledgements.send();
		}
	}

	/**
	 * Something was given up before the message, and the connection was lost before the
	 * broker can be known to have heard it: else it would be acknowledged with the
	 * message.
	 * @return whether that is so; then messages are acknowledged one by one
	 */
	private boolean oneByOne(MessageId upTo) {
		List<MessageId> each = this.inbox.unacknowledged((unacknowledged) -> {
			List<MessageId> ids = unacknowledged.oneByOne(upTo);
			if (ids != null) {
				ids.forEach(unacknowledged::acknowledge);
				unacknowledged.notUpTo(upTo);
			}
			return ids;
		});
		if (each != null) {
			this.acknowledgements.oneByOne(upTo, each).forEach((future) -> future.complete(null));
		}
		return each != null;
	}

	private void send(Acknowledgements.Group group) {
		List<MessageId> givenUp = this.inbox.unacknowledged((unacknowledged) -> unacknowledged.givenUp().told());
		this.channel.request(group::frame, (answer) -> {
			heard(givenUp);
			if (this.acknowledgements.confirmed(group)) {
				this.inbox.confirmed(group);
				group.complete();
			}
			this.answered.run();
		}, (cause) -> {
			refused(group, cause);
			this.answered.run();
		});
	}

	/** What was said before the acknowledgements, the broker has heard as well. */
	private void heard(List<MessageId> givenUp) {
		if (!givenUp.isEmpty()) {
			this.inbox.unacknowledged((unacknowledged) -> {
				unacknowledged.givenUp().heard(givenUp);
				return null;
			});
		}
	}

	/**
	 * The group is sent again: after a while, with the next acknowledgements, or when the
	 * consumer has subscribed again.
	 */
	private void refused(Acknowledgements.Group group, ProtocolException cause) {
		if (cause.code().retryable()) {
			this.acknowledgements.postponed(group);
			sendIn(AGAIN);
			return;
		}
		logger.warn("The broker refused {} acknowledgements of {}: {}: {}", group.ids().size(),
				this.settings.subscriptionOfTopic(), cause.code(), cause.getMessage());
		this.acknowledgements.refused(group, this.settings.failures().apply(cause));
	}

}
