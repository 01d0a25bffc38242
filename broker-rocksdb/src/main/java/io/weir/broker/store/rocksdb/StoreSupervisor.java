package io.weir.broker.store.rocksdb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.weir.broker.store.Damage;
import io.weir.broker.store.MetadataStore;
import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.ScrubReport;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.broker.store.StorageStatus;
import io.weir.broker.store.StorageStatus.State;
import io.weir.concurrent.DaemonThreads;
import io.weir.message.Topic;

/**
 * Keeps the store open. Looks every second whether there is room on the volume and
 * whether the directory is still there, and opens the database again after a write has
 * failed: what that wrote is in doubt, and is never tried again on the same files; only
 * reading the log tells what is stored.
 *
 * <pre>
 * SERVING ⇄ FULL                                less free than must be, enough free again
 * SERVING, FULL → UNAVAILABLE                   a write failed
 * UNAVAILABLE → RECOVERING → SERVING, FULL      enough is free, and it opens and takes a write
 *               RECOVERING → UNAVAILABLE        it does not; tried again after a pause
 * any → FAILED                                  the directory was deleted or replaced; damage
 * </pre>
 *
 * Thread-safe.
 */
final class StoreSupervisor implements StoreEvents, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(StoreSupervisor.class);

	private static final int CHECK_SECONDS = 1;

	private static final int FREE_SECONDS = 10;

	private final Path directory;

	private final UnaryOperator<BatchWriter> between;

	private final boolean sync;

	private final Volume volume;

	private final Consumer<Error> errors;

	private final RetryPace pace;

	private final StatusHolder status;

	private final RocksMetadataStore metadata = new RocksMetadataStore(this::submit);

	private final ScheduledExecutorService watch = DaemonThreads.newScheduler(DaemonThreads.named("weir-store-watch"));

	/** What it does may take some seconds. */
	private final ScheduledExecutorService space = DaemonThreads.newScheduler(DaemonThreads.named("weir-store-space"));

	/** Closed openings whose logs are told when there is another one. */
	private final List<OpenStore> replaced = new ArrayList<>();

	private volatile @Nullable OpenStore current;

	private boolean closed;

	/**
	 * Opens the store.
	 * @throws StorageException if it cannot be opened
	 */
	StoreSupervisor(Path directory, UnaryOperator<BatchWriter> between, boolean sync, Volume volume, LongSupplier clock,
			Consumer<Error> errors) {
		this.directory = directory;
		this.between = between;
		this.sync = sync;
		this.volume = volume;
		this.errors = errors;
		this.pace = new RetryPace(clock);
		this.status = new StatusHolder(directory);
		OpenStore opened = OpenStore.open(directory, between, sync, this, this.metadata);
		try {
			volume.opened();
		}
		catch (IOException ex) {
			opened.close(closedException());
			throw new StorageException("Data directory " + directory + " cannot be looked at: " + ex, ex);
		}
		this.current = opened;
		check();
	}

	/** Begins to look after the store on a thread of its own. */
	void watch() {
		this.watch.scheduleWithFixedDelay(this::checkSafely, CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
		this.space.scheduleWithFixedDelay(this::freeSafely, FREE_SECONDS, FREE_SECONDS, TimeUnit.SECONDS);
	}

	Set<Topic> topics() {
		OpenStore store = this.current;
		return (store != null) ? store.topics() : Set.of();
	}

	List<Damage> damages() {
		OpenStore store = this.current;
		return (store != null) ? store.damages() : List.of();
	}

	CompletionStage<ScrubReport> scrub(Topic topic) {
		OpenStore store = this.current;
		return (store != null) ? store.scrub(topic) : CompletableFuture.failedFuture(reopening());
	}

	MetadataStore metadata() {
		return this.metadata;
	}

	private void submit(Write write) {
		OpenStore store = this.current;
		if (store != null) {
			store.committer().submit(write);
		}
		else {
			write.failed(reopening());
		}
	}

	CompletionStage<OpenedLog> open(Topic topic, long ownerEpoch) {
		OpenStore store = this.current;
		StorageException refusal = refusal();
		if (store == null || (refusal != null && !store.topics().contains(topic))) {
			return CompletableFuture.failedFuture((refusal != null) ? refusal : reopening());
		}
		return store.open(topic, ownerEpoch);
	}

	StorageStatus status() {
		return this.status.get();
	}

	@Nullable StorageException refusal() {
		return this.status.refusal();
	}

	@Override
	public void writeFailed(StorageException reason) {
		this.status.become(State.UNAVAILABLE, reason.getMessage());
		try {
			this.watch.execute(this::checkSafely);
		}
		catch (RejectedExecutionException ex) {
			// It is being closed.
		}
	}

	@Override
	public void error(Error error) {
		this.errors.accept(error);
	}

	private void checkSafely() {
		try {
			check();
		}
		catch (Throwable ex) {
			this.status.couldNotCheck(ex);
			if (ex instanceof Error error) {
				error(error);
			}
		}
	}

	private void freeSafely() {
		try {
			freeSpace();
		}
		catch (Throwable ex) {
			logger.error("The space of deleted messages in {} is freed later", this.directory, ex);
			if (ex instanceof Error error) {
				error(error);
			}
		}
	}

	/** Frees the space of what was deleted, if it is worth the work. */
	long freeSpace() {
		OpenStore store = this.current;
		return (store != null && store.frozen() == null) ? store.freed().free() : 0;
	}

	/** Looks how things are and does what follows. */
	synchronized void check() {
		long free = this.volume.free();
		this.status.free(free);
		OpenStore store = this.current;
		if (this.closed || this.status.is(State.FAILED)) {
			return;
		}
		if (this.volume.isReplaced()) {
			fail("Data directory " + this.directory + " was deleted or replaced while the broker was running, so that "
					+ "what it stores would be lost with its process. Put the directory back, or its backup, and "
					+ "restart the broker");
		}
		else if (store == null || store.frozen() != null) {
			boolean room = free < 0 || free >= this.volume.enough();
			this.status.become(State.UNAVAILABLE, room ? null : tooLittle(free));
			if (room && this.pace.isDue()) {
				recover(store);
			}
		}
		else {
			serve(free);
		}
	}

	/** The database is open and has written all that it was given. */
	private void serve(long free) {
		boolean full = free >= 0 && free < (this.status.is(State.FULL) ? this.volume.enough() : this.volume.minFree());
		if (full) {
			this.status.become(State.FULL, tooLittle(free));
		}
		else {
			this.status.become(State.SERVING, null);
		}
	}

	private String tooLittle(long free) {
		return "Only " + free + " bytes are free on the volume of " + this.directory + ", and " + this.volume.minFree()
				+ " must stay free (weir.broker.storage-min-free): no messages are taken. Make room there; the store "
				+ "goes on by itself as soon as " + this.volume.enough() + " bytes are free";
	}

	private void recover(@Nullable OpenStore failed) {
		this.pace.tried();
		this.status.become(State.RECOVERING, null);
		if (failed != null) {
			this.current = null;
			failed.close(reopening());
			this.replaced.add(failed);
		}
		try {
			this.current = OpenStore.reopen(this.directory, this.between, this.sync, this, this.metadata);
			this.volume.opened();
		}
		catch (StorageException ex) {
			notRecovered(ex);
			return;
		}
		catch (IOException ex) {
			this.status.couldNotCheck(ex);
		}
		serve(this.volume.free());
		this.replaced.forEach((store) -> store.lose(reopening()));
		this.replaced.clear();
	}

	private void notRecovered(StorageException ex) {
		if (ex.kind() == Kind.DAMAGED) {
			fail(ex.getMessage() + ". Restore the directory from a backup, and restart the broker");
		}
		else {
			this.status.become(State.UNAVAILABLE, ex.getMessage());
		}
	}

	private void fail(String reason) {
		this.status.become(State.FAILED, reason);
		OpenStore store = this.current;
		if (store != null) {
			store.freeze(new StorageException(Kind.FAILED, reason, null));
		}
	}

	private StorageException reopening() {
		return new StorageException(Kind.UNAVAILABLE,
				"The store in " + this.directory + " is opened again, because a write had failed", null);
	}

	private StorageException closedException() {
		return new StorageException("The store in " + this.directory + " is closed", null);
	}

	/** Completes what was asked, then closes the store. */
	@Override
	public void close() {
		this.watch.shutdown();
		this.space.shutdown();
		Uninterruptibly.call(() -> this.watch.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS));
		closeStore();
	}

	private synchronized void closeStore() {
		OpenStore store = this.current;
		if (!this.closed && store != null) {
			store.close(closedException());
		}
		this.closed = true;
	}

}
