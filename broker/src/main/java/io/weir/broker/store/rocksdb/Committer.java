package io.weir.broker.store.rocksdb;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.store.StorageException;

/**
 * Commits, on a thread of its own, everything that is queued at a time in one batch and
 * with one wait for the disk: group commit for all topics. Writes complete in the order
 * in which they were submitted. After one batch has failed nothing is written any more,
 * because nobody knows what the disk holds.
 */
final class Committer implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Committer.class);

	/** A batch that has reached this size takes no further write. */
	private static final long FULL_BATCH = 8 * 1024 * 1024;

	private final Database database;

	private final BatchWriter writer;

	private final boolean sync;

	private final Thread thread = new Thread(this::run, "weir-store-committer");

	private final BlockingQueue<Queued> queue = new LinkedBlockingQueue<>();

	// Guarded by this
	private boolean closed;

	// Owned by the thread
	private @Nullable StorageException frozen;

	private boolean stopping;

	Committer(Database database, BatchWriter writer, boolean sync) {
		this.database = database;
		this.writer = writer;
		this.sync = sync;
		this.thread.start();
	}

	void submit(Write write) {
		if (!offer(write, false)) {
			write.failed(this.database.closedException());
		}
	}

	private synchronized boolean offer(Write write, boolean last) {
		if (this.closed) {
			return false;
		}
		this.closed = last;
		return this.queue.add(new Queued(write));
	}

	private void run() {
		try (AtomicBatch batch = new AtomicBatch(this.database)) {
			List<Queued> group = new ArrayList<>();
			while (!this.stopping) {
				commit(group, batch);
				group.clear();
				batch.clear();
			}
		}
	}

	private void commit(List<Queued> group, AtomicBatch batch) {
		try {
			collect(group, batch);
			if (!batch.isEmpty()) {
				this.writer.write(batch.content(), this.sync && group.stream().anyMatch(Queued::sync));
			}
		}
		catch (RocksDBException | RuntimeException | Error ex) {
			this.frozen = freeze(ex);
		}
		group.forEach(this::complete);
	}

	/** Whatever a completion throws, the others are completed and the thread lives. */
	private void complete(Queued queued) {
		try {
			queued.complete(this.frozen);
		}
		catch (RuntimeException | Error ex) {
			if (this.frozen == null) {
				this.frozen = freeze(ex);
			}
			fail(queued, this.frozen);
		}
	}

	private static void fail(Queued queued, StorageException reason) {
		try {
			queued.complete(reason);
		}
		catch (RuntimeException | Error ex) {
			logger.error("A write that failed could not be completed", ex);
		}
	}

	/** Takes what is queued, waiting for the first write. */
	private void collect(List<Queued> group, AtomicBatch batch) throws RocksDBException {
		Queued next = Uninterruptibly.call(this.queue::take);
		while (next != null) {
			group.add(next);
			if (this.frozen == null) {
				next.addTo(batch);
			}
			next = (batch.bytes() < FULL_BATCH) ? this.queue.poll() : null;
		}
	}

	private StorageException freeze(Throwable cause) {
		String message = "Writing to " + this.database.directory() + " failed and nothing more is stored: "
				+ cause.getMessage()
				+ ". Check the disk and its free space, then restart the broker; what was confirmed is kept";
		logger.error(message, cause);
		return new StorageException(message, cause);
	}

	/** Commits what was submitted, flushes it, then ends the thread. */
	@Override
	public void close() {
		offer(new Stop(), true);
		Uninterruptibly.run(this.thread::join);
	}

	/** A write in its place in the queue. */
	private static final class Queued {

		private final Write write;

		private @Nullable StorageException refusal;

		Queued(Write write) {
			this.write = write;
		}

		boolean sync() {
			return this.write.sync();
		}

		void addTo(AtomicBatch batch) throws RocksDBException {
			try {
				this.write.addTo(batch);
			}
			catch (StorageException ex) {
				this.refusal = ex;
			}
		}

		void complete(@Nullable StorageException frozen) {
			StorageException failure = (frozen != null) ? frozen : this.refusal;
			if (failure != null) {
				this.write.failed(failure);
			}
			else {
				this.write.committed();
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
			Committer.this.database.flush();
		}

		@Override
		public void failed(StorageException reason) {
			Committer.this.stopping = true;
		}

	}

}
