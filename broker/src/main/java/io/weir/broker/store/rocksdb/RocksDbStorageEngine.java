package io.weir.broker.store.rocksdb;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

import io.weir.broker.store.Durability;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.TopicLog;
import io.weir.message.Topic;

/**
 * Keeps logs in a data directory, in one RocksDB for all topics. After a write has failed
 * it takes no more until it is opened again; what was confirmed can still be read.
 *
 * <p>
 * Entries wait in memory to be committed, in a queue without a bound: callers bound what
 * they have in flight.
 */
public final class RocksDbStorageEngine implements StorageEngine {

	private static final long TAIL_BYTES = 32 * 1024 * 1024;

	private final Durability durability;

	private final Database database;

	private final Committer committer;

	private final Readers readers;

	private final TailCache tail = new TailCache(TAIL_BYTES);

	private final Map<Topic, Integer> numbers;

	// Owned by the committer's thread
	private final Map<Topic, TopicState> writers = new HashMap<>();

	private RocksDbStorageEngine(Durability durability, Database database, BatchWriter writer,
			Map<Topic, Integer> numbers) {
		this.durability = durability;
		this.numbers = numbers;
		this.database = database;
		this.readers = new Readers(database::closedException);
		this.committer = new Committer(database, writer, durability == Durability.FSYNC);
	}

	/**
	 * Opens the store in a data directory.
	 * @param directory created if missing; used by one broker at a time
	 * @param durability {@link Durability#OS} or {@link Durability#FSYNC}
	 * @return the engine
	 * @throws StorageException if the directory is in use, cannot be written, or what is
	 * in it is damaged or of another version
	 * @throws IllegalArgumentException if the durability is {@link Durability#MEMORY}
	 */
	public static RocksDbStorageEngine open(Path directory, Durability durability) {
		return open(directory, durability, UnaryOperator.identity());
	}

	/** Opens with something between the engine and its disk. */
	static RocksDbStorageEngine open(Path directory, Durability durability, UnaryOperator<BatchWriter> between) {
		if (durability == Durability.MEMORY) {
			throw new IllegalArgumentException("A data directory is for durability OS or FSYNC, not MEMORY");
		}
		Database database = Database.open(directory.toAbsolutePath());
		try {
			database.checkFormat();
			Map<Topic, Integer> numbers = topicNumbers(database);
			return new RocksDbStorageEngine(durability, database, between.apply(database), numbers);
		}
		catch (StorageException ex) {
			database.close();
			throw ex;
		}
		catch (RocksDBException | RuntimeException ex) {
			database.close();
			throw new StorageException("Data in " + directory + " cannot be read: " + ex.getMessage(), ex);
		}
	}

	private static Map<Topic, Integer> topicNumbers(Database database) throws RocksDBException {
		Map<Topic, Integer> numbers = new ConcurrentHashMap<>();
		database.scan(Column.METADATA, Keys.TOPICS,
				(key, value) -> numbers.put(new Topic(Keys.topicName(key)), ByteBuffer.wrap(value).getInt()));
		return numbers;
	}

	@Override
	public Durability durability() {
		return this.durability;
	}

	@Override
	public Set<Topic> topics() {
		return Set.copyOf(this.numbers.keySet());
	}

	@Override
	public CompletionStage<TopicLog> open(Topic topic) {
		OpenTopic open = new OpenTopic(topic);
		this.committer.submit(open);
		return open.done;
	}

	private TopicLog load(TopicState writer) {
		return RocksTopicLog.load(writer, this.database, this.committer, this.readers, this.tail);
	}

	@Override
	public synchronized void close() {
		if (this.readers.isClosed()) {
			return;
		}
		this.committer.close();
		this.readers.close();
		this.tail.close();
		this.database.close();
	}

	/** Gives a topic its number and its new writer. */
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
		public void addTo(AtomicBatch batch) throws RocksDBException {
			Map<Topic, Integer> numbers = RocksDbStorageEngine.this.numbers;
			Integer number = numbers.get(this.topic);
			if (number == null) {
				// Topics are never deleted, so the numbers have no gaps.
				number = numbers.size();
				batch.put(Column.METADATA, Keys.topic(this.topic.name()), Keys.number(number));
				numbers.put(this.topic, number);
			}
			this.writer = new TopicState(this.topic, number);
			TopicState earlier = RocksDbStorageEngine.this.writers.put(this.topic, this.writer);
			if (earlier != null) {
				earlier.fence();
			}
		}

		@Override
		public void committed() {
			TopicState opened = Objects.requireNonNull(this.writer);
			RocksDbStorageEngine.this.readers.submit(this.done, () -> load(opened));
		}

		@Override
		public void failed(StorageException reason) {
			this.done.completeExceptionally(reason);
		}

	}

}
