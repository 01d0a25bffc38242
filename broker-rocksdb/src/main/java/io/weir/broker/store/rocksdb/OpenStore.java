package io.weir.broker.store.rocksdb;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

import io.weir.broker.store.Damage;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.ScrubReport;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.broker.store.rocksdb.TopicRecords.Stored;
import io.weir.message.Topic;
import io.weir.wire.Position;

/**
 * The store from one opening of its database to the closing, with its threads and the
 * logs that were opened on it. Safe to use from any thread.
 */
final class OpenStore {

	private final Database database;

	private final BatchWriter writer;

	private final Committer committer;

	private final Readers readers;

	private final Scrubs scrubs;

	private final FreedSpace freed;

	private final TailCache tail = TailCache.forMemory(Runtime.getRuntime().maxMemory());

	// Written by the committer's thread
	private final Map<Topic, TopicState> writers = new ConcurrentHashMap<>();

	/** Owned by the committer's thread. */
	private final TopicRecords topics;

	private volatile StorageException closedException;

	private OpenStore(Database database, BatchWriter writer, boolean sync, StoreEvents events,
			RocksMetadataStore metadata) throws RocksDBException {
		this.database = database;
		this.topics = TopicRecords.load(database);
		checkNames();
		metadata.load(database);
		this.writer = writer;
		this.closedException = new StorageException("The store in " + database.directory() + " is closed", null);
		this.freed = new FreedSpace(database);
		this.readers = new Readers(events, () -> this.closedException);
		this.scrubs = new Scrubs(database, this.readers);
		this.committer = new Committer(database, writer, sync, events, () -> this.closedException);
	}

	private void checkNames() throws RocksDBException {
		int nameless = this.topics.nameless(this.database).size();
		if (nameless > 0) {
			throw this.database.names().incomplete(nameless);
		}
	}

	/** Takes over an open database. */
	private static OpenStore of(Database database, UnaryOperator<BatchWriter> between, boolean sync, StoreEvents events,
			RocksMetadataStore metadata) {
		try {
			return new OpenStore(database, between.apply(database), sync, events, metadata);
		}
		catch (RocksDBException ex) {
			database.close();
			throw database.unreadable(ex);
		}
		catch (RuntimeException | Error ex) {
			// Else it could not be opened again.
			database.close();
			throw ex;
		}
	}

	/**
	 * Opens the store in a directory, which is created if missing.
	 * @throws StorageException if it cannot be opened
	 */
	static OpenStore open(Path directory, UnaryOperator<BatchWriter> between, boolean sync, StoreEvents events,
			RocksMetadataStore metadata) {
		return of(Database.open(directory), between, sync, events, metadata);
	}

	/**
	 * Opens the store that must be in a directory, and writes something to it.
	 * @throws StorageException if it cannot be opened or written
	 */
	static OpenStore reopen(Path directory, UnaryOperator<BatchWriter> between, boolean sync, StoreEvents events,
			RocksMetadataStore metadata) {
		OpenStore store = of(Database.reopen(directory), between, sync, events, metadata);
		try {
			store.database.checkWriting(store.writer);
			return store;
		}
		catch (Error ex) {
			store.close(store.closedException);
			throw ex;
		}
		catch (RocksDBException | RuntimeException ex) {
			store.close(store.closedException);
			throw new StorageException(Kind.UNAVAILABLE,
					"Data directory " + directory + " cannot be written: " + ex.getMessage(), ex);
		}
	}

	Database database() {
		return this.database;
	}

	Committer committer() {
		return this.committer;
	}

	Readers readers() {
		return this.readers;
	}

	FreedSpace freed() {
		return this.freed;
	}

	TailCache tail() {
		return this.tail;
	}

	Set<Topic> topics() {
		return this.database.names().topics();
	}

	List<Damage> damages() {
		return this.database.damages().all();
	}

	/** Verifies a topic when it is its turn. */
	CompletionStage<ScrubReport> scrub(Topic topic) {
		return this.scrubs.add(topic);
	}

	CompletionStage<OpenedLog> open(Topic topic, long ownerEpoch) {
		OpenTopic open = new OpenTopic(topic, ownerEpoch);
		this.committer.submit(open);
		return open.done;
	}

	/** Many topics that are new are saved together. */
	private OpenedLog load(TopicState writer, long firstEntry) {
		this.database.names().save();
		return RocksTopicLog.load(writer, this, firstEntry);
	}

	/** Puts into a batch what it takes to trim a log. */
	void trim(TopicState writer, long before, AtomicBatch batch) throws RocksDBException {
		Stored record = this.topics.of(writer.id());
		long first = writer.removed().keptFrom(Math.min(before, writer.lastEntry()));
		if (first > record.firstEntry()) {
			byte[] from = Keys.entry(writer.id(), record.firstEntry());
			byte[] end = Keys.entry(writer.id(), first);
			batch.deleteRange(Column.LOG, from, end);
			batch.deleteRange(Column.GIVEN_UP, from, end);
			this.topics.put(writer.id(), new Stored(record.ownerEpoch(), first), batch);
			writer.removed().trim(first);
			this.database.damages().forgetBefore(writer.topic(), new Position(0, first));
		}
	}

	/** The first entry of a log that was not trimmed. */
	long firstEntry(TopicState writer) {
		return this.topics.of(writer.id()).firstEntry();
	}

	/** Puts into a batch what it takes to delete a topic, which has no id from now on. */
	void delete(TopicState writer, AtomicBatch batch) throws RocksDBException {
		byte[] from = Keys.prefix(writer.id());
		byte[] end = Keys.end(writer.id());
		for (Column column : List.of(Column.LOG, Column.GIVEN_UP, Column.PRODUCERS, Column.CURSORS, Column.SCHEDULE)) {
			batch.deleteRange(column, from, end);
		}
		this.topics.delete(writer.id(), writer.lastEntry() + 1, batch);
		this.database.names().forget(writer.topic());
		this.database.damages().forget(writer.topic());
		this.writers.remove(writer.topic(), writer);
		writer.end(new StorageException(Kind.FENCED, "Topic " + writer.topic() + " was deleted", null));
	}

	/** Has the ids of topics saved that were deleted. */
	CompletionStage<Void> saveNames() {
		CompletableFuture<Boolean> saved = new CompletableFuture<>();
		this.readers.submit(saved, () -> {
			this.database.names().save();
			return true;
		});
		return saved.thenAccept((done) -> {
		});
	}

	/** A log is closed. */
	void forget(TopicState writer) {
		this.writers.remove(writer.topic(), writer);
	}

	/** Why nothing is written any more, or {@code null}. */
	@Nullable StorageException frozen() {
		return this.committer.frozen();
	}

	/** From now on nothing is written; reading goes on. */
	void freeze(StorageException reason) {
		this.committer.freeze(reason);
	}

	/** Tells the logs that they are lost. */
	void lose(StorageException reason) {
		this.writers.values().forEach((writer) -> writer.end(reason));
	}

	/**
	 * Completes what was asked, then closes the database.
	 * @param reason what is told whoever asks for something later
	 */
	void close(StorageException reason) {
		this.closedException = reason;
		this.committer.close();
		this.readers.close();
		this.tail.close();
		this.freed.close();
		this.database.close();
	}

	/** Gives a topic its id and its new writer. */
	private final class OpenTopic implements Write {

		private final CompletableFuture<OpenedLog> done = new CompletableFuture<>();

		private final Topic topic;

		private final long ownerEpoch;

		private @Nullable TopicState writer;

		private long firstEntry;

		OpenTopic(Topic topic, long ownerEpoch) {
			this.topic = topic;
			this.ownerEpoch = ownerEpoch;
		}

		@Override
		public boolean sync() {
			return true;
		}

		@Override
		public void addTo(AtomicBatch batch) throws RocksDBException {
			OpenStore store = OpenStore.this;
			long id = store.database.names().idOf(this.topic);
			Stored record = store.topics.of(id);
			if (this.ownerEpoch < record.ownerEpoch()) {
				throw new StorageException(Kind.FENCED, "Topic " + this.topic + " was opened with owner epoch "
						+ record.ownerEpoch() + "; " + this.ownerEpoch + " is of an earlier owner", null);
			}
			if (this.ownerEpoch > record.ownerEpoch()) {
				store.topics.put(id, new Stored(this.ownerEpoch, record.firstEntry()), batch);
			}
			this.firstEntry = record.firstEntry();
			this.writer = new TopicState(this.topic, id);
			TopicState earlier = store.writers.put(this.topic, this.writer);
			if (earlier != null) {
				earlier.fence();
			}
		}

		@Override
		public void committed() {
			TopicState opened = Objects.requireNonNull(this.writer);
			long first = this.firstEntry;
			OpenStore.this.readers.submit(this.done, () -> load(opened, first));
		}

		@Override
		public void failed(StorageException reason) {
			this.done.completeExceptionally(reason);
		}

	}

}
