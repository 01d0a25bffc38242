package io.weir.client.internal.producer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.callback.Callbacks;
import io.weir.client.internal.connection.ConnectionManager;
import io.weir.client.internal.link.Attachment;
import io.weir.client.internal.link.BrokerLink;
import io.weir.client.internal.link.Endpoint;
import io.weir.client.internal.link.Role;
import io.weir.client.internal.schedule.ClientTimer;
import io.weir.client.internal.schedule.ClientTimer.Scheduled;
import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.message.MessageId;
import io.weir.time.Backoff;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.MessageRecord;
import io.weir.wire.ProtocolException;
import io.weir.wire.codec.MessageBatch;

/**
 * A producer without its schema, of a topic without partitions or of one partition. Any
 * thread may send; all else is done on the producer's executor. What becomes of its
 * messages is the business of {@link PendingMessages}; here is its life: it is introduced
 * to the broker, again whenever the link broke, and ends.
 */
public final class ProducerCore implements Role, Endpoint, BatchSender.Answers {

	private final CompletableFuture<ProducerCore> created = new CompletableFuture<>();

	private final CompletableFuture<Void> closed = new CompletableFuture<>();

	private final AtomicBoolean draining = new AtomicBoolean();

	private final ProducerSettings settings;

	private final SerialExecutor executor;

	private final BrokerLink link;

	private final PendingMessages pending;

	// Only touched on the executor.

	private final ProducerStreams streams;

	private final SendTimeouts timeouts;

	private final Cancellations cancellations;

	private long epoch = -1;

	private IntConsumer partitions = (count) -> {
	};

	// Written on the executor, read on any thread.

	private volatile @Nullable String name;

	private volatile int maxMessageBytes = Integer.MAX_VALUE;

	private volatile ProducerState state = new ProducerState.Creating();

	/** How many messages had no receipt when it was closed. */
	private volatile int unconfirmed;

	/**
	 * Creates the producer, which does nothing until {@link #open()}.
	 * @param settings what it was told
	 * @param connections where sessions come from
	 * @param timer the client's timer
	 * @param backoff how long to wait after refusals
	 * @param callbacks where dependents of the application's futures run
	 */
	public ProducerCore(ProducerSettings settings, ConnectionManager connections, ClientTimer timer, Backoff backoff,
			Callbacks callbacks) {
		this.settings = settings;
		this.executor = new SerialExecutor(timer);
		this.link = new BrokerLink(this, connections, timer, this.executor, backoff, settings.shareStreams());
		this.streams = new ProducerStreams(this.link, this.executor);
		this.pending = new PendingMessages(settings, this.executor, callbacks, this.streams,
				new BatchSender(this.executor, this.streams, this));
		this.timeouts = new SendTimeouts(settings.sendTimeout(), this.executor, this.link, this.pending,
				this::noReceipt);
		this.cancellations = new Cancellations(settings, this.executor, this.streams);
		this.name = settings.name();
	}

	/** Is told how many partitions the topic has; to be set before it is introduced. */
	void onPartitions(IntConsumer listener) {
		this.partitions = listener;
	}

	/**
	 * Introduces the producer to the broker.
	 * @return itself when the broker has accepted it; or {@link ProtocolException}, and
	 * then it is closed
	 */
	public CompletableFuture<ProducerCore> open() {
		Duration timeout = this.settings.sendTimeout();
		Scheduled deadline = this.executor.schedule(timeout, () -> {
			if (this.state instanceof ProducerState.Creating) {
				end(notAccepted());
			}
		});
		this.created.whenComplete((ignored, failure) -> deadline.cancel());
		openLazily();
		return this.created;
	}

	/**
	 * As {@link #open()}, but it goes on for as long as the broker does not refuse it for
	 * good. Messages may be sent at once: each has the send timeout of its own.
	 */
	public void openLazily() {
		this.executor.execute(this.timeouts::look);
		this.link.open();
	}

	/** Completes when the broker has accepted it, or exceptionally if it never will. */
	CompletableFuture<ProducerCore> accepted() {
		return this.created;
	}

	/** Whether it was refused or closed before it was accepted: it stores nothing. */
	public boolean isRefused() {
		return this.created.isCompletedExceptionally();
	}

	private ProtocolException notAccepted() {
		return this.link.notAttachedWithin("The producer for topic '" + this.settings.topic() + "'",
				this.settings.sendTimeout());
	}

	/**
	 * Publishes a message. If there is no room it waits in line, up to the send timeout.
	 * @param record the message; its payload must not change until it is published
	 * @return the id, later, for the caller to wait for: it is completed on an event loop
	 * or the timer's thread; cancelling it takes the message back unless it is in a batch
	 */
	public CompletableFuture<MessageId> send(MessageRecord record) {
		return publish(record, true, false);
	}

	/**
	 * As {@link #send}, but without room it fails or waits in line, as configured.
	 * @param record the message
	 * @return the id, later, for the application: dependents run where callbacks do
	 */
	public CompletableFuture<MessageId> sendAsync(MessageRecord record) {
		return publish(record, this.settings.waitWhenFull(), true);
	}

	private CompletableFuture<MessageId> publish(MessageRecord record, boolean wait, boolean callbacks) {
		try {
			OutgoingMessage message = new OutgoingMessage(record, checkedSize(record), this.executor.nanoTime(),
					this.pending, callbacks);
			this.pending.enter(message, wait);
			drainSoon();
			return message.future();
		}
		catch (ProtocolException ex) {
			return CompletableFuture.failedFuture(this.settings.failures().apply(ex));
		}
	}

	private int checkedSize(MessageRecord record) {
		ProtocolException refusal = this.state.refusal();
		if (refusal != null) {
			throw refusal;
		}
		int size = MessageBatch.sizeOf(record);
		int limit = this.maxMessageBytes;
		if (size > limit) {
			throw OutgoingBatch.tooLarge(size, limit);
		}
		return size;
	}

	/** As {@link Cancellations#ask}. */
	CompletableFuture<Boolean> cancelDelayed(MessageId id) {
		return this.cancellations.ask(id, () -> this.state.refusal());
	}

	/**
	 * Sends what is queued without waiting for more.
	 * @return completes, on the producer's executor, when all that was accepted before
	 * was stored or has failed
	 */
	public CompletableFuture<Void> flush() {
		CompletableFuture<Void> flushed = new CompletableFuture<>();
		this.executor.execute(() -> this.pending.flush(flushed));
		return flushed;
	}

	/**
	 * Accepts nothing more, sends what is queued, fails what has no receipt within the
	 * send timeout or 5 seconds, whichever is less, and says farewell to the broker.
	 * @return completes when that is done
	 */
	@Override
	public CompletableFuture<Void> close() {
		ProtocolException cause = new ProtocolException(ErrorCode.CLOSED, "The producer was closed");
		this.executor.execute(() -> {
			if (this.state.refusal() == null) {
				this.state = new ProducerState.Closing(cause);
				this.created.completeExceptionally(cause);
				CompletableFuture<Void> flushed = new CompletableFuture<>();
				flushed.thenRun(() -> this.executor.execute(() -> end(cause)));
				this.executor.schedule(this.settings.closeTimeout(), () -> flushed.complete(null));
				this.pending.flush(flushed);
			}
		});
		return this.closed;
	}

	@Override
	public CompletableFuture<Void> abort() {
		ProtocolException cause = new ProtocolException(ErrorCode.CLOSED, "The producer was closed");
		return CompletableFuture.runAsync(() -> end(cause), this.executor);
	}

	@Override
	public CompletableFuture<Void> closed() {
		return this.closed;
	}

	@Override
	public @Nullable String unfinished() {
		int count = this.unconfirmed;
		return (count > 0)
				? count + ((count > 1) ? " messages" : " message") + " to topic '" + this.settings.topic() + "'" : null;
	}

	/** The producer's name; {@code null} if the broker has not given it one yet. */
	public @Nullable String name() {
		return this.name;
	}

	/** How many messages wait for room or for their receipt. */
	public int pending() {
		return this.pending.count();
	}

	PendingMessages messages() {
		return this.pending;
	}

	/** Takes up what was entered; on any thread. */
	void drainSoon() {
		if (this.draining.compareAndSet(false, true)) {
			this.executor.execute(this::drain);
		}
	}

	private void drain() {
		this.draining.set(false);
		this.pending.drain();
	}

	@Override
	public void stored(OutgoingBatch batch, Frame.Receipt receipt) {
		this.link.answered();
		this.pending.stored(batch, receipt);
		this.pending.drain();
	}

	@Override
	public void failed(OutgoingBatch batch, boolean current, ProtocolException cause) {
		if (current && !batch.isSettled()) {
			if (cause.code() == ErrorCode.PRODUCER_FENCED) {
				end(cause);
			}
			else if (cause.code() == ErrorCode.CHECKSUM_MISMATCH) {
				damaged(batch, cause);
			}
			else if (cause.code() == ErrorCode.BACKLOG_QUOTA_EXCEEDED) {
				// The application is to hear of it at once.
				this.pending.fail(batch, cause);
			}
			else if (cause.code().retryable() || cause.code().severity() != ErrorCode.Severity.REQUEST) {
				this.link.reattach(cause);
			}
			else {
				this.pending.fail(batch, cause);
			}
		}
		this.pending.drain();
	}

	/** The broker has closed the producer, so that nothing overtakes the batch. */
	private void damaged(OutgoingBatch batch, ProtocolException cause) {
		ProtocolException hopeless = batch.damaged(cause);
		if (hopeless != null) {
			this.pending.fail(batch, hopeless);
		}
		this.link.reattach(cause);
	}

	/** What messages fail with that have waited for too long. */
	private ProtocolException noReceipt() {
		return (this.state instanceof ProducerState.Creating) ? notAccepted() : new ProtocolException(ErrorCode.TIMEOUT,
				"No receipt within " + this.settings.sendTimeout().toMillis() + " ms" + this.link.trouble());
	}

	/** What is still pending fails. */
	private void end(ProtocolException cause) {
		if (this.state instanceof ProducerState.Ended) {
			return;
		}
		this.state = new ProducerState.Ended(cause);
		this.timeouts.stop();
		this.unconfirmed = (cause.code() == ErrorCode.CLOSED) ? this.pending.count() : 0;
		this.created.completeExceptionally(cause);
		this.pending.end(cause);
		this.cancellations.end(cause);
		this.streams.detached();
		this.pending.release();
		this.link.close().whenComplete((done, failure) -> this.closed.complete(null));
	}

	@Override
	public Frame introduction(long id) {
		return new Frame.OpenProducer(id, this.settings.topic(), this.name, this.epoch, this.settings.accessMode());
	}

	@Override
	public Frame farewell(long id) {
		return new Frame.CloseProducer(id);
	}

	@Override
	public void attached(Attachment attachment, Frame answer) {
		if (!(answer instanceof Frame.ProducerOpened opened)) {
			answer.release();
			end(new ProtocolException(ErrorCode.PROTOCOL_VIOLATION,
					"The broker answered OPEN_PRODUCER with " + answer.getClass().getSimpleName()));
			return;
		}
		this.name = opened.name();
		this.epoch = opened.epoch();
		this.maxMessageBytes = attachment.session().maxBatchBytes();
		this.pending.attached(this.streams.attached(attachment), attachment.session().maxInFlight());
		this.pending.beginAfter(opened.lastSequence());
		ProtocolException refusal = attachment.session().refusal(this.settings.compression());
		if (refusal != null) {
			end(refusal);
		}
		else if (!(this.state instanceof ProducerState.Creating) || accepted(attachment)) {
			this.pending.sendAgain();
			this.cancellations.attached();
		}
	}

	private boolean accepted(Attachment attachment) {
		int limit = attachment.session().maxInFlight();
		if (this.settings.maxPending() > limit) {
			end(new ProtocolException(ErrorCode.INVALID_CONFIGURATION, "maxPending is " + this.settings.maxPending()
					+ ", but this broker can tell duplicates among at most " + limit + " messages of a producer"));
			return false;
		}
		this.state = new ProducerState.Open();
		this.created.complete(this);
		return true;
	}

	@Override
	public void detached(ProtocolException cause) {
		this.streams.detached();
		this.pending.detached();
	}

	/** One that is being created tells its caller that its name is taken. */
	@Override
	public boolean retryAfter(ProtocolException cause) {
		boolean retry = cause.code().retryable()
				&& !(this.state instanceof ProducerState.Creating && cause.code() == ErrorCode.PRODUCER_BUSY);
		if (!retry) {
			end(cause);
		}
		return retry;
	}

	@Override
	public @Nullable ProtocolException pushed(Frame frame) {
		frame.release();
		if (frame instanceof Frame.Partitions partitions && partitions.topic().equals(this.settings.topic())) {
			this.partitions.accept(partitions.count());
		}
		return (frame instanceof Frame.ProducerClosed notice) ? new ProtocolException(notice.code(), notice.reason())
				: null;
	}

}
