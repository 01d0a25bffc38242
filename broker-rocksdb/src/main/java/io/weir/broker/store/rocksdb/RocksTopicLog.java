package io.weir.broker.store.rocksdb;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

import io.weir.broker.store.CursorStore;
import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.Extent;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.ScheduleStore;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.broker.store.StoredProducer;
import io.weir.broker.store.StoredProducer.Epochs;
import io.weir.broker.store.TopicLog;
import io.weir.message.Topic;
import io.weir.wire.Position;

/** A writer's hold on a topic, with what was there when it was opened. */
final class RocksTopicLog implements TopicLog {

	private final TopicState state;

	private final OpenStore store;

	private final LogReader reader;

	private final CursorStore cursors;

	private final ScheduleStore schedule;

	// Written by the committer's thread
	private volatile long firstEntry;

	// Written by the committer's thread
	private volatile long lastEntry;

	// Written by the committer's thread
	private volatile Extent extent;

	private volatile boolean closed;

	private RocksTopicLog(TopicState state, OpenStore store, long firstEntry, long lastProduced) {
		this.state = state;
		this.store = store;
		this.reader = new LogReader(store.database(), state.topic(), state.id(), state.removed());
		this.firstEntry = firstEntry;
		// A topic may begin behind those that were deleted.
		this.lastEntry = Math.max(this.reader.last(lastProduced), firstEntry - 1);
		this.extent = this.reader.extentAfter(this.lastEntry, firstEntry, this.lastEntry + 1);
		state.continueAfter(this.lastEntry, this.extent);
		this.cursors = new RocksCursorStore(state, store.committer());
		this.schedule = new RocksSchedule(state, store, this);
	}

	/**
	 * Reads what is stored of the topic; blocks.
	 * @param firstEntry the first entry that was not trimmed
	 * @throws StorageException if it cannot be read
	 */
	static OpenedLog load(TopicState state, OpenStore store, long firstEntry) {
		Database database = store.database();
		try {
			Map<String, StoredProducer> producers = state.producers().load(database);
			state.schedule().load(database);
			state.removed().load(database, state.id());
			RocksTopicLog log = new RocksTopicLog(state, store, firstEntry, ProducerRecords.lastEntry(producers));
			return new OpenedLog(log, producers, state.cursors().load(database));
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
	static boolean passes(Exception ex) {
		return (ex instanceof RocksDBException failure) ? !Database.isDamage(failure)
				: ex instanceof StorageException stored && stored.kind() != Kind.DAMAGED;
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
		return append(null, header, batch);
	}

	/** Appends a message, which is taken out of the schedule if it was there. */
	CompletionStage<Position> append(@Nullable Position scheduled, EntryHeader header, ByteBuf batch) {
		Append append = new Append(scheduled, header, batch);
		this.store.committer().submit(append);
		return append.done;
	}

	@Override
	public CompletionStage<List<Entry>> read(Position from, int maxEntries, int maxBytes) {
		if (this.closed) {
			return CompletableFuture.failedFuture(this.state.closed());
		}
		long last = this.lastEntry;
		long first = Math.max(this.firstEntry, from.entry());
		boolean atEnd = from.segment() > 0 || first > last;
		CompletableFuture<List<Entry>> result = new CompletableFuture<>();
		List<Entry> recent = atEnd ? List.of() : this.store.tail().read(this.state.id(), first, maxEntries, maxBytes);
		if (!recent.isEmpty() || (atEnd && !this.store.readers().isClosed())) {
			result.complete(recent);
		}
		else {
			submit(result, () -> this.reader.read(first, last, maxEntries, maxBytes));
		}
		return result;
	}

	@Override
	public CompletionStage<Position> find(long publishTime) {
		return find((header) -> header.publishTime() < publishTime);
	}

	@Override
	public CompletionStage<Position> findByte(long offset) {
		return find((header) -> header.before().bytes() < offset);
	}

	private CompletionStage<Position> find(Predicate<EntryHeader> tooEarly) {
		long first = this.firstEntry;
		long last = this.lastEntry;
		CompletableFuture<Position> result = new CompletableFuture<>();
		submit(result, () -> new Position(0, this.reader.find(tooEarly, first, last)));
		return result;
	}

	@Override
	public CompletionStage<Extent> findExtent(Position position) {
		long first = this.firstEntry;
		long last = this.lastEntry;
		long entry = (position.segment() > 0) ? last : Math.min(position.entry(), last);
		CompletableFuture<Extent> result = new CompletableFuture<>();
		submit(result, () -> this.reader.extentAfter(entry, first, last + 1));
		return result;
	}

	/** Reads on one of the threads, and notes what is damaged. */
	private <T> void submit(CompletableFuture<T> result, Supplier<T> action) {
		this.store.readers().submit(result, () -> {
			if (this.closed) {
				throw this.state.closed();
			}
			try {
				return action.get();
			}
			catch (DamagedEntryException ex) {
				this.store.database().damages().add(ex.damage());
				throw ex;
			}
		});
	}

	@Override
	public Position first() {
		return new Position(0, this.firstEntry);
	}

	/** Keeps the last entry, which tells where the log goes on. */
	@Override
	public CompletionStage<Position> trim(Position before) {
		long wanted = (before.segment() > 0) ? Long.MAX_VALUE : before.entry();
		return new TopicChange<>(this.state, true, (batch) -> this.store.trim(this.state, wanted, batch), () -> {
			this.firstEntry = this.store.firstEntry(this.state);
			freeFiles(Keys.entry(this.state.id(), this.firstEntry));
			this.store.freed().trimmed(this.state.id(), this.firstEntry);
			return first();
		}).submit(this.store.committer());
	}

	private void freeFiles(byte[] end) {
		this.store.readers().submit(new CompletableFuture<>(), () -> {
			this.store.database().freeFiles(Keys.prefix(this.state.id()), end);
			return true;
		});
	}

	/** If it is lost with the power, they are removed another time. */
	@Override
	@SuppressWarnings("NullAway") // a stage of Void completes with null
	public CompletionStage<Void> remove(Set<Position> entries) {
		return new TopicChange<Void>(this.state, false,
				(batch) -> this.state.removed().remove(entries, this.state.id(), batch), () -> {
					this.store.tail().remove(this.state.id(), entries);
					noteRemoved(entries);
					this.store.database().damages().forget(topic(), entries);
					return null;
				})
			.submit(this.store.committer());
	}

	/** Entries have as many bytes as others of the log. */
	private void noteRemoved(Set<Position> entries) {
		long last = entries.stream().mapToLong(Position::entry).max().orElse(-1);
		long bytes = this.extent.bytes() / (this.lastEntry + 1) * entries.size();
		this.store.freed().removed(this.state.id(), last, bytes);
	}

	@Override
	public CompletionStage<Map<Position, Integer>> removeDamaged(Position from, Position to) {
		long first = Math.max(this.firstEntry, from.entry());
		long last = Math.min(this.lastEntry - 1, (to.segment() > 0) ? Long.MAX_VALUE : to.entry());
		CompletableFuture<Map<Position, Integer>> damaged = new CompletableFuture<>();
		submit(damaged, () -> new DamagedRuns(this.reader, this.firstEntry, this.lastEntry).find(first, last));
		return damaged.thenCompose((found) -> remove(found.keySet()).thenApply((removed) -> found));
	}

	@Override
	public CompletionStage<Void> delete() {
		return new TopicChange<>(this.state, true, (batch) -> this.store.delete(this.state, batch), () -> {
			freeFiles(Keys.end(this.state.id()));
			this.store.freed().deleted(this.state.id());
			return this.store.saveNames();
		}).submit(this.store.committer()).thenCompose((saved) -> saved);
	}

	@Override
	public Position lastConfirmed() {
		return new Position(0, this.lastEntry);
	}

	@Override
	public Extent extent() {
		return this.extent;
	}

	@Override
	public CompletionStage<Void> storeEpochs(String producer, Epochs epochs) {
		return TopicChange.of(this.state, true, (batch) -> this.state.producers().store(producer, epochs, batch))
			.submit(this.store.committer());
	}

	/** If it is lost with the power they are forgotten another time. */
	@Override
	public CompletionStage<Void> forgetProducers(Set<String> names) {
		return TopicChange.of(this.state, false, (batch) -> {
			for (String name : names) {
				this.state.producers().forget(name, batch);
			}
		}).submit(this.store.committer());
	}

	@Override
	public CursorStore cursors() {
		return this.cursors;
	}

	@Override
	public ScheduleStore schedule() {
		return this.schedule;
	}

	@Override
	public void close() {
		this.closed = true;
		this.store.committer().submit(new WriterEnd(this.state, this.store));
	}

	/** An entry on its way. */
	private final class Append implements Write {

		private final CompletableFuture<Position> done = new CompletableFuture<>();

		private final @Nullable EncodedEntry encoded;

		/** Why there is no encoded entry. */
		private final @Nullable Error noMemory;

		/** Where it was in the schedule, if it was there. */
		private final @Nullable Position scheduled;

		private EntryHeader header;

		private long entry;

		/** Whether the cache has the bytes, or has released them. */
		private boolean handedOver;

		Append(@Nullable Position scheduled, EntryHeader header, ByteBuf batch) {
			this.scheduled = scheduled;
			this.header = header;
			EncodedEntry made = null;
			Error error = null;
			try {
				made = EncodedEntry.of(header, batch);
			}
			catch (Error ex) {
				error = ex;
			}
			finally {
				batch.release();
			}
			this.encoded = made;
			this.noMemory = error;
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
			if (this.noMemory != null) {
				throw this.noMemory;
			}
			this.entry = state.nextEntry();
			EncodedEntry bytes = Objects.requireNonNull(this.encoded);
			this.header = this.header.at(state.place(this.header.count(), bytes.batchLength()));
			out.putEntry(state.id(), this.entry, bytes.at(this.header.before()));
			if (this.scheduled != null) {
				state.schedule().remove(this.scheduled, out);
			}
			else {
				state.producers().append(this.header, new Position(0, this.entry), out);
			}
		}

		@Override
		public void committed() {
			Position position = new Position(0, this.entry);
			EncodedEntry bytes = Objects.requireNonNull(this.encoded);
			Entry stored = new Entry(position, this.header, bytes.batch());
			this.handedOver = true;
			RocksTopicLog.this.store.tail().add(RocksTopicLog.this.state.id(), stored);
			RocksTopicLog.this.extent = this.header.after(bytes.batchLength());
			RocksTopicLog.this.lastEntry = this.entry;
			this.done.complete(position);
		}

		@Override
		public void failed(StorageException reason) {
			if (!this.handedOver && this.encoded != null) {
				this.encoded.release();
			}
			this.handedOver = true;
			this.done.completeExceptionally(reason);
		}

	}

}
