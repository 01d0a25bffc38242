package io.weir.client.internal.producer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.connection.Failures;
import io.weir.client.internal.connection.Session;
import io.weir.client.internal.link.Attachment;
import io.weir.client.internal.link.BrokerLink;
import io.weir.client.internal.schedule.ClientTimer;
import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.pool.Lease;
import io.weir.transport.RequestStream;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * What lanes use to reach the broker: the present attachment's streams, and time. Only
 * touched on the producer's executor.
 */
final class Sender {

	private final SerialExecutor executor;

	private final ClientTimer timer;

	private final Answers answers;

	private @Nullable BrokerLink link;

	private @Nullable Attachment attachment;

	Sender(SerialExecutor executor, ClientTimer timer, Answers answers) {
		this.executor = executor;
		this.timer = timer;
		this.answers = answers;
	}

	/**
	 * The broker knows the producer.
	 * @return the stream that opened it
	 */
	LeasedStream attached(BrokerLink link, Attachment attachment) {
		this.link = link;
		this.attachment = attachment;
		return new LeasedStream(attachment.lease(), attachment.stream(), true);
	}

	void detached() {
		this.attachment = null;
	}

	boolean isOpen() {
		return this.attachment != null;
	}

	int maxBatchBytes() {
		return attachment().session().maxBatchBytes();
	}

	/** Sends a batch, or holds the stream until it is the batch's turn. */
	void transmit(Batch batch, LeasedStream stream) {
		long attempt = link().attempt();
		Session session = attachment().session();
		stream.sent();
		if (batch.size() > session.maxBatchBytes()) {
			this.executor.execute(() -> {
				stream.answered();
				this.answers.failed(batch, true, tooLarge(batch.size(), session.maxBatchBytes()));
			});
			return;
		}
		Runnable granted = () -> this.executor.execute(() -> granted(batch, stream, session, attempt));
		if (session.fragmentQuota().take(batch.size(), granted)) {
			publish(batch, stream, session, attempt);
		}
		else {
			stream.hold(true);
		}
	}

	/** The broker takes less, perhaps less than the one before it. */
	static ProtocolException tooLarge(int size, int limit) {
		return new ProtocolException(ErrorCode.MESSAGE_TOO_LARGE,
				"The message takes " + size + " bytes, the broker takes at most " + limit);
	}

	private void granted(Batch batch, LeasedStream stream, Session session, long attempt) {
		stream.hold(false);
		if (isOpen() && link().isCurrent(attempt) && !batch.isSettled()) {
			publish(batch, stream, session, attempt);
		}
		else {
			stream.answered();
			session.fragmentQuota().giveBack(batch.size());
		}
		batch.lane().drain();
	}

	private void publish(Batch batch, LeasedStream stream, Session session, long attempt) {
		request(batch, stream).whenComplete((answer, failure) -> this.executor.execute(() -> {
			stream.answered();
			session.fragmentQuota().giveBack(batch.size());
			answered(batch, attempt, answer, failure);
		}));
	}

	/** What fails at once, perhaps for want of memory, is sent again as all else is. */
	private CompletableFuture<Frame> request(Batch batch, LeasedStream stream) {
		try {
			return stream.requests().request(batch.publish(attachment().id()));
		}
		catch (RuntimeException | Error ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private void answered(Batch batch, long attempt, @Nullable Frame answer, @Nullable Throwable failure) {
		if (answer instanceof Frame.Receipt receipt) {
			this.answers.stored(batch, receipt);
			return;
		}
		boolean current = isOpen() && link().isCurrent(attempt);
		if (answer != null) {
			answer.release();
			this.answers.failed(batch, current, new ProtocolException(ErrorCode.PROTOCOL_VIOLATION,
					"The broker answered PUBLISH with " + answer.getClass().getSimpleName()));
		}
		else if (failure != null) {
			this.answers.failed(batch, current, Failures.of(failure));
		}
	}

	/** Messages that cannot be put into a batch. */
	void fail(List<OutgoingMessage> messages, ProtocolException cause) {
		this.answers.failed(messages, cause);
	}

	/** Leases one more stream for a lane. */
	void lease(Lane lane) {
		long attempt = link().attempt();
		attachment().session().borrow().whenComplete((lease, failure) -> this.executor.execute(() -> {
			boolean current = isOpen() && link().isCurrent(attempt);
			if (lease != null && current) {
				leased(lane, lease);
			}
			else if (lease != null) {
				lease.close();
			}
			else if (failure != null && current) {
				lane.notLeased(Failures.of(failure));
			}
		}));
	}

	private static void leased(Lane lane, Lease<RequestStream> lease) {
		LeasedStream stream;
		try {
			stream = new LeasedStream(lease, Session.streamOf(lease), false);
		}
		catch (ProtocolException ex) {
			lease.invalidate();
			lane.notLeased(ex);
			return;
		}
		lease.hold();
		lane.leased(stream);
	}

	void reattach(ProtocolException cause) {
		link().reattach(cause);
	}

	long nanoTime() {
		return this.timer.nanoTime();
	}

	void later(Duration delay, Runnable task) {
		this.timer.schedule(delay, () -> this.executor.execute(task));
	}

	private Attachment attachment() {
		Attachment present = this.attachment;
		if (present == null) {
			throw new IllegalStateException("Not attached");
		}
		return present;
	}

	private BrokerLink link() {
		BrokerLink present = this.link;
		if (present == null) {
			throw new IllegalStateException("Never attached");
		}
		return present;
	}

	/** Hears what became of batches. */
	interface Answers {

		void stored(Batch batch, Frame.Receipt receipt);

		/**
		 * A batch has no receipt.
		 * @param current whether it was sent by the present attachment; else it is sent
		 * again anyway
		 */
		void failed(Batch batch, boolean current, ProtocolException cause);

		/** Messages will not get into any batch. */
		void failed(List<OutgoingMessage> messages, ProtocolException cause);

	}

}
