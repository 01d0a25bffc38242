package io.weir.client.internal.consumer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.message.Message;
import io.weir.message.MessageId;
import io.weir.message.Redelivery;
import io.weir.message.Schema;
import io.weir.time.DurationRange;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * What becomes of a consumer's messages, from their delivery until the broker has heard
 * that they are acknowledged, or has them back. What the application does is for any
 * thread; all else is done on the consumer's executor.
 *
 * @param <T> the type of the values
 */
public final class ConsumerMessages<T> {

	private final DeliveryDecoder<T> decoder;

	private final Inbox<T> inbox;

	private final FlowControl flow;

	private final Receiver<T> receiver;

	private final AcknowledgementSender acknowledger;

	private final Redeliveries redeliveries;

	/** The last message that came since the consumer was subscribed, on the executor. */
	private @Nullable MessageId last;

	/** Why nothing more is taken from the application. */
	private volatile @Nullable ProtocolException ended;

	/**
	 * Creates it.
	 * @param withheld whether the broker is to send nothing more now
	 * @param answered runs when the broker has answered acknowledgements
	 */
	ConsumerMessages(ConsumerSettings settings, Schema<T> schema, Inboxes<T> inboxes, BrokerChannel channel,
			SerialExecutor executor, LongAdder damagedBatches, BooleanSupplier withheld, Runnable answered) {
		this.decoder = new DeliveryDecoder<>(settings, schema,
				new DamagedBatches(settings, executor::nanoTime, damagedBatches));
		this.inbox = new Inbox<>(settings, executor::nanoTime, inboxes);
		this.flow = new FlowControl(this.inbox, channel, executor, withheld);
		this.inbox.onPlaceFree(this.flow::grantSoon);
		this.receiver = new Receiver<>(inboxes, executor::nanoTime);
		this.acknowledger = new AcknowledgementSender(settings, this.inbox, channel, executor, answered);
		this.redeliveries = new Redeliveries(settings, this.inbox, channel, executor);
	}

	/**
	 * Takes the next message, of whichever partition of the consumer.
	 * @param timeout how long to wait for it, if at all
	 * @return the message, or {@code null} if none came in time
	 * @throws InterruptedException if the thread was interrupted while it waited
	 * @throws ProtocolException why there will be no more
	 */
	public @Nullable Message<T> receive(Duration timeout) throws InterruptedException {
		return this.receiver.take(DurationRange.waitNanos(timeout));
	}

	/**
	 * Takes the next messages, as {@link #receive(Duration)}.
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
	 * Takes the next message, as {@link #receive(Duration)}.
	 * @return the message, later
	 */
	public CompletableFuture<Message<T>> receiveAsync() {
		return this.receiver.takeAsync();
	}

	/**
	 * Acknowledges a message of this partition.
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
	 * @param refusal how
	 * @return what becomes of it, or {@code null} if the application does not have it
	 * @throws ProtocolException if the consumer is closed
	 */
	public @Nullable Redelivery refuse(MessageId id, Refusal refusal) {
		ProtocolException end = this.ended;
		if (end != null) {
			throw end;
		}
		return this.redeliveries.refuse(id, refusal);
	}

	/** Grants no more permits. */
	public void pause() {
		this.flow.pause();
	}

	/** Grants permits again. */
	public void resume() {
		this.flow.resume();
	}

	/** Has room for so much from now on. */
	void limit(int receiverQueueSize, long receiverQueueBytes) {
		this.inbox.permits((permits) -> {
			permits.limit(receiverQueueSize, receiverQueueBytes);
			return null;
		});
	}

	void start() {
		this.redeliveries.start();
	}

	/**
	 * The broker begins to count permits anew.
	 * @param largestMessage how many bytes one message can have
	 */
	void restart(int largestMessage) {
		this.last = null;
		this.inbox.permits((permits) -> {
			permits.open(largestMessage);
			return null;
		});
	}

	/** Where a reader goes on; {@code null} if this is none. */
	@Nullable SeekTarget next() {
		return this.inbox.position(ReadPosition::next);
	}

	/**
	 * Takes a delivery, which stays the caller's.
	 * @throws DamagedBatchException if it is to be asked for again
	 * @throws ProtocolException if its bytes are not what they should be
	 */
	void delivered(Frame.Deliver delivery) {
		if (this.decoder.isReadable(delivery)) {
			List<ReceivedMessage<T>> messages = this.decoder.messages(delivery);
			if (!messages.isEmpty()) {
				this.last = messages.get(messages.size() - 1).id();
			}
			this.inbox.deliver(messages);
		}
		else {
			List<MessageId> ids = this.decoder.ids(delivery);
			if (!ids.isEmpty()) {
				this.last = ids.get(ids.size() - 1);
			}
			this.redeliveries.giveUp(this.inbox.unreadable(ids, delivery.redeliveryCount()),
					"It came damaged to its consumer, twice");
		}
		this.inbox.placeIsFree();
	}

	/** The last that came since the consumer was subscribed; {@code null} if none did. */
	@Nullable MessageId last() {
		return this.last;
	}

	/** Lets the broker send as much as there is room for. */
	void grant() {
		this.flow.grant();
	}

	/** Acknowledges nothing until {@link #resumeAcknowledgements()}. */
	void suspendAcknowledgements() {
		this.acknowledger.suspend();
	}

	void resumeAcknowledgements() {
		this.acknowledger.resume();
	}

	void sendAcknowledgements() {
		this.acknowledger.send();
	}

	/** How many acknowledgements the broker has not confirmed. */
	int unconfirmed() {
		return this.acknowledger.unconfirmed();
	}

	/** The subscription is no more, which says more than its acknowledgements. */
	void removed() {
		this.acknowledger.supersede();
	}

	/**
	 * The subscription was moved: what was before does not count.
	 * @param place where to, if that is known
	 */
	void moved(@Nullable SeekTarget place) {
		this.acknowledger.supersede();
		this.redeliveries.clear();
		this.inbox.move(place);
	}

	/** Answers will not come, and what is queued comes again. */
	void detached() {
		this.inbox.clear();
		this.acknowledger.takeBack();
	}

	/** Gives nothing more to the application. */
	void stop(ProtocolException cause) {
		this.inbox.close(cause);
	}

	/** Takes nothing more from the application either; what is pending fails. */
	void end(ProtocolException cause) {
		this.ended = cause;
		this.inbox.close(cause);
		this.acknowledger.end(cause);
		this.redeliveries.stop();
	}

}
