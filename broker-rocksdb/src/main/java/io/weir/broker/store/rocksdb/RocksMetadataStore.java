package io.weir.broker.store.rocksdb;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import org.rocksdb.RocksDBException;

import io.weir.broker.store.MetadataStore;
import io.weir.broker.store.MetadataTree;
import io.weir.broker.store.StorageException;

/**
 * Metadata in the database, and all of them in memory. Those who watch stay when the
 * database is opened again.
 */
final class RocksMetadataStore implements MetadataStore {

	private final MetadataTree tree = new MetadataTree();

	/** Hands a write to the committer of the present opening, or fails it. */
	private final Consumer<Write> committer;

	/**
	 * The versions that are being written. Owned by the committer's thread, of which
	 * there is one at a time.
	 */
	private final Map<String, Long> underWay = new HashMap<>();

	RocksMetadataStore(Consumer<Write> committer) {
		this.committer = committer;
	}

	/** Takes up what is stored; nothing may be being written. */
	void load(Database database) throws RocksDBException {
		this.tree.replace(MetadataRecords.load(database));
	}

	@Override
	public CompletionStage<Optional<Versioned>> get(String key) {
		return CompletableFuture.completedFuture(this.tree.get(key));
	}

	@Override
	public CompletionStage<Set<String>> children(String key) {
		return CompletableFuture.completedFuture(this.tree.children(key));
	}

	@Override
	public CompletionStage<Long> put(String key, byte[] value, long expectedVersion) {
		Put put = new Put(key, new Versioned(value, expectedVersion + 1));
		this.committer.accept(put);
		return put.done;
	}

	@Override
	public Watch watch(String key, Consumer<String> listener) {
		return this.tree.watch(key, listener);
	}

	/** A value on its way. */
	private final class Put implements Write {

		private final CompletableFuture<Long> done = new CompletableFuture<>();

		private final String key;

		private final Versioned value;

		Put(String key, Versioned value) {
			this.key = key;
			this.value = value;
		}

		@Override
		public boolean sync() {
			return true;
		}

		@Override
		public void addTo(AtomicBatch batch) throws RocksDBException {
			RocksMetadataStore store = RocksMetadataStore.this;
			Long written = store.underWay.get(this.key);
			long present = (written != null) ? written : store.tree.version(this.key);
			if (present != this.value.version() - 1) {
				throw MetadataTree.wrongVersion(this.key, this.value.version() - 1, present);
			}
			MetadataRecords.put(this.key, this.value, batch);
			store.underWay.put(this.key, this.value.version());
		}

		@Override
		public void committed() {
			RocksMetadataStore.this.underWay.remove(this.key, this.value.version());
			RocksMetadataStore.this.tree.put(this.key, this.value);
			this.done.complete(this.value.version());
		}

		@Override
		public void failed(StorageException reason) {
			RocksMetadataStore.this.underWay.remove(this.key, this.value.version());
			this.done.completeExceptionally(reason);
		}

	}

}
