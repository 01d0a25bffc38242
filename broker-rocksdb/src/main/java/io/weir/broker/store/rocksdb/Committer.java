package io.weir.broker.store.rocksdb;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.concurrent.DaemonThreads;

/**
 * Commits, on a thread of its own, everything that is queued at a time in one batch and
 * with one wait for the disk: group commit for all topics. Writes complete in the order
 * in which they were submitted.
 *
 * <p>
 * A write that cannot be put into the batch fails alone. After one batch could not be
 * written nothing is written any more, because nobody knows what the disk holds: the
 * database has to be opened again.
 */
final class Committer implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Committer.class);

	/** A batch that has reached this size takes no further write. */
	private static final long FULL_BATCH = 8 * 1024 * 1024;

	private final Database database;

	private final BatchWriter writer;

	private final boolean sync;

	private final StoreEvents events;

	private final Supplier<StorageException> closedException;

	private final Thread thread = DaemonThreads.newThread("weir-store-committer", this::run);

	private final BlockingQueue<Queued> queue = new LinkedBlockingQueue<>();

	/** Of the thread, but made before it: without memory there is no committer. */
	private final AtomicBatch batch;

	/** For when there is no memory to say more. */
	private final StorageException failed;

	@GuardedBy("this")
	private boolean closed;

	private volatile @Nullable StorageException frozen;

	// Owned by the thread
	private boolean stopping;

	/**
	 * Starts the thread.
	 * @param events is told, on the thread, when a batch could not be written
	 * @param closedException what writes fail with that come too late
	 */
	Committer(Database database, BatchWriter writer, boolean sync, StoreEvents events,
			Supplier<StorageException> closedException) {
		this.database = database;
		this.writer = writer;
		this.sync = sync;
		this.events = events;
		this.closedException = closedException;
		this.failed = new StorageException(Kind.UNAVAILABLE, "Writing to " + database.directory() + " failed", null);
		this.batch = new AtomicBatch(database);
		this.thread.start();
	}

	void submit(Write write) {
		if (!offer(write, false)) {
			write.failed(this.closedException.get());
		}
	}

	private synchronized boolean offer(Write write, boolean last) {
		if (this.closed) {
			return false;
		}
		this.queue.add(new Queued(write));
		this.closed = last;
		return true;
	}

	/** From now on nothing more is written. */
	void freeze(StorageException reason) {
		this.frozen = reason;
	}

	/** Why nothing more is written, or {@code null}. */
	@Nullable StorageException frozen() {
		return this.frozen;
	}

	private void run() {
		try (AtomicBatch batch = this.batch) {
			List<Queued> group = new ArrayList<>();
			while (!this.stopping) {
				commit(group, batch);
				group.clear();
				batch.clear();
			}
		}
	}

	private void commit(List<Queued> group, AtomicBatch batch) {
		Queued first = Uninterruptibly.call(this.queue::take);
		StorageException failure = this.frozen;
		collect(first, group, batch, failure);
		if (failure == null && !batch.isEmpty()) {
			failure = write(group, batch);
		}
		for (Queued queued : group) {
			complete(queued, failure);
		}
	}

	/** Takes what is queued. */
	private void collect(Queued first, List<Queued> group, AtomicBatch batch, @Nullable StorageException failure) {
		Queued next = first;
		while (next != null) {
			if (add(next, group) && failure == null) {
				next.addTo(batch);
			}
			next = (batch.bytes() < FULL_BATCH) ? this.queue.poll() : null;
		}
	}

	private boolean add(Queued queued, List<Queued> group) {
		try {
			return group.add(queued);
		}
		catch (Throwable ex) {
			queued.refuse(ex);
			complete(queued, null);
			return false;
		}
	}

	private @Nullable StorageException write(List<Queued> group, AtomicBatch batch) {
		try {
			this.writer.write(batch.content(), this.sync && group.stream().anyMatch(Queued::sync));
			return null;
		}
		catch (Throwable ex) {
			StorageException failure = couldNotWrite(ex);
			this.frozen = failure;
			tellOfFailure(failure);
			return failure;
		}
	}

	/**
	 * Whatever that throws, the thread lives: whoever watches the store finds out a
	 * little later.
	 */
	private void tellOfFailure(StorageException failure) {
		try {
			this.events.writeFailed(failure);
		}
		catch (Throwable ex) {
			logger.error("Nobody could be told that writing failed", ex);
		}
	}

	private StorageException couldNotWrite(Throwable cause) {
		try {
			Path directory = this.database.directory();
			return new StorageException(Kind.UNAVAILABLE, "Writing to " + directory + " failed: " + cause.getMessage()
					+ ". The store is opened again as soon as it can be; what was confirmed is kept", cause);
		}
		catch (Error ex) {
			return this.failed;
		}
	}

	/** Whatever a completion throws, the others are completed and the thread lives. */
	private void complete(Queued queued, @Nullable StorageException failure) {
		try {
			queued.complete(failure);
		}
		catch (Throwable ex) {
			queued.refuse(ex);
			queued.giveUp();
		}
	}

	/** Commits what was submitted, flushes it, then ends the thread. */
	@Override
	public void close() {
		offer(new Stop(), true);
		Uninterruptibly.run(this.thread::join);
	}

	/** A write in its place in the queue. */
	private final class Queued {

		private final Write write;

		private @Nullable StorageException refusal;

		Queued(Write write) {
			this.write = write;
		}

		boolean sync() {
			return this.write.sync();
		}

		void addTo(AtomicBatch batch) {
			batch.mark();
			try {
				this.write.addTo(batch);
			}
			catch (StorageException ex) {
				this.refusal = ex;
			}
			catch (Throwable ex) {
				refuse(ex);
				rollBack(batch);
			}
		}

		private void rollBack(AtomicBatch batch) {
			try {
				batch.rollBack();
			}
			catch (RocksDBException ex) {
				throw new IllegalStateException("A mark was set before", ex);
			}
		}

		/** Something that nobody foresaw happened to this write. */
		void refuse(Throwable cause) {
			StorageException reason = Committer.this.failed;
			try {
				logger.error("A write to {} failed", Committer.this.database.directory(), cause);
				reason = new StorageException(Kind.UNAVAILABLE, reason.getMessage() + ": " + cause, cause);
			}
			catch (Error ex) {
				// No memory to say it with.
			}
			this.refusal = reason;
			TopicState writer = this.write.writer();
			if (writer != null) {
				writer.end(reason);
			}
			if (cause instanceof Error error) {
				Committer.this.events.error(error);
			}
		}

		void complete(@Nullable StorageException failure) {
			StorageException reason = (failure != null) ? failure : this.refusal;
			if (reason != null) {
				this.write.failed(reason);
			}
			else {
				this.write.committed();
			}
		}

		/** Its completion has thrown something: perhaps it can be told so at least. */
		void giveUp() {
			try {
				complete(Committer.this.failed);
			}
			catch (Throwable ex) {
				logger.error("A write that failed could not be completed", ex);
			}
		}

	}

	/** The last in the queue. */
	private final class Stop implements Write {

		@Override
		public boolean sync() {
			return false;
		}

		@Override
		public void addTo(AtomicBatch batch) {
		}

		@Override
		public void committed() {
			Committer.this.stopping = true;
			Committer.this.database.flush(Column.values());
		}

		@Override
		public void failed(StorageException reason) {
			Committer.this.stopping = true;
		}

	}

}
