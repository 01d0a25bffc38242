package io.weir.broker.store.rocksdb;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.rocksdb.RocksDBException;

import io.weir.broker.store.CursorStore;
import io.weir.broker.store.StorageException;
import io.weir.message.SubscriptionType;
import io.weir.wire.Position;

/** Hands one writer's cursor changes to the committer. */
final class RocksCursorStore implements CursorStore {

	private final Map<String, Cursor> loaded;

	private final TopicState state;

	private final Committer committer;

	RocksCursorStore(Map<String, Cursor> loaded, TopicState state, Committer committer) {
		this.loaded = loaded;
		this.state = state;
		this.committer = committer;
	}

	@Override
	public Map<String, Cursor> load() {
		return this.loaded;
	}

	@Override
	public CompletionStage<Void> create(String subscription, SubscriptionType type, Position acknowledgedUpTo) {
		long upTo = Keys.entry(acknowledgedUpTo);
		return submit(true, (batch) -> this.state.cursors().create(subscription, type, upTo, batch));
	}

	@Override
	public CompletionStage<Void> acknowledge(String subscription, Position acknowledgedUpTo,
			Map<Position, BitSet> entries) {
		long upTo = Keys.entry(acknowledgedUpTo);
		Map<Long, byte[]> encoded = encode(entries);
		return submit(false, (batch) -> this.state.cursors().acknowledge(subscription, upTo, encoded, batch));
	}

	@Override
	public CompletionStage<Void> move(String subscription, Position acknowledgedUpTo, Map<Position, BitSet> entries) {
		long upTo = Keys.entry(acknowledgedUpTo);
		Map<Long, byte[]> encoded = encode(entries);
		return submit(true, (batch) -> this.state.cursors().move(subscription, upTo, encoded, batch));
	}

	/** Encoded at once: the sets are the caller's and go on changing. */
	private static Map<Long, byte[]> encode(Map<Position, BitSet> entries) {
		Map<Long, byte[]> encoded = new HashMap<>();
		entries.forEach((position, indexes) -> encoded.put(Keys.entry(position), indexes.toByteArray()));
		return encoded;
	}

	@Override
	public CompletionStage<Void> delete(String subscription) {
		return submit(true, (batch) -> this.state.cursors().delete(subscription, batch));
	}

	private CompletionStage<Void> submit(boolean sync, Change change) {
		CursorWrite write = new CursorWrite(this.state, sync, change);
		this.committer.submit(write);
		return write.done;
	}

	/** A change of the records. */
	@FunctionalInterface
	private interface Change {

		void addTo(AtomicBatch batch) throws RocksDBException;

	}

	/** A change on its way. */
	private static final class CursorWrite implements Write {

		private final CompletableFuture<Void> done = new CompletableFuture<>();

		private final TopicState state;

		private final boolean sync;

		private final Change change;

		CursorWrite(TopicState state, boolean sync, Change change) {
			this.state = state;
			this.sync = sync;
			this.change = change;
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
		@SuppressWarnings("NullAway") // a future of Void completes with null
		public void committed() {
			this.done.complete(null);
		}

		@Override
		public void failed(StorageException reason) {
			this.done.completeExceptionally(reason);
		}

	}

}
