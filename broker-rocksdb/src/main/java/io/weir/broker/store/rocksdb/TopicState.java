package io.weir.broker.store.rocksdb;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.weir.broker.store.Extent;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.message.Topic;

/**
 * What must be known to write for one writer of a topic. Loaded by a reading thread, then
 * owned by the committer's thread.
 */
final class TopicState {

	private final Topic topic;

	private final long id;

	private final ProducerRecords producers;

	private final CursorRecords cursors;

	private final ScheduleRecords schedule;

	private final RemovedEntries removed = new RemovedEntries();

	private long nextEntry;

	/** What the log has before the next entry. */
	private Extent extent = Extent.NONE;

	/** Nobody wants to write any more. */
	private boolean closed;

	/** Completes with the reason why this writer may not write any more. */
	private final CompletableFuture<StorageException> lost = new CompletableFuture<>();

	TopicState(Topic topic, long id) {
		this.topic = topic;
		this.id = id;
		this.producers = new ProducerRecords(id);
		this.cursors = new CursorRecords(topic, id);
		this.schedule = new ScheduleRecords(id);
	}

	Topic topic() {
		return this.topic;
	}

	long id() {
		return this.id;
	}

	ProducerRecords producers() {
		return this.producers;
	}

	CursorRecords cursors() {
		return this.cursors;
	}

	ScheduleRecords schedule() {
		return this.schedule;
	}

	RemovedEntries removed() {
		return this.removed;
	}

	/** The log goes on after an entry, up to which it has so much. */
	void continueAfter(long lastEntry, Extent extent) {
		this.nextEntry = lastEntry + 1;
		this.extent = extent;
	}

	/** The number of the last entry, committed or not. */
	long lastEntry() {
		return this.nextEntry - 1;
	}

	/** Gives out the number of one more entry. */
	long nextEntry() {
		return this.nextEntry++;
	}

	/** What the log has before one more entry. */
	Extent place(int messages, int bytes) {
		Extent before = this.extent;
		this.extent = new Extent(before.messages() + messages, before.bytes() + bytes);
		return before;
	}

	/** From now on this writer may not write, for a reason; the first one stays. */
	void end(StorageException reason) {
		this.lost.complete(reason);
	}

	/** Somebody else writes from now on. */
	void fence() {
		end(new StorageException(Kind.FENCED,
				"Topic " + this.topic + " was opened again; this log may not write any more", null));
	}

	CompletionStage<StorageException> lost() {
		return this.lost;
	}

	void close() {
		this.closed = true;
	}

	/**
	 * Checks that this writer may still write.
	 * @throws StorageException if not
	 */
	void checkWriter() {
		StorageException reason = this.lost.getNow(null);
		if (reason != null) {
			throw reason;
		}
		if (this.closed) {
			throw closed();
		}
	}

	StorageException closed() {
		return new StorageException("The log of topic " + this.topic + " is closed", null);
	}

}
