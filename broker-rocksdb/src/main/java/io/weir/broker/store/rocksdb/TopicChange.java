package io.weir.broker.store.rocksdb;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.rocksdb.RocksDBException;

import io.weir.broker.store.StorageException;

/**
 * Something other than an entry that a topic's writer has stored, on its way.
 *
 * @param <T> what comes of it
 */
final class TopicChange<T> implements Write {

	private final CompletableFuture<T> done = new CompletableFuture<>();

	private final TopicState state;

	private final boolean sync;

	private final Change change;

	private final Supplier<T> result;

	/**
	 * Creates the change.
	 * @param result what comes of it, asked for when it is committed
	 */
	TopicChange(TopicState state, boolean sync, Change change, Supplier<T> result) {
		this.state = state;
		this.sync = sync;
		this.change = change;
		this.result = result;
	}

	/** A change of which nothing comes. */
	@SuppressWarnings("NullAway") // a stage of Void completes with null
	static TopicChange<Void> of(TopicState state, boolean sync, Change change) {
		return new TopicChange<>(state, sync, change, () -> null);
	}

	/** Hands the change to a committer. */
	CompletionStage<T> submit(Committer committer) {
		committer.submit(this);
		return this.done;
	}

	@Override
	public boolean sync() {
		return this.sync;
	}

	@Override
	public TopicState writer() {
		return this.state;
	}

	@Override
	public void addTo(AtomicBatch batch) throws RocksDBException {
		this.state.checkWriter();
		this.change.addTo(batch);
	}

	@Override
	public void committed() {
		this.done.complete(this.result.get());
	}

	@Override
	public void failed(StorageException reason) {
		this.done.completeExceptionally(reason);
	}

	/** A change of the records. */
	@FunctionalInterface
	interface Change {

		void addTo(AtomicBatch batch) throws RocksDBException;

	}

}
