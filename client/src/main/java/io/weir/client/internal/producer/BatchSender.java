package io.weir.client.internal.producer;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.connection.BrokerSession;
import io.weir.client.internal.connection.Failures;
import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * Sends batches, each as soon as fragments of its connection may be, and passes on what
 * the broker answers. Only touched on the producer's executor.
 */
final class BatchSender {

	private final SerialExecutor executor;

	private final ProducerStreams streams;

	private final Answers answers;

	BatchSender(SerialExecutor executor, ProducerStreams streams, Answers answers) {
		this.executor = executor;
		this.streams = streams;
		this.answers = answers;
	}

	/**
	 * Sends a batch, or holds the stream until it is the batch's turn.
	 * @param released runs when the stream is held no more
	 */
	void send(OutgoingBatch batch, LeasedStream stream, Runnable released) {
		long attempt = this.streams.attempt();
		BrokerSession session = this.streams.attachment().session();
		stream.sent();
		if (batch.size() > session.maxBatchBytes()) {
			this.executor.execute(() -> {
				stream.answered();
				this.answers.failed(batch, true, OutgoingBatch.tooLarge(batch.size(), session.maxBatchBytes()));
			});
			return;
		}
		Runnable granted = () -> this.executor.execute(() -> granted(batch, stream, session, attempt, released));
		if (session.fragmentQuota().take(batch.size(), granted)) {
			publish(batch, stream, session, attempt);
		}
		else {
			stream.hold(true);
		}
	}

	private void granted(OutgoingBatch batch, LeasedStream stream, BrokerSession session, long attempt,
			Runnable released) {
		stream.hold(false);
		if (this.streams.isCurrent(attempt) && !batch.isSettled()) {
			publish(batch, stream, session, attempt);
		}
		else {
			stream.answered();
			session.fragmentQuota().giveBack(batch.size());
		}
		released.run();
	}

	private void publish(OutgoingBatch batch, LeasedStream stream, BrokerSession session, long attempt) {
		request(batch, stream).whenComplete((answer, failure) -> this.executor.execute(() -> {
			stream.answered();
			session.fragmentQuota().giveBack(batch.size());
			answered(batch, attempt, answer, failure);
		}));
	}

	/** What fails at once, perhaps for want of memory, is sent again as all else is. */
	private CompletableFuture<Frame> request(OutgoingBatch batch, LeasedStream stream) {
		try {
			return stream.requests().request(batch.publish(this.streams.attachment().id()));
		}
		catch (RuntimeException | Error ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private void answered(OutgoingBatch batch, long attempt, @Nullable Frame answer, @Nullable Throwable failure) {
		if (answer instanceof Frame.Receipt receipt) {
			this.answers.stored(batch, receipt);
			return;
		}
		boolean current = this.streams.isCurrent(attempt);
		if (answer != null) {
			answer.release();
			this.answers.failed(batch, current, new ProtocolException(ErrorCode.PROTOCOL_VIOLATION,
					"The broker answered PUBLISH with " + answer.getClass().getSimpleName()));
		}
		else if (failure != null) {
			this.answers.failed(batch, current, Failures.of(failure));
		}
	}

	/** Hears what became of batches. */
	interface Answers {

		void stored(OutgoingBatch batch, Frame.Receipt receipt);

		/**
		 * A batch has no receipt.
		 * @param current whether it was sent by the present attachment; else it is sent
		 * again anyway
		 */
		void failed(OutgoingBatch batch, boolean current, ProtocolException cause);

	}

}
