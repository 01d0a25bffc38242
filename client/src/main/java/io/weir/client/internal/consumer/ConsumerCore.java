package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.client.internal.connection.Backoff;
import io.weir.client.internal.connection.ConnectionManager;
import io.weir.client.internal.connection.Failures;
import io.weir.client.internal.link.Attachment;
import io.weir.client.internal.link.BrokerLink;
import io.weir.client.internal.link.Endpoint;
import io.weir.client.internal.link.Role;
import io.weir.client.internal.schedule.ClientTimer;
import io.weir.client.internal.schedule.ClientTimer.Scheduled;
import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Schema;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.Limits;
import io.weir.wire.ProtocolException;

/**
 * A consumer. Any thread may receive and acknowledge; what concerns the broker is done on
 * the consumer's executor.
 *
 * @param <T> the type of the values
 */
public final class ConsumerCore<T> implements Role, Endpoint {

	private static final Logger logger = LoggerFactory.getLogger(ConsumerCore.class);

	private static final Duration SUBSCRIBE_TIMEOUT = Duration.ofSeconds(30);

	/** How long the last acknowledgements may take when the consumer is closed. */
	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration ACKNOWLEDGE_AGAIN = Duration.ofSeconds(1);

	private final CompletableFuture<ConsumerCore<T>> subscribed = new CompletableFuture<>();

	private final CompletableFuture<Void> closed = new CompletableFuture<>();

	private final Acknowledgements acknowledgements = new Acknowledgements();

	private final Queue<MessageId> givenBack = new ConcurrentLinkedQueue<>();

	private final ConsumerSettings settings;

	private final Schema<T> schema;

	private final ClientTimer timer;

	private final SerialExecutor executor;

	private final BrokerLink link;

	private final Inbox<T> inbox;

	// Only touched on the executor.

	private @Nullable Attachment attachment;

	private boolean closing;

	// Read on any thread.

	private volatile boolean paused;

	private volatile @Nullable ProtocolException ended;

	/**
	 * Creates the consumer, which does nothing until {@link #open()}.
	 * @param settings what it was told
	 * @param schema how payloads become values
	 * @param connections where sessions come from
	 * @param timer the client's timer
	 * @param backoff how long to wait after refusals
	 */
	public ConsumerCore(ConsumerSettings settings, Schema<T> schema, ConnectionManager connections, ClientTimer timer,
			Backoff backoff) {
		this.settings = settings;
		this.schema = schema;
		this.timer = timer;
		this.executor = new SerialExecutor(timer);
		this.link = new BrokerLink(this, connections, timer, this.executor, backoff);
		this.inbox = new Inbox<>(settings.receiverQueueSize(), settings.failures());
	}

	/**
	 * Subscribes.
	 * @return itself when the broker has accepted it; or {@link ProtocolException}, and
	 * then it is closed
	 */
	public CompletableFuture<ConsumerCore<T>> open() {
		Scheduled deadline = this.timer.schedule(SUBSCRIBE_TIMEOUT, () -> this.executor.execute(() -> {
			if (!this.subscribed.isDone()) {
				String what = "The consumer of subscription '" + this.settings.subscription() + "' of topic '"
						+ this.settings.topic() + "'";
				end(this.link.notAttachedWithin(what, SUBSCRIBE_TIMEOUT));
			}
		}));
		this.subscribed.whenComplete((ignored, failure) -> deadline.cancel());
		this.link.open();
		return this.subscribed;
	}

	/**
	 * Takes the next message.
	 * @param timeout how long to wait for it
	 * @return the message, or {@code null} if none came in time
	 * @throws InterruptedException if the thread was interrupted while it waited
	 * @throws ProtocolException why there will be no more
	 */
	public @Nullable Message<T> receive(Duration timeout) throws InterruptedException {
		Message<T> message = this.inbox.take(timeout.toNanos());
		grantSoon();
		return message;
	}

	/**
	 * Takes the next message.
	 * @return the message, later
	 */
	public CompletableFuture<Message<T>> receiveAsync() {
		CompletableFuture<Message<T>> message = this.inbox.takeAsync();
		grantSoon();
		return message;
	}

	/**
	 * Acknowledges a message.
	 * @param id its id
	 * @param stored completed when that is stored, or {@code null} if nobody cares
	 * @throws ProtocolException if the consumer is closed
	 */
	public void acknowledge(MessageId id, @Nullable CompletableFuture<Void> stored) {
		throwIfEnded();
		Acknowledgements.Due due = this.acknowledgements.add(id, stored);
		ProtocolException cause = this.ended;
		if (cause != null) {
			// It ended meanwhile, and nobody else will tell the one who waits.
			this.acknowledgements.clear(cause, this.settings.failures());
			return;
		}
		Duration delay = this.settings.acknowledgementDelay();
		if (due == Acknowledgements.Due.LATER && !delay.isZero()) {
			acknowledgeIn(delay);
		}
		else if (due != Acknowledgements.Due.SEEN_TO) {
			this.executor.execute(this::sendAcknowledgements);
		}
	}

	private void acknowledgeIn(Duration delay) {
		this.timer.schedule(delay, () -> this.executor.execute(this::sendAcknowledgements));
	}

	/**
	 * Gives a message back.
	 * @param id its id
	 * @throws ProtocolException if the consumer is closed
	 */
	public void negativeAcknowledge(MessageId id) {
		throwIfEnded();
		if (this.inbox.giveBack(id)) {
			this.givenBack.add(id);
			this.executor.execute(this::sendNegativeAcknowledgements);
		}
	}

	/** Grants no more permits. */
	public void pause() {
		this.paused = true;
	}

	/** Grants permits again. */
	public void resume() {
		this.paused = false;
		this.executor.execute(this::grant);
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
	 * and says farewell to the broker.
	 * @return completes when that is done
	 */
	@Override
	public CompletableFuture<Void> close() {
		this.executor.execute(() -> {
			if (!this.closing) {
				this.closing = true;
				ProtocolException cause = new ProtocolException(ErrorCode.CLOSED, "The consumer was closed");
				this.inbox.close(cause);
				this.timer.schedule(CLOSE_TIMEOUT, () -> this.executor.execute(() -> end(cause)));
				sendAcknowledgements();
				endIfDone();
			}
		});
		return this.closed;
	}

	@Override
	public CompletableFuture<Void> abort() {
		ProtocolException cause = new ProtocolException(ErrorCode.CLOSED, "The consumer was closed");
		return CompletableFuture.runAsync(() -> end(cause), this.executor);
	}

	@Override
	public CompletableFuture<Void> closed() {
		return this.closed;
	}

	private void throwIfEnded() {
		ProtocolException cause = this.ended;
		if (cause != null) {
			throw cause;
		}
	}

	private void grantSoon() {
		if (!this.paused && this.inbox.owesMany()) {
			this.executor.execute(this::grant);
		}
	}

	private void grant() {
		Attachment present = this.attachment;
		if (present != null && !this.paused) {
			int permits = this.inbox.permitsToGrant();
			if (permits > 0) {
				present.stream().send(new Frame.Flow(present.id(), permits));
			}
		}
	}

	private void sendAcknowledgements() {
		Attachment present = this.attachment;
		if (present == null) {
			return;
		}
		Acknowledgements.Group group = this.acknowledgements.send();
		while (group != null) {
			send(group, present);
			group = this.acknowledgements.send();
		}
	}

	private void send(Acknowledgements.Group group, Attachment present) {
		present.stream()
			.request(new Frame.Acknowledge(present.id(), group.ids()))
			.whenComplete((answer, failure) -> this.executor.execute(() -> {
				if (answer != null) {
					answer.release();
					this.link.works();
					this.inbox.acknowledged(group.ids());
					this.acknowledgements.confirmed(group);
				}
				else if (failure != null && present.equals(this.attachment)) {
					notAcknowledged(group, Failures.of(failure));
				}
				endIfDone();
			}));
	}

	/**
	 * The group is sent again: after a while, with the next acknowledgements, or when the
	 * consumer has subscribed again.
	 */
	private void notAcknowledged(Acknowledgements.Group group, ProtocolException cause) {
		boolean request = cause.code().severity() == ErrorCode.Severity.REQUEST;
		if (!request || cause.code() == ErrorCode.UNKNOWN_CONSUMER) {
			this.link.reattach(cause);
		}
		else if (cause.code().retryable()) {
			this.acknowledgements.postponed(group);
			acknowledgeIn(ACKNOWLEDGE_AGAIN);
		}
		else {
			logger.warn("The broker refused {} acknowledgements of subscription '{}' of topic '{}': {}: {}",
					group.ids().size(), this.settings.subscription(), this.settings.topic(), cause.code(),
					cause.getMessage());
			this.acknowledgements.refused(group, this.settings.failures().apply(cause));
		}
	}

	private void sendNegativeAcknowledgements() {
		Attachment present = this.attachment;
		List<MessageId> ids = new ArrayList<>();
		MessageId id = this.givenBack.poll();
		while (id != null) {
			ids.add(id);
			if (present != null && ids.size() == Limits.MAX_ACK_IDS) {
				present.stream().send(new Frame.NegativeAcknowledge(present.id(), List.copyOf(ids)));
				ids.clear();
			}
			id = this.givenBack.poll();
		}
		// Without an attachment there is nothing to say: all comes again.
		if (present != null && !ids.isEmpty()) {
			present.stream().send(new Frame.NegativeAcknowledge(present.id(), ids));
		}
	}

	private void endIfDone() {
		if (this.closing && (this.attachment == null || this.acknowledgements.size() == 0)) {
			end(new ProtocolException(ErrorCode.CLOSED, "The consumer was closed"));
		}
	}

	private void end(ProtocolException cause) {
		if (this.ended != null) {
			return;
		}
		this.ended = cause;
		this.closing = true;
		this.attachment = null;
		int lost = this.acknowledgements.size();
		if (lost > 0) {
			logger.warn(
					"{} acknowledgements of subscription '{}' of topic '{}' were not confirmed; "
							+ "the messages may be delivered again",
					lost, this.settings.subscription(), this.settings.topic());
		}
		this.subscribed.completeExceptionally(cause);
		this.inbox.close(cause);
		this.acknowledgements.clear(cause, this.settings.failures());
		this.link.close().whenComplete((done, failure) -> this.closed.complete(null));
	}

	@Override
	public Frame introduction(long id) {
		return new Frame.Subscribe(id, this.settings.topic(), this.settings.subscription(), this.settings.type(),
				this.settings.initialPosition(), this.settings.name());
	}

	@Override
	public Frame farewell(long id) {
		return new Frame.CloseConsumer(id);
	}

	/** Else it would find its exclusive subscription taken, by itself. */
	@Override
	public boolean leavesBeforeReturning() {
		return true;
	}

	@Override
	public void attached(Attachment attachment, Frame answer) {
		answer.release();
		this.attachment = attachment;
		this.link.works();
		this.givenBack.clear();
		this.inbox.restart();
		// Before the permits: so what is acknowledged is not delivered again.
		sendAcknowledgements();
		grant();
		this.subscribed.complete(this);
	}

	@Override
	public void detached(ProtocolException cause) {
		this.attachment = null;
		this.inbox.clear();
		this.acknowledgements.takeBack();
		endIfDone();
	}

	/** One that is being created tells its caller that the subscription is taken. */
	@Override
	public boolean retryAfter(ProtocolException cause) {
		boolean retry = cause.code().retryable()
				&& (this.subscribed.isDone() || cause.code() != ErrorCode.SUBSCRIPTION_BUSY);
		if (!retry) {
			end(cause);
		}
		return retry;
	}

	@Override
	public @Nullable ProtocolException pushed(Frame frame) {
		try {
			if (frame instanceof Frame.Deliver delivery) {
				this.inbox.deliver(Deliveries.messages(delivery, this.settings.topic(), this.schema), delivery.count());
				grantSoon();
			}
		}
		catch (ProtocolException ex) {
			return ex;
		}
		finally {
			frame.release();
		}
		return (frame instanceof Frame.ConsumerClosed notice) ? new ProtocolException(notice.code(), notice.reason())
				: null;
	}

}
