package io.weir.client.internal.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.weir.client.internal.callback.Callbacks;
import io.weir.client.internal.schedule.SerialExecutor;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * The messages of a producer that have no outcome: in line for room, in a {@link Lane}
 * until they are put into a batch, and in the {@link SendWindow} until the batch has a
 * receipt. On the producer's executor, where not said otherwise.
 */
final class PendingMessages {

	private final ProducerSettings settings;

	private final SerialExecutor executor;

	private final SendQueue admission;

	private final Outcomes outcomes;

	private final SendWindow window;

	private final Lanes lanes;

	/** Why those fail that come from now on. */
	private @Nullable ProtocolException ended;

	PendingMessages(ProducerSettings settings, SerialExecutor executor, Callbacks callbacks, ProducerStreams streams,
			BatchSender sender) {
		this.settings = settings;
		this.executor = executor;
		this.admission = new SendQueue(settings.maxPending(), settings.maxPendingBytes());
		this.outcomes = new Outcomes(this.admission, callbacks, settings);
		this.window = new SendWindow(settings.compression());
		this.lanes = new Lanes(settings,
				() -> new Lane(settings, streams, sender, this.window, this.outcomes, executor));
	}

	/**
	 * Lets a message in, or into the line; on any thread.
	 * @throws ProtocolException if there is no room, and it does not wait
	 */
	void enter(OutgoingMessage message, boolean wait) {
		if (!this.admission.enter(message, wait)) {
			throw this.admission.full();
		}
	}

	/** How many there are; on any thread. */
	int count() {
		return this.admission.pending();
	}

	/** Whether a message of so many bytes would be let in at once; on any thread. */
	boolean hasRoomFor(int size) {
		return this.admission.hasRoomFor(size);
	}

	/** Why the producer has ended; to be asked when it has. */
	@Nullable ProtocolException ended() {
		return this.ended;
	}

	/** Sends what can be sent. */
	void drain() {
		takeAdmitted();
		this.window.advance();
		this.lanes.forEach(Lane::drain);
	}

	private void takeAdmitted() {
		OutgoingMessage message = this.admission.poll();
		while (message != null) {
			if (this.ended != null) {
				fail(message, this.ended);
			}
			else {
				message.queuedAt(this.executor.nanoTime());
				Lane lane = this.lanes.of(message.record().key());
				lane.add(message);
				if (this.outcomes.isFlushed(message)) {
					lane.flush();
				}
			}
			message = this.admission.poll();
		}
	}

	/** Completes the future when there is an outcome of all that are pending now. */
	void flush(CompletableFuture<Void> flushed) {
		takeAdmitted();
		List<OutgoingMessage> pending = new ArrayList<>();
		this.window.forEachOpen((batch) -> pending.addAll(batch.messages()));
		this.admission.forEachInLine(pending::add);
		this.lanes.forEach((lane) -> {
			lane.forEachQueued(pending::add);
			lane.flush();
		});
		this.outcomes.flush(pending, flushed);
		drain();
	}

	/** It was taken back before it was put into a batch; on any thread. */
	void takenBack(OutgoingMessage message) {
		this.executor.execute(() -> cancelled(message));
	}

	private void cancelled(OutgoingMessage message) {
		PendingMessages owner = message.owner();
		if (owner != this) {
			owner.takenBack(message);
			return;
		}
		if (!this.outcomes.leftLine(message)) {
			takeAdmitted();
			this.lanes.of(message.record().key()).remove(message);
			this.outcomes.cancelled(message);
		}
		drain();
	}

	/** The topic has so many partitions: this one has its share of the room. */
	void share(int partitions) {
		this.admission.limit(Math.max(1, this.settings.maxPending() / partitions),
				Math.max(1, this.settings.maxPendingBytes() / partitions));
	}

	/** Takes out what there is, in order, while nothing of it is in a batch. */
	List<OutgoingMessage> takeAll() {
		List<OutgoingMessage> taken = new ArrayList<>();
		int before;
		do {
			before = taken.size();
			takeAdmitted();
			this.lanes.forEach((lane) -> lane.clear(taken::add));
			// So those come in that stand in the line.
			taken.subList(before, taken.size()).forEach(this.outcomes::movedAway);
		}
		while (taken.size() > before);
		return taken;
	}

	/** Nobody waits here any more for messages that were taken out. */
	void forget(List<OutgoingMessage> taken) {
		this.outcomes.forget(taken);
	}

	/**
	 * Looks after a message of another producer, if need be in the line; on any thread.
	 */
	void adopt(OutgoingMessage message) {
		message.movedTo(this);
		this.admission.enter(message, true);
	}

	/** The broker knows the producer, and reads it on this stream. */
	void attached(LeasedStream stream, int maxInFlight) {
		this.window.limit(maxInFlight);
		this.lanes.first().add(stream);
	}

	/** Messages go on after a sequence id that the broker has seen. */
	void beginAfter(long lastSequence) {
		this.window.beginAfter(lastSequence);
	}

	/** What an earlier attachment may have sent in vain goes first. */
	void sendAgain() {
		this.window.forEachOpen((batch) -> batch.lane().sendAgain(batch));
		drain();
	}

	/** The streams are gone. */
	void detached() {
		this.lanes.forEach(Lane::detach);
	}

	void stored(OutgoingBatch batch, Frame.Receipt receipt) {
		if (batch.settle()) {
			this.outcomes.stored(batch.messages(), receipt);
		}
	}

	void fail(OutgoingBatch batch, ProtocolException cause) {
		if (batch.settle()) {
			fail(batch.messages(), cause);
		}
	}

	private void fail(List<OutgoingMessage> messages, ProtocolException cause) {
		this.outcomes.failed(messages, cause);
	}

	private void fail(OutgoingMessage message, ProtocolException cause) {
		fail(List.of(message), cause);
	}

	/**
	 * Fails what has waited for longer than the send timeout, and gives streams back that
	 * are not needed.
	 * @param cause what those fail with that have no receipt
	 * @param trouble what may be why, for those that had no room
	 * @return whether any had been sent
	 */
	boolean expire(ProtocolException cause, String trouble) {
		Duration timeout = this.settings.sendTimeout();
		long oldest = this.executor.nanoTime() - timeout.toNanos();
		OutgoingMessage first = this.admission.firstInLine();
		while (first != null && first.queuedAt() - oldest <= 0) {
			this.outcomes.turnedAway(first, this.admission.noRoomWithin(timeout, trouble));
			first = this.admission.firstInLine();
		}
		this.lanes.forEach((lane) -> lane.expire(oldest, (message) -> fail(message, cause)));
		List<OutgoingBatch> expired = open();
		expired.removeIf((batch) -> batch.queuedAt() - oldest > 0);
		expired.forEach((batch) -> fail(batch, cause));
		this.lanes.forEach(Lane::shrink);
		return !expired.isEmpty();
	}

	/** All fail, and so do those that come later. */
	void end(ProtocolException cause) {
		this.ended = cause;
		this.admission.letAllIn();
		takeAdmitted();
		this.lanes.forEach((lane) -> lane.clear((message) -> fail(message, cause)));
		open().forEach((batch) -> fail(batch, cause));
	}

	/** Gives the streams back. */
	void release() {
		this.lanes.forEach(Lane::release);
	}

	private List<OutgoingBatch> open() {
		List<OutgoingBatch> open = new ArrayList<>();
		this.window.forEachOpen(open::add);
		return open;
	}

}
