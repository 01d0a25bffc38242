package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;

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
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Redelivery;
import io.weir.message.Schema;
import io.weir.time.Backoff;
import io.weir.time.DurationRange;
import io.weir.wire.ConsumerInstance;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * A consumer, or a reader. Any thread may receive and acknowledge; what concerns the
 * broker is done on the consumer's executor.
 *
 * @param <T> the type of the values
 */
public final class ConsumerCore<T> implements Role, Endpoint {

	private static final Duration SUBSCRIBE_TIMEOUT = Duration.ofSeconds(30);

	/** How long the last acknowledgements may take when the consumer is closed. */
	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

	private final CompletableFuture<ConsumerCore<T>> subscribed = new CompletableFuture<>();

	private final CompletableFuture<Void> closed = new CompletableFuture<>();

	private final ConsumerSettings settings;

	private final Deliveries<T> deliveries;

	private final ClientTimer timer;

	private final SerialExecutor executor;

	private final BrokerLink link;

	private final Inbox<T> inbox;

	private final BrokerChannel channel;

	private final AcknowledgementSender acknowledger;

	private final Redeliveries redeliveries;

	private final ConsumerRequests requests;

	private final FlowControl flow;

	private final Receiver<T> receiver;

	private final @Nullable DeadLetters<T> deadLetters;

	// Only touched on the executor.

	/** As it was introduced last: a later epoch replaces what the broker still has. */
	private ConsumerInstance instance = ConsumerInstance.once();

	// Written on the executor, read on any thread.

	private volatile ConsumerState state = new ConsumerState.Subscribing(true);

	/** How many acknowledgements were not confirmed when it ended. */
	private volatile int unconfirmed;

	/**
	 * Creates the consumer, which does nothing until {@link #open()}.
	 * @param settings what it was told
	 * @param schema how payloads become values
	 * @param connections where sessions come from
	 * @param timer the client's timer
	 * @param backoff how long to wait after refusals
	 * @param damagedBatches counts batches that came with other bytes than they should
	 */
	public ConsumerCore(ConsumerSettings settings, Schema<T> schema, ConnectionManager connections, ClientTimer timer,
			Backoff backoff, LongAdder damagedBatches) {
		this.settings = settings;
		this.deliveries = new Deliveries<>(settings, schema,
				new DamagedBatches(settings, timer::nanoTime, damagedBatches));
		this.timer = timer;
		this.executor = new SerialExecutor(timer);
		this.link = new BrokerLink(this, connections, timer, this.executor, backoff);
		this.inbox = new Inbox<>(settings, timer::nanoTime);
		this.channel = new BrokerChannel(this.link, this.executor);
		this.acknowledger = new AcknowledgementSender(settings, this.inbox, this.channel, timer, this.executor,
				this::firstDeadLetter, this::acknowledgementsAnswered);
		this.redeliveries = new Redeliveries(settings, this.inbox, this.channel, timer, this.executor);
		this.requests = new ConsumerRequests(this.channel, timer, this.executor, settings.failures(),
				this::requestsChanged);
		this.flow = new FlowControl(this.inbox, this.channel, this.executor,
				() -> this.state.isLeaving() || !this.requests.isEmpty());
		this.receiver = new Receiver<>(this.inbox, this.flow, timer);
		this.deadLetters = (settings.deadLettering() != null)
				? new DeadLetters<>(settings, settings.deadLettering(), timer, this.executor, this::deadLetterStored)
				: null;
	}

	/**
	 * Subscribes.
	 * @return itself when the broker has accepted it; or {@link ProtocolException}, and
	 * then it is closed
	 */
	public CompletableFuture<ConsumerCore<T>> open() {
		Scheduled deadline = this.timer.schedule(SUBSCRIBE_TIMEOUT, () -> this.executor.execute(() -> {
			if (this.state instanceof ConsumerState.Subscribing) {
				end(this.link.notAttachedWithin("The consumer of " + this.settings.subscriptionOfTopic(),
						SUBSCRIBE_TIMEOUT));
			}
		}));
		this.subscribed.whenComplete((ignored, failure) -> deadline.cancel());
		this.redeliveries.start();
		this.link.open();
		return this.subscribed;
	}

	/**
	 * Subscribes as soon as there is a broker that agrees. Until then it may be used:
	 * there are no messages yet.
	 */
	public void openInBackground() {
		this.state = new ConsumerState.Subscribing(false);
		this.redeliveries.start();
		this.link.open();
	}

	/**
	 * Whether it has ended because the broker refused it for good.
	 * @return whether another one might be accepted
	 */
	public boolean isRefused() {
		return this.state instanceof ConsumerState.Ended ended && ended.reason() == Reason.REFUSED;
	}

	/**
	 * Takes the next message.
	 * @param timeout how long to wait for it, if at all
	 * @return the message, or {@code null} if none came in time
	 * @throws InterruptedException if the thread was interrupted while it waited
	 * @throws ProtocolException why there will be no more
	 */
	public @Nullable Message<T> receive(Duration timeout) throws InterruptedException {
		return this.receiver.take(DurationRange.waitNanos(timeout));
	}

	/**
	 * Takes the next messages.
	 * @param maxMessages how many at most
	 * @param timeout how long to wait for so many
	 * @return those that came in time
	 * @throws InterruptedException if the thread was interrupted while it waited; nothing
	 * is taken then
	 * @throws ProtocolException why there will be no more
	 */
	public List<Message<T>> receive(int maxMessages, Duration timeout) throws InterruptedException {
		return this.receiver.take(maxMessages, DurationRange.waitNanos(timeout));
	}

	/**
	 * Takes the next message.
	 * @return the message, later
	 */
	public CompletableFuture<Message<T>> receiveAsync() {
		return this.receiver.takeAsync();
	}

	/**
	 * Acknowledges a message.
	 * @param id its id
	 * @param stored completed when that is stored, or {@code null} if nobody cares
	 * @throws ProtocolException if the consumer is closed
	 */
	public void acknowledge(MessageId id, @Nullable CompletableFuture<Void> stored) {
		this.acknowledger.add(id, stored);
	}

	/**
	 * Acknowledges a message and all before it in the log.
	 * @param id its id
	 * @param stored completed when that is stored, or {@code null} if nobody cares
	 * @throws ProtocolException if the consumer is closed, or its subscription is shared
	 */
	public void acknowledgeUpTo(MessageId id, @Nullable CompletableFuture<Void> stored) {
		this.acknowledger.addUpTo(id, stored);
	}

	/**
	 * Gives a message back.
	 * @param id its id
	 * @param delay how much later, or {@code null} to leave that to the back-off
	 * @return what becomes of it, or {@code null} if the application does not have it
	 * @throws ProtocolException if the consumer is closed
	 */
	public @Nullable Redelivery negativeAcknowledge(MessageId id, @Nullable Duration delay) {
		ProtocolException refusal = this.state.refusal();
		if (refusal != null) {
			throw refusal;
		}
		return this.redeliveries.refuse(id, delay);
	}

	/**
	 * Moves the subscription.
	 * @param place where to
	 * @return completes when the broker has moved it and everything from before is
	 * forgotten
	 */
	public CompletableFuture<Void> seek(SeekTarget place) {
		return this.requests.ask("move " + this.settings.subscriptionOfTopic(), true, place, () -> forget(place));
	}

	/**
	 * Removes the subscription and closes the consumer.
	 * @return completes when the broker has removed it
	 */
	public CompletableFuture<Void> unsubscribe() {
		return this.requests.ask("remove " + this.settings.subscriptionOfTopic(), false, Frame.Unsubscribe::new, () -> {
			this.acknowledger.supersede();
			end(new ProtocolException(ErrorCode.CLOSED, "The consumer has unsubscribed"), Reason.UNSUBSCRIBED);
		});
	}

	/** Grants no more permits. */
	public void pause() {
		this.flow.pause();
	}

	/** Grants permits again. */
	public void resume() {
		this.flow.resume();
	}

	/**
	 * Whether the broker knows the consumer.
	 * @return whether it does, as far as is known
	 */
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
				this.inbox.close(cause);
				this.timer.schedule(CLOSE_TIMEOUT, () -> this.executor.execute(() -> end(cause)));
				if (this.requests.isEmpty()) {
					this.acknowledger.send();
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

	private @Nullable MessageId firstDeadLetter() {
		return (this.deadLetters != null) ? this.deadLetters.first() : null;
	}

	private void deadLetterStored(ReceivedMessage<T> message) {
		this.inbox.leave(message);
		if (this.state.refusal() == null) {
			this.acknowledger.add(message.id(), null);
			this.flow.grantSoon();
		}
	}

	private void requestsChanged() {
		if (this.requests.isEmpty()) {
			this.acknowledger.resume();
			ready();
		}
		else {
			this.acknowledger.suspend();
		}
	}

	/** The subscription was moved: what was before does not count. */
	private void forget(@Nullable SeekTarget place) {
		this.acknowledger.supersede();
		this.redeliveries.clear();
		if (this.deadLetters != null) {
			this.deadLetters.clear().forEach(this.inbox::leave);
		}
		this.inbox.move(place);
	}

	/** The broker knows where to go on, and is told how far. */
	private void ready() {
		if (this.channel.isAttached() && this.requests.isEmpty()) {
			this.flow.grant();
			if (this.state instanceof ConsumerState.Subscribing) {
				this.state = new ConsumerState.Subscribed();
			}
			this.subscribed.complete(this);
		}
	}

	private void acknowledgementsAnswered() {
		// Some that were queued may have gone with those before them.
		this.flow.grantSoon();
		endIfDone();
	}

	private void endIfDone() {
		if (this.state.isLeaving() && this.acknowledger.unconfirmed() == 0) {
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
		this.unconfirmed = this.acknowledger.unconfirmed();
		this.subscribed.completeExceptionally(cause);
		this.inbox.close(cause);
		this.acknowledger.end(cause);
		this.redeliveries.stop();
		this.requests.end(cause);
		if (this.deadLetters != null) {
			this.deadLetters.close();
		}
		this.link.close().whenComplete((done, failure) -> this.closed.complete(null));
	}

	@Override
	public Frame introduction(long id) {
		SeekTarget next = this.inbox.next();
		this.instance = this.instance.next();
		return new Frame.Subscribe(id, this.settings.topic(), this.settings.subscription(), this.settings.type(),
				SeekTarget.LATEST.equals(next) ? InitialPosition.LATEST : this.settings.initialPosition(),
				this.settings.name(), next == null, this.instance);
	}

	/** If the broker has forgotten it already, the stream alone is tested. */
	@Override
	public Frame farewell(long id) {
		return (this.state instanceof ConsumerState.Ended ended && ended.reason() == Reason.UNSUBSCRIBED)
				? new Frame.Ping(id) : new Frame.CloseConsumer(id);
	}

	@Override
	public void attached(Attachment attachment, Frame answer) {
		answer.release();
		this.channel.attached(attachment);
		this.link.answered();
		this.inbox.restart(attachment.session().maxBatchBytes());
		SeekTarget next = this.inbox.next();
		if (next != null && this.requests.isEmpty() && !next.equals(SeekTarget.EARLIEST)
				&& !next.equals(SeekTarget.LATEST)) {
			findPlace();
		}
		this.requests.sendFirst();
		// Before the permits: so what is acknowledged is not delivered again.
		this.acknowledger.send();
		ready();
	}

	/**
	 * The broker does not know where a reader was. What was taken by one who did not get
	 * it may be put back at any time, before or after the broker is asked: the queue has
	 * it then, and stays as it is.
	 */
	private void findPlace() {
		this.requests.askNow("find the place of the reader of topic '" + this.settings.topic() + "'", true,
				(id) -> Objects.requireNonNull(this.inbox.next()).apply(id), () -> {
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
		this.inbox.clear();
		this.acknowledger.takeBack();
		this.requests.takeBack();
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
				deliver(this.inbox.deliver(this.deliveries.messages(delivery)));
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
			forget(null);
		}
		return new ProtocolException(notice.code(), notice.reason());
	}

	private void deliver(List<ReceivedMessage<T>> tooOften) {
		if (this.deadLetters != null) {
			this.deadLetters.add(tooOften);
		}
		this.flow.grantSoon();
	}

}
