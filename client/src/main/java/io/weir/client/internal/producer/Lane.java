package io.weir.client.internal.producer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

/**
 * A queue of messages and the streams that take them. A lane that keeps order has one
 * stream and any number of batches in flight on it. An elastic lane has as many streams
 * as its queue needs and one batch in flight on each, so that no batch waits behind
 * another one's lost packet. Only touched on the producer's executor.
 */
final class Lane {

	private final MessageQueue queue = new MessageQueue();

	/** Batches of an earlier attachment, to be sent again before anything new. */
	private final ArrayDeque<OutgoingBatch> unsent = new ArrayDeque<>();

	private final List<LeasedStream> streams = new ArrayList<>();

	private final ProducerSettings settings;

	private final ProducerStreams source;

	private final BatchSender sender;

	private final SendWindow window;

	private final Outcomes outcomes;

	private final SerialExecutor executor;

	private final Runnable drain = this::drain;

	private final int batchesPerStream;

	private final int growthThreshold;

	private boolean leasing;

	private boolean lingering;

	private boolean urgent;

	/**
	 * Creates a lane that has no stream yet.
	 * @param source where streams come from
	 * @param sender sends batches
	 * @param window makes batches
	 * @param outcomes is told of messages of which no batch can be made
	 */
	Lane(ProducerSettings settings, ProducerStreams source, BatchSender sender, SendWindow window, Outcomes outcomes,
			SerialExecutor executor) {
		this.settings = settings;
		this.source = source;
		this.sender = sender;
		this.window = window;
		this.outcomes = outcomes;
		this.executor = executor;
		LanePlan.Elastic elastic = (settings.plan() instanceof LanePlan.Elastic plan) ? plan : null;
		this.batchesPerStream = (elastic != null) ? 1 : Integer.MAX_VALUE;
		this.growthThreshold = (elastic != null) ? elastic.growthThreshold() : Integer.MAX_VALUE;
	}

	void add(OutgoingMessage message) {
		this.queue.add(message);
	}

	/** Takes a message out that is not in a batch. */
	void remove(OutgoingMessage message) {
		this.queue.remove(message);
	}

	void sendAgain(OutgoingBatch batch) {
		this.unsent.add(batch);
	}

	void add(LeasedStream stream) {
		this.streams.add(stream);
	}

	/** Sends what is queued now without waiting for more. */
	void flush() {
		this.urgent = true;
	}

	/** Sends what can be sent, and sees to it that the rest will be. */
	void drain() {
		if (!this.source.isAttached()) {
			return;
		}
		LeasedStream stream = freeStream();
		while (stream != null) {
			OutgoingBatch batch = nextBatch(stream);
			if (batch == null) {
				break;
			}
			this.sender.send(batch, stream, this.drain);
			stream = freeStream();
		}
		this.urgent &= !this.queue.isEmpty();
		growIfNeeded();
	}

	private @Nullable LeasedStream freeStream() {
		for (LeasedStream stream : this.streams) {
			if (stream.inFlight() < this.batchesPerStream && !stream.isHeld()) {
				return stream;
			}
		}
		return null;
	}

	private @Nullable OutgoingBatch nextBatch(LeasedStream stream) {
		OutgoingBatch again = this.unsent.poll();
		while (again != null && again.isSettled()) {
			again = this.unsent.poll();
		}
		if (again != null) {
			return again;
		}
		int room = this.window.room();
		if (this.queue.isEmpty() || room == 0 || !isDue(stream)) {
			return null;
		}
		int maxBytes = Math.min(this.settings.batchMaxBytes(), this.source.attachment().session().maxBatchBytes());
		List<OutgoingMessage> messages = this.queue.take(Math.min(room, this.settings.batchMaxMessages()), maxBytes);
		return messages.isEmpty() ? null : newBatch(messages);
	}

	/**
	 * There may be no memory for it: then its messages fail, and are not just lost. Those
	 * behind them may fare better.
	 */
	private @Nullable OutgoingBatch newBatch(List<OutgoingMessage> messages) {
		try {
			return this.window.add(messages, this);
		}
		catch (Throwable ex) {
			int bytes = messages.stream().mapToInt(OutgoingMessage::size).sum();
			this.outcomes.failed(messages, new ProtocolException(ErrorCode.INTERNAL,
					"No batch can be made of " + messages.size() + " messages, " + bytes + " bytes: " + ex, ex));
			this.executor.execute(this.drain);
			return null;
		}
	}

	/** A batch is closed when it is full, or when nothing is gained by waiting. */
	private boolean isDue(LeasedStream stream) {
		OutgoingMessage oldest = this.queue.peek();
		if (oldest == null || this.urgent || stream.inFlight() == 0
				|| this.queue.size() >= this.settings.batchMaxMessages()
				|| this.queue.bytes() >= this.settings.batchMaxBytes()) {
			return true;
		}
		long left = this.settings.linger().toNanos() - (this.executor.nanoTime() - oldest.queuedAt());
		if (left > 0 && !this.lingering) {
			this.lingering = true;
			this.executor.schedule(Duration.ofNanos(left), () -> {
				this.lingering = false;
				drain();
			});
		}
		return left <= 0;
	}

	private void growIfNeeded() {
		boolean first = this.streams.isEmpty() && !(this.queue.isEmpty() && this.unsent.isEmpty());
		boolean more = this.queue.size() > (long) this.growthThreshold * this.streams.size();
		if (!this.leasing && (first || (more && !this.streams.isEmpty()))) {
			this.leasing = true;
			this.source.lease(first, this::leased, this::notLeased);
		}
	}

	private void leased(LeasedStream stream) {
		this.leasing = false;
		this.streams.add(stream);
		drain();
	}

	/** One more stream would have been good; no stream at all is a failure. */
	private void notLeased(ProtocolException cause) {
		this.leasing = false;
		if (this.streams.isEmpty()) {
			this.source.giveUp(cause);
		}
	}

	/** The streams are gone. */
	void detach() {
		this.streams.forEach(LeasedStream::discard);
		this.streams.clear();
		this.unsent.clear();
		this.leasing = false;
	}

	/** Gives all streams back. */
	void release() {
		this.streams.forEach(LeasedStream::release);
		this.streams.clear();
	}

	/** Gives back the streams that an elastic lane has not needed for a while. */
	void shrink() {
		if (this.batchesPerStream == 1) {
			this.streams.removeIf((stream) -> {
				boolean idle = stream.wasIdle();
				if (idle) {
					stream.release();
				}
				return idle;
			});
		}
	}

	/** Takes out the messages that were accepted at or before a time. */
	void expire(long queuedAt, Consumer<OutgoingMessage> expired) {
		OutgoingMessage oldest = this.queue.peek();
		while (oldest != null && oldest.queuedAt() - queuedAt <= 0) {
			expired.accept(this.queue.remove());
			oldest = this.queue.peek();
		}
	}

	void forEachQueued(Consumer<OutgoingMessage> action) {
		this.queue.forEach(action);
	}

	/** Takes out all messages. */
	void clear(Consumer<OutgoingMessage> removed) {
		while (!this.queue.isEmpty()) {
			removed.accept(this.queue.remove());
		}
	}

}
