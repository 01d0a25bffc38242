package io.weir.broker.store.rocksdb;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.netty.buffer.ByteBuf;
import org.rocksdb.RocksDBException;

import io.weir.broker.store.CursorStore;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.StorageException.Kind;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.TopicLog;
import io.weir.message.Topic;
import io.weir.wire.Position;

/** A writer's hold on a topic, with what was there when it was opened. */
final class RocksTopicLog implements TopicLog {

	private final TopicState state;

	private final Database database;

	private final Committer committer;

	private final Readers readers;

	private final TailCache tail;

	private final LogReader reader;

	private final Map<String, List<StoredBatch>> producers;

	private final CursorStore cursors;

	// Written by the committer's thread
	private volatile long lastEntry;

	private RocksTopicLog(TopicState state, Database database, Committer committer, Readers readers, TailCache tail)
			throws RocksDBException {
		this.state = state;
		this.database = database;
		this.committer = committer;
		this.readers = readers;
		this.tail = tail;
		this.reader = new LogReader(database, state.topic(), state.id());
		this.producers = state.producers().load(database);
		this.lastEntry = this.reader.last(lastOf(this.producers));
		state.continueAfter(this.lastEntry, this.reader.ordinalAfter(this.lastEntry));
		this.cursors = new RocksCursorStore(state.cursors().load(database), state, committer);
	}

	/**
	 * Reads what is stored of the topic; blocks.
	 * @throws StorageException if it cannot be read
	 */
	static RocksTopicLog load(TopicState state, Database database, Committer committer, Readers readers,
			TailCache tail) {
		try {
			return new RocksTopicLog(state, database, committer, readers, tail);
		}
		catch (RocksDBException | RuntimeException ex) {
			if (passes(ex)) {
				throw new StorageException(Kind.UNAVAILABLE, "Topic " + state.topic() + " in " + database.directory()
						+ " cannot be opened now: " + ex.getMessage(), ex);
			}
			throw database.damaged(state.topic(),
					"Topic " + state.topic() + " in " + database.directory() + " cannot be opened: " + ex.getMessage(),
					ex);
		}
	}

	/**
	 * What remains is damage: records that do not decode fail with various exceptions.
	 */
	private static boolean passes(Exception ex) {
		return (ex instanceof RocksDBException failure) ? !Database.isDamage(failure)
				: ex instanceof StorageException stored && stored.kind() != Kind.DAMAGED;
	}

	/** The last entry that a producer stored, as far as their records tell, or -1. */
	static long lastOf(Map<String, List<StoredBatch>> producers) {
		return producers.values()
			.stream()
			.flatMap(List::stream)
			.mapToLong((batch) -> batch.position().entry())
			.max()
			.orElse(-1);
	}

	@Override
	public Topic topic() {
		return this.state.topic();
	}

	@Override
	public CompletionStage<StorageException> lost() {
		return this.state.lost();
	}

	@Override
	public CompletionStage<Position> append(EntryHeader header, ByteBuf batch) {
		Append append = new Append(header, batch);
		this.committer.submit(append);
		return append.done;
	}

	@Override
	public CompletionStage<List<Entry>> read(Position from, int maxEntries, int maxBytes) {
		long last = this.lastEntry;
		long first = Math.max(0, from.entry());
		boolean atEnd = from.segment() > 0 || first > last;
		CompletableFuture<List<Entry>> result = new CompletableFuture<>();
		List<Entry> recent = atEnd ? List.of() : this.tail.read(this.state.id(), first, maxEntries, maxBytes);
		if (!recent.isEmpty() || (atEnd && !this.readers.isClosed())) {
			result.complete(recent);
		}
		else {
			submit(result, () -> this.reader.read(first, last, maxEntries, maxBytes));
		}
		return result;
	}

	@Override
	public CompletionStage<Position> find(long publishTime) {
		long last = this.lastEntry;
		CompletableFuture<Position> result = new CompletableFuture<>();
		submit(result, () -> new Position(0, this.reader.find(publishTime, last)));
		return result;
	}

	@Override
	public CompletionStage<Long> count(Position after, Position upTo) {
		long last = upTo.entry();
		CompletableFuture<Long> result = new CompletableFuture<>();
		submit(result, () -> this.reader.ordinalAfter(last) - this.reader.ordinalAfter(Math.min(after.entry(), last)));
		return result;
	}

	/** Reads on one of the threads, and notes what is damaged. */
	private <T> void submit(CompletableFuture<T> result, Supplier<T> action) {
		this.readers.submit(result, () -> {
			try {
				return action.get();
			}
			catch (StorageException ex) {
				if (ex.kind() == Kind.DAMAGED) {
					this.database.damaged(topic(), String.valueOf(ex.getMessage()), ex);
				}
				throw ex;
			}
		});
	}

	@Override
	public Position first() {
		return new Position(0, 0);
	}

	@Override
	public Position lastConfirmed() {
		return new Position(0, this.lastEntry);
	}

	@Override
	public Map<String, List<StoredBatch>> producers() {
		return this.producers;
	}

	@Override
	public CompletionStage<Void> forgetProducers(Set<String> names) {
		Forget forget = new Forget(names);
		this.committer.submit(forget);
		return forget.done;
	}

	@Override
	public CursorStore cursors() {
		return this.cursors;
	}

	/** Producers that are being forgotten. */
	private final class Forget implements Write {

		private final CompletableFuture<Void> done = new CompletableFuture<>();

		private final Set<String> names;

		Forget(Set<String> names) {
			this.names = names;
		}

		/** If it is lost with the power they are forgotten another time. */
		@Override
		public boolean sync() {
			return false;
		}

		@Override
		public void addTo(AtomicBatch out) throws RocksDBException {
			TopicState state = RocksTopicLog.this.state;
			state.checkWriter();
			for (String name : this.names) {
				state.producers().forget(name, out);
			}
		}

		@Override
		public void committed() {
			this.done.complete(null);
		}

		@Override
		public void failed(StorageException reason) {
			this.done.completeExceptionally(reason);
		}

	}

	/** An entry on its way. */
	private final class Append implements Write {

		private final CompletableFuture<Position> done = new CompletableFuture<>();

		private final ByteBuf batch;

		private EntryHeader header;

		private long entry;

		/** Whether the cache has the bytes, or has released them. */
		private boolean handedOver;

		Append(EntryHeader header, ByteBuf batch) {
			this.header = header;
			this.batch = batch;
		}

		@Override
		public boolean sync() {
			return true;
		}

		@Override
		public TopicState writer() {
			return RocksTopicLog.this.state;
		}

		@Override
		public void addTo(AtomicBatch out) throws RocksDBException {
			TopicState state = RocksTopicLog.this.state;
			state.checkWriter();
			this.entry = state.nextEntry();
			this.header = this.header.at(state.nextOrdinals(this.header.count()));
			out.putEntry(state.id(), this.entry, this.header, this.batch);
			state.producers().append(this.header, this.entry, out);
		}

		@Override
		public void committed() {
			Position position = new Position(0, this.entry);
			Entry stored = new Entry(position, this.header, this.batch);
			this.handedOver = true;
			RocksTopicLog.this.tail.add(RocksTopicLog.this.state.id(), stored);
			RocksTopicLog.this.lastEntry = this.entry;
			this.done.complete(position);
		}

		@Override
		public void failed(StorageException reason) {
			if (!this.handedOver) {
				this.handedOver = true;
				this.batch.release();
			}
			this.done.completeExceptionally(reason);
		}

	}

}
