package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.connection.ConnectionManager;
import io.weir.client.internal.consumer.ConsumerState.Ended.Reason;
import io.weir.client.internal.link.Attachment;
import io.weir.client.internal.link.BrokerLink;
import io.weir.client.internal.link.Endpoint;
import io.weir.client.internal.link.Role;
import io.weir.client.internal.schedule.ClientTimer;
import io.weir.client.internal.schedule.ClientTimer.Scheduled;
import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.message.Backlog;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.time.Backoff;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * A consumer, or a reader, of a topic without partitions or of one partition. What
 * becomes of its messages is the business of {@link ConsumerMessages}; here is its life:
 * it subscribes, again whenever the link broke, has its subscription moved or removed,
 * and ends. What concerns the broker is done on the consumer's executor.
 *
 * @param <T> the type of the values
 */
public final class ConsumerCore<T> implements Role, Endpoint {

	static final Duration SUBSCRIBE_TIMEOUT = Duration.ofSeconds(30);

	/** How long the last acknowledgements may take when the consumer is closed. */
	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

	private final CompletableFuture<ConsumerCore<T>> subscribed = new CompletableFuture<>();

	private final CompletableFuture<Void> closed = new CompletableFuture<>();

	private final ConsumerSettings settings;

	private final SerialExecutor executor;

	private final BrokerLink link;

	private final BrokerChannel channel;

	private final KeptNoLonger keptNoLonger;

	private final ConsumerRequests requests;

	private final ConsumerMessages<T> messages;

	private final EndOfTopic endOfTopic;

	private final BacklogQuestions backlog;

	// Only touched on the executor.

	/** As it was introduced last: a later epoch replaces what the broker still has. */
	private ConsumerInstance instance = ConsumerInstance.once();

	private IntConsumer partitions = (count) -> {
	};

	// Written on the executor, read on any thread.

	private volatile ConsumerState state = new ConsumerState.Subscribing(true);

	/** How many acknowledgements were not confirmed when it ended. */
	private volatile int unconfirmed;

	/**
	 * Creates the consumer, which does nothing until {@link #open()}.
	 * @param settings what it was told
	 * @param schema how payloads become values
	 * @param inboxes where its messages are taken, with those of other partitions
	 * @param connections where sessions come from
	 * @param timer the client's timer
	 * @param backoff how long to wait after refusals
	 * @param damagedBatches counts batches that came with other bytes than they should
	 */
	public ConsumerCore(ConsumerSettings settings, Schema<T> schema, Inboxes<T> inboxes, ConnectionManager connections,
			ClientTimer timer, Backoff backoff, LongAdder damagedBatches) {
		this.settings = settings;
		this.executor = new SerialExecutor(timer);
		this.link = new BrokerLink(this, connections, timer, this.executor, backoff, false);
		this.channel = new BrokerChannel(this.link, this.executor);
		this.keptNoLonger = new KeptNoLonger(settings);
		this.requests = new ConsumerRequests(settings, this.keptNoLonger, this.channel, this.executor,
				this::requestsChanged);
		this.messages = new ConsumerMessages<>(settings, schema, inboxes, this.channel, this.executor, damagedBatches,
				() -> this.state.isLeaving() || !this.requests.isEmpty(), this::endIfDone);
		this.endOfTopic = new EndOfTopic(this.channel, this.executor, () -> Optional.ofNullable(this.messages.last()),
				this::end);
		this.backlog = new BacklogQuestions(settings, this.channel, this.executor);
	}

	/** Is told how many partitions the topic has; to be set before it subscribes. */
	void onPartitions(IntConsumer listener) {
		this.partitions = listener;
	}

	/** Completes when it has subscribed, or exceptionally if it never will. */
	CompletableFuture<ConsumerCore<T>> subscribed() {
		return this.subscribed;
	}

	/**
	 * What the application does with messages.
	 * @return the messages
	 */
	public ConsumerMessages<T> messages() {
		return this.messages;
	}

	/**
	 * Subscribes.
	 * @return itself when the broker has accepted it; or {@link ProtocolException}, and
	 * then it is closed
	 */
	public CompletableFuture<ConsumerCore<T>> open() {
		Scheduled deadline = this.executor.schedule(SUBSCRIBE_TIMEOUT, () -> {
			if (this.state instanceof ConsumerState.Subscribing) {
				end(this.link.notAttachedWithin("The consumer of " + this.settings.subscriptionOfTopic(),
						SUBSCRIBE_TIMEOUT));
			}
		});
		this.subscribed.whenComplete((ignored, failure) -> deadline.cancel());
		this.messages.start();
		this.link.open();
		return this.subscribed;
	}

	/** As {@link EndOfTopic#listen}; to be set before it subscribes. */
	void onEnd(Predicate<Optional<MessageId>> listener) {
		this.endOfTopic.listen(listener);
	}

	/**
	 * Subscribes as soon as there is a broker that agrees. Until then it may be used:
	 * there are no messages yet.
	 */
	public void openInBackground() {
		this.state = new ConsumerState.Subscribing(false);
		this.messages.start();
		this.link.open();
	}

	/** Why the broker refused it for good; {@code null} if it has not. */
	@Nullable ProtocolException refusal() {
		return (this.state instanceof ConsumerState.Ended ended && ended.reason() == Reason.REFUSED) ? ended.refusal()
				: null;
	}

	/**
	 * Moves the subscription.
	 * @param place where to
	 * @return completes when the broker has moved it and everything from before is
	 * forgotten
	 */
	public CompletableFuture<Void> seek(SeekTarget place) {
		return this.requests.ask("move " + this.settings.subscriptionOfTopic(), true, place,
				() -> this.messages.moved(place));
	}

	/**
	 * Removes the subscription and closes the consumer.
	 * @return completes when the broker has removed it
	 */
	public CompletableFuture<Void> unsubscribe() {
		return this.requests.ask("remove " + this.settings.subscriptionOfTopic(), false, Frame.Unsubscribe::new, () -> {
			this.messages.removed();
			end(new ProtocolException(ErrorCode.CLOSED, "The consumer has unsubscribed"), Reason.UNSUBSCRIBED);
		});
	}

	/** What the subscription has left to acknowledge, in this partition. */
	CompletableFuture<Backlog> backlog() {
		return this.backlog.ask();
	}

	/** Whether the broker knows the consumer, as far as is known. */
	public boolean isConnected() {
		return this.link.isAttached();
	}

	/**
	 * Gives nothing more to the application, sends the acknowledgements that are left,
	 * and says farewell to the broker. Acknowledgements whose answers went down with a
	 * connection are sent again in the next session: else the broker may have what the
	 * application believes to have failed.
	 * @return completes when that is done
	 */
	@Override
	public CompletableFuture<Void> close() {
		this.executor.execute(() -> {
			if (!this.state.isLeaving()) {
				this.state = new ConsumerState.Closing();
				ProtocolException cause = closedByApplication();
				this.messages.stop(cause);
				this.executor.schedule(CLOSE_TIMEOUT, () -> end(cause));
				if (this.requests.isEmpty()) {
					this.messages.sendAcknowledgements();
					endIfDone();
				}
				else {
					end(cause);
				}
			}
		});
		return this.closed;
	}

	@Override
	public CompletableFuture<Void> abort() {
		return CompletableFuture.runAsync(() -> end(closedByApplication()), this.executor);
	}

	@Override
	public CompletableFuture<Void> closed() {
		return this.closed;
	}

	@Override
	public @Nullable String unfinished() {
		int count = this.unconfirmed;
		return (count > 0) ? count + ((count > 1) ? " acknowledgements" : " acknowledgement") + " of "
				+ this.settings.subscriptionOfTopic() : null;
	}

	private void requestsChanged() {
		if (this.requests.isEmpty()) {
			this.messages.resumeAcknowledgements();
			ready();
		}
		else {
			this.messages.suspendAcknowledgements();
		}
	}

	/** The broker knows where to go on, and is told how far. */
	private void ready() {
		if (this.channel.isAttached() && this.requests.isEmpty()) {
			this.messages.grant();
			this.endOfTopic.ask();
			if (this.state instanceof ConsumerState.Subscribing) {
				this.state = new ConsumerState.Subscribed();
			}
			this.subscribed.complete(this);
		}
	}

	private void endIfDone() {
		if (this.state.isLeaving() && this.messages.unconfirmed() == 0) {
			end(closedByApplication());
		}
	}

	private static ProtocolException closedByApplication() {
		return new ProtocolException(ErrorCode.CLOSED, "The consumer was closed");
	}

	private void end(ProtocolException cause) {
		end(cause, Reason.CLOSED);
	}

	private void end(ProtocolException cause, Reason reason) {
		if (this.state instanceof ConsumerState.Ended) {
			return;
		}
		this.state = new ConsumerState.Ended(cause, reason);
		this.channel.detached();
		this.unconfirmed = this.messages.unconfirmed();
		this.subscribed.completeExceptionally(cause);
		this.messages.end(cause);
		this.requests.end(cause);
		this.backlog.end(cause);
		this.link.close().whenComplete((done, failure) -> this.closed.complete(null));
	}

	@Override
	public Frame introduction(long id) {
		SeekTarget next = this.messages.next();
		this.instance = this.instance.next();
		return this.settings.introduction(id, next, this.instance);
	}

	/** If the broker has forgotten it already, the stream alone is tested. */
	@Override
	public Frame farewell(long id) {
		return (this.state instanceof ConsumerState.Ended ended && ended.reason() == Reason.UNSUBSCRIBED)
				? new Frame.Ping(id) : new Frame.CloseConsumer(id);
	}

	@Override
	public Frame replaced(long id) {
		return new Frame.CloseConsumer(id);
	}

	@Override
	public void attached(Attachment attachment, Frame answer) {
		answer.release();
		this.channel.attached(attachment);
		this.link.answered();
		this.messages.restart(attachment.session().maxBatchBytes());
		SeekTarget next = this.messages.next();
		if (next != null && this.requests.isEmpty() && !next.equals(SeekTarget.EARLIEST)
				&& !next.equals(SeekTarget.LATEST)) {
			findPlace();
		}
		this.requests.sendFirst();
		// Before the permits: so what is acknowledged is not delivered again.
		this.messages.sendAcknowledgements();
		ready();
	}

	/**
	 * The broker does not know where a reader was. What was taken by one who did not get
	 * it may be put back at any time, before or after the broker is asked: the queue has
	 * it then, and stays as it is.
	 */
	private void findPlace() {
		this.requests.askNow("find the place of the reader of topic '" + this.settings.topic() + "'", true,
				(id) -> Objects.requireNonNull(this.messages.next()).apply(id), () -> {
				}, (cause) -> {
					// Else it is asked again in the next session.
					if (!cause.code().retryable()) {
						end(cause);
					}
				});
	}

	@Override
	public void detached(ProtocolException cause) {
		this.channel.detached();
		this.messages.detached();
		this.requests.takeBack();
		this.backlog.fail(cause);
		endIfDone();
	}

	/** Whoever waits for the consumer is told that the subscription is taken. */
	@Override
	public boolean retryAfter(ProtocolException cause) {
		boolean retry = cause.code().retryable() && !(this.state instanceof ConsumerState.Subscribing subscribing
				&& subscribing.awaited() && cause.code() == ErrorCode.SUBSCRIPTION_BUSY);
		if (!retry) {
			end(cause, Reason.REFUSED);
		}
		return retry;
	}

	@Override
	public @Nullable ProtocolException pushed(Frame frame) {
		try {
			if (frame instanceof Frame.Deliver delivery) {
				this.messages.delivered(delivery);
			}
			else if (frame instanceof Frame.MessagesTrimmed trimmed) {
				this.keptNoLonger.trimmed(trimmed);
			}
			else if (frame instanceof Frame.Partitions partitions && partitions.topic().equals(this.settings.topic())) {
				this.partitions.accept(partitions.count());
			}
		}
		catch (DamagedBatchException ex) {
			this.link.leaveConnection(ex);
		}
		catch (ProtocolException ex) {
			return ex;
		}
		finally {
			frame.release();
		}
		return (frame instanceof Frame.ConsumerClosed notice) ? removed(notice) : null;
	}

	private ProtocolException removed(Frame.ConsumerClosed notice) {
		if (notice.code() == ErrorCode.SUBSCRIPTION_MOVED) {
			this.messages.moved(null);
		}
		return new ProtocolException(notice.code(), notice.reason());
	}

}
