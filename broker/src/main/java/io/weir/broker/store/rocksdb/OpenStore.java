package io.weir.broker.store.rocksdb;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.broker.store.TopicLog;
import io.weir.message.Topic;

/**
 * The store from one opening of its database to the closing, with its threads and the
 * logs that were opened on it. Safe to use from any thread.
 */
final class OpenStore {

	private final Database database;

	private final BatchWriter writer;

	private final Committer committer;

	private final Readers readers;

	private final TailCache tail = TailCache.forMemory(Runtime.getRuntime().maxMemory());

	// Written by the committer's thread
	private final Map<Topic, TopicState> writers = new ConcurrentHashMap<>();

	private volatile StorageException closedException;

	private OpenStore(Database database, BatchWriter writer, boolean sync, StoreEvents events) {
		this.database = database;
		this.writer = writer;
		this.closedException = new StorageException("The store in " + database.directory() + " is closed", null);
		this.readers = new Readers(events, () -> this.closedException);
		this.committer = new Committer(database, writer, sync, events, () -> this.closedException);
	}

	/** Takes over an open database. */
	private static OpenStore of(Database database, UnaryOperator<BatchWriter> between, boolean sync,
			StoreEvents events) {
		try {
			return new OpenStore(database, between.apply(database), sync, events);
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
	static OpenStore open(Path directory, UnaryOperator<BatchWriter> between, boolean sync, StoreEvents events) {
		return of(Database.open(directory), between, sync, events);
	}

	/**
	 * Opens the store that must be in a directory, and writes something to it.
	 * @throws StorageException if it cannot be opened or written
	 */
	static OpenStore reopen(Path directory, UnaryOperator<BatchWriter> between, boolean sync, StoreEvents events) {
		OpenStore store = of(Database.reopen(directory), between, sync, events);
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

	Set<Topic> topics() {
		return this.database.names().topics();
	}

	Map<Topic, String> damaged() {
		return Map.copyOf(this.database.damaged());
	}

	CompletionStage<TopicLog> open(Topic topic) {
		OpenTopic open = new OpenTopic(topic);
		this.committer.submit(open);
		return open.done;
	}

	/** Many topics that are new are saved together. */
	private TopicLog load(TopicState writer) {
		this.database.names().save();
		return RocksTopicLog.load(writer, this.database, this.committer, this.readers, this.tail);
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
		this.database.close();
	}

	/** Gives a topic its id and its new writer. */
	private final class OpenTopic implements Write {

		private final CompletableFuture<TopicLog> done = new CompletableFuture<>();

		private final Topic topic;

		private @Nullable TopicState writer;

		OpenTopic(Topic topic) {
			this.topic = topic;
		}

		@Override
		public boolean sync() {
			return true;
		}

		@Override
		public void addTo(AtomicBatch batch) {
			OpenStore store = OpenStore.this;
			this.writer = new TopicState(this.topic, store.database.names().idOf(this.topic));
			TopicState earlier = store.writers.put(this.topic, this.writer);
			if (earlier != null) {
				earlier.fence();
			}
		}

		@Override
		public void committed() {
			TopicState opened = Objects.requireNonNull(this.writer);
			OpenStore.this.readers.submit(this.done, () -> load(opened));
		}

		@Override
		public void failed(StorageException reason) {
			this.done.completeExceptionally(reason);
		}

	}

}
