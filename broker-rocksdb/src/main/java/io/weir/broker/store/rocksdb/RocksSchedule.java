package io.weir.broker.store.rocksdb;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

import io.weir.broker.store.Entry;
import io.weir.broker.store.EntryHeader;
import io.weir.broker.store.Extent;
import io.weir.broker.store.ScheduleStore;
import io.weir.broker.store.ScheduledPosition;
import io.weir.broker.store.StorageException;
import io.weir.wire.Position;

/** What a topic's writer does with the topic's schedule. */
final class RocksSchedule implements ScheduleStore {

	private final TopicState state;

	private final OpenStore store;

	private final RocksTopicLog log;

	private final long size;

	/**
	 * No message is left that is due before this, but for those that were added since the
	 * last read: so what was deleted there is not looked through again and again.
	 */
	private volatile long readUpTo = Long.MIN_VALUE;

	/**
	 * The earliest one that was committed since the last read. One that is still on its
	 * way when something is read counts for the next time.
	 */
	private final AtomicLong addedFrom = new AtomicLong(NEVER);

	RocksSchedule(TopicState state, OpenStore store, RocksTopicLog log) {
		this.state = state;
		this.store = store;
		this.log = log;
		this.size = state.schedule().size();
	}

	@Override
	public long firstDue() {
		return this.state.schedule().firstDue();
	}

	@Override
	public long size() {
		return this.size;
	}

	@Override
	public CompletionStage<Position> add(long due, EntryHeader header, ByteBuf batch) {
		Add add = new Add(due, header, batch);
		this.store.committer().submit(add);
		return add.done;
	}

	@Override
	public CompletionStage<Due> read(long upTo, int maxEntries, int maxBytes) {
		long from = Math.min(this.readUpTo, this.addedFrom.getAndSet(NEVER));
		this.readUpTo = from;
		CompletableFuture<Due> result = new CompletableFuture<>();
		this.store.readers().submit(result, () -> {
			Due due = readNow(from, upTo, maxEntries, maxBytes);
			if (!due.entries().isEmpty()) {
				Entry last = due.entries().get(due.entries().size() - 1);
				this.readUpTo = ScheduledPosition.due(last.position());
			}
			return due;
		});
		return result;
	}

	private Due readNow(long from, long upTo, int maxEntries, int maxBytes) {
		List<Entry> read = new ArrayList<>();
		long bytes = 0;
		try (RocksIterator iterator = this.store.database().iterator(Column.SCHEDULE)) {
			iterator.seek(this.state.schedule().from(from));
			for (; iterator.isValid() && this.state.schedule().isMessage(iterator.key()); iterator.next()) {
				Position position = ScheduleRecords.position(iterator.key());
				long due = ScheduledPosition.due(position);
				byte[] value = (due <= upTo && read.size() < maxEntries) ? iterator.value() : null;
				if (value == null || (bytes + value.length > maxBytes && !read.isEmpty())) {
					return new Due(read, due);
				}
				bytes += value.length;
				addUnlessDamaged(position, value, read);
			}
			iterator.status();
			return new Due(read, NEVER);
		}
		catch (RocksDBException ex) {
			throw this.store.database().unreadable(ex);
		}
	}

	private void addUnlessDamaged(Position position, byte[] value, List<Entry> read) {
		try {
			read.add(ScheduleRecords.decode(position, value));
		}
		catch (IllegalArgumentException ex) {
			this.store.database()
				.damaged(this.state.topic(), ScheduleRecords.damaged(this.state.topic(), position, ex.getMessage()),
						ex);
		}
	}

	@Override
	public CompletionStage<Position> append(Position scheduled, EntryHeader header, ByteBuf batch) {
		return this.log.append(scheduled, header, batch);
	}

	@Override
	public CompletionStage<Boolean> remove(Position scheduled) {
		CompletableFuture<Boolean> found = new CompletableFuture<>();
		this.store.readers()
			.submit(found, () -> this.store.database().has(Column.SCHEDULE, this.state.schedule().key(scheduled)));
		return found.thenCompose((present) -> present ? new TopicChange<>(this.state, true,
				(batch) -> this.state.schedule().remove(scheduled, batch), () -> true)
			.submit(this.store.committer()) : CompletableFuture.completedFuture(false));
	}

	/** A message on its way into the schedule. */
	private final class Add implements Write {

		private final CompletableFuture<Position> done = new CompletableFuture<>();

		private final long due;

		private final EntryHeader header;

		private final @Nullable EncodedEntry encoded;

		/** Why there is no encoded entry. */
		private final @Nullable Error noMemory;

		private Position position = Position.BEFORE_FIRST;

		private boolean released;

		Add(long due, EntryHeader header, ByteBuf batch) {
			this.due = due;
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
			return RocksSchedule.this.state;
		}

		@Override
		public void addTo(AtomicBatch out) throws RocksDBException {
			TopicState state = RocksSchedule.this.state;
			state.checkWriter();
			if (this.noMemory != null) {
				throw this.noMemory;
			}
			this.position = state.schedule().add(this.due, Objects.requireNonNull(this.encoded).at(Extent.NONE), out);
			state.producers().append(this.header, this.position, out);
		}

		@Override
		public void committed() {
			release();
			RocksSchedule.this.addedFrom.accumulateAndGet(this.due, Math::min);
			this.done.complete(this.position);
		}

		@Override
		public void failed(StorageException reason) {
			release();
			this.done.completeExceptionally(reason);
		}

		/** It may fail after it was committed, if somebody who was told throws. */
		private void release() {
			if (!this.released && this.encoded != null) {
				this.encoded.release();
			}
			this.released = true;
		}

	}

}
