package io.weir.broker.store.memory;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import io.weir.broker.store.MetadataStore;
import io.weir.broker.store.MetadataTree;

/** Keeps metadata on the heap. */
final class MemoryMetadataStore implements MetadataStore {

	private final MetadataTree tree = new MetadataTree();

	@Override
	public CompletionStage<Optional<Versioned>> get(String key) {
		return CompletableFuture.completedFuture(this.tree.get(key));
	}

	@Override
	public synchronized CompletionStage<Long> put(String key, byte[] value, long expectedVersion) {
		long present = this.tree.version(key);
		if (present != expectedVersion) {
			return CompletableFuture.failedFuture(MetadataTree.wrongVersion(key, expectedVersion, present));
		}
		this.tree.put(key, new Versioned(value, present + 1));
		return CompletableFuture.completedFuture(present + 1);
	}

	@Override
	public CompletionStage<Set<String>> children(String key) {
		return CompletableFuture.completedFuture(this.tree.children(key));
	}

	@Override
	public Watch watch(String key, Consumer<String> listener) {
		return this.tree.watch(key, listener);
	}

}
