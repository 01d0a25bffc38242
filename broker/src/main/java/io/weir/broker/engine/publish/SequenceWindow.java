package io.weir.broker.engine.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.ReplyTo;
import io.weir.broker.store.TopicLog.StoredBatch;
import io.weir.wire.Limits;
import io.weir.wire.Position;

/**
 * The recent batches of one producer name, by which what is sent again is recognised.
 * What is older than the window counts as stored: a client has no unacknowledged messages
 * further apart than {@link Limits#MAX_IN_FLIGHT}.
 */
final class SequenceWindow {

	/** What the window knows of a batch. */
	enum Verdict {

		/** Never seen. */
		NEW,
		/** Being appended right now. */
		PENDING,
		/** Stored. */
		STORED,
		/** Shares sequence ids with another batch: whoever resends must not regroup. */
		OVERLAPPING

	}

	private final NavigableMap<Long, Batch> batches = new TreeMap<>();

	private int pending;

	private long highestStored = -1;

	/** A window as the log remembers it. */
	static SequenceWindow of(List<StoredBatch> recovered) {
		SequenceWindow window = new SequenceWindow();
		for (StoredBatch stored : recovered) {
			Batch batch = new Batch(stored.firstSequence(), stored.count());
			batch.position = stored.position();
			window.batches.put(batch.firstSequence, batch);
			window.highestStored = Math.max(window.highestStored, batch.lastSequence());
		}
		window.prune();
		return window;
	}

	Verdict check(long firstSequence, int count) {
		Batch known = this.batches.get(firstSequence);
		if (known != null && known.count == count) {
			return (known.position != null) ? Verdict.STORED : Verdict.PENDING;
		}
		long lastSequence = firstSequence + count - 1;
		Map.Entry<Long, Batch> before = this.batches.floorEntry(lastSequence);
		if (before != null && before.getValue().lastSequence() >= firstSequence) {
			return Verdict.OVERLAPPING;
		}
		return (lastSequence <= oldestForgotten()) ? Verdict.STORED : Verdict.NEW;
	}

	/** A new batch is being appended. */
	void begin(long firstSequence, int count, ReplyTo replyTo) {
		Batch batch = new Batch(firstSequence, count);
		batch.waiting.add(replyTo);
		this.batches.put(firstSequence, batch);
		this.pending++;
	}

	/** A batch that is being appended came again. */
	void join(long firstSequence, ReplyTo replyTo) {
		batch(firstSequence).waiting.add(replyTo);
	}

	/** A batch was stored; returns who waits for it, the first sender first. */
	List<ReplyTo> stored(long firstSequence, Position position) {
		Batch batch = batch(firstSequence);
		List<ReplyTo> waiting = List.copyOf(batch.waiting);
		batch.waiting.clear();
		batch.position = position;
		this.pending--;
		this.highestStored = Math.max(this.highestStored, batch.lastSequence());
		prune();
		return waiting;
	}

	/** A batch was not stored: as if it had never come. Returns who waits for it. */
	List<ReplyTo> failed(long firstSequence) {
		Batch batch = batch(firstSequence);
		this.batches.remove(firstSequence);
		this.pending--;
		return batch.waiting;
	}

	/** Where a stored batch stands; {@code null} if that is forgotten. */
	@Nullable Position positionOf(long firstSequence) {
		Batch batch = this.batches.get(firstSequence);
		return (batch != null) ? batch.position : null;
	}

	boolean hasPending() {
		return this.pending > 0;
	}

	long highestStored() {
		return this.highestStored;
	}

	private long oldestForgotten() {
		return this.highestStored - Limits.MAX_IN_FLIGHT;
	}

	private void prune() {
		Map.Entry<Long, Batch> oldest = this.batches.firstEntry();
		while (oldest != null && oldest.getValue().position != null
				&& oldest.getValue().lastSequence() <= oldestForgotten()) {
			this.batches.pollFirstEntry();
			oldest = this.batches.firstEntry();
		}
	}

	private Batch batch(long firstSequence) {
		Batch batch = this.batches.get(firstSequence);
		if (batch == null) {
			throw new IllegalStateException("No batch begins with sequence id " + firstSequence);
		}
		return batch;
	}

	private static final class Batch {

		private final long firstSequence;

		private final int count;

		private final List<ReplyTo> waiting = new ArrayList<>(1);

		private @Nullable Position position;

		Batch(long firstSequence, int count) {
			this.firstSequence = firstSequence;
			this.count = count;
		}

		long lastSequence() {
			return this.firstSequence + this.count - 1;
		}

	}

}
