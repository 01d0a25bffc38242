package io.weir.broker.store;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import io.weir.broker.store.MetadataStore.Versioned;
import io.weir.broker.store.StorageException.Kind;

/**
 * Ownership within one process, for storage engines that only one process uses at a time.
 * An epoch is the version of the metadata that name the owner, so it grows across
 * restarts as well.
 */
public final class LocalOwnership implements OwnershipService {

	/** All owners are parts of this process. */
	private static final String SELF = "self";

	private static final byte[] NOBODY = {};

	private final MetadataStore metadata;

	@GuardedBy("this")
	private final Map<String, Held> held = new HashMap<>();

	/**
	 * Creates the service.
	 * @param metadata where the epochs are kept
	 */
	public LocalOwnership(MetadataStore metadata) {
		this.metadata = metadata;
	}

	@Override
	public CompletionStage<Ownership> acquire(String resource) {
		return this.metadata.get(key(resource)).thenCompose((present) -> {
			long version = present.map(Versioned::version).orElse(MetadataStore.NO_VERSION);
			return this.metadata.put(key(resource), SELF.getBytes(StandardCharsets.UTF_8), version);
		}).thenApply((epoch) -> own(new Held(resource, epoch)));
	}

	/** Two that acquire at the same time may come here in either order. */
	private synchronized Ownership own(Held owner) {
		Held other = this.held.get(owner.resource);
		if (other != null && other.epoch > owner.epoch) {
			owner.lose(other.epoch);
			return owner;
		}
		this.held.put(owner.resource, owner);
		if (other != null) {
			other.lose(owner.epoch);
		}
		return owner;
	}

	private synchronized boolean remove(Held owner) {
		return this.held.remove(owner.resource, owner);
	}

	@Override
	public CompletionStage<Optional<Owner>> owner(String resource) {
		return this.metadata.get(key(resource))
			.thenApply((present) -> present.filter((owner) -> owner.value().length > 0)
				.map((owner) -> new Owner(new String(owner.value(), StandardCharsets.UTF_8), owner.version())));
	}

	private static String key(String resource) {
		return "owners/" + resource;
	}

	/** One who is the owner, or was. */
	private final class Held implements Ownership {

		private final CompletableFuture<StorageException> lost = new CompletableFuture<>();

		private final String resource;

		private final long epoch;

		Held(String resource, long epoch) {
			this.resource = resource;
			this.epoch = epoch;
		}

		void lose(long newer) {
			this.lost.complete(
					new StorageException(Kind.FENCED, this.resource + " has a newer owner, with epoch " + newer, null));
		}

		@Override
		public long epoch() {
			return this.epoch;
		}

		@Override
		public CompletionStage<StorageException> lost() {
			return this.lost;
		}

		@Override
		public CompletionStage<Void> release() {
			if (!LocalOwnership.this.remove(this)) {
				return CompletableFuture.completedFuture(null);
			}
			return LocalOwnership.this.metadata.put(key(this.resource), NOBODY, this.epoch).thenAccept((version) -> {
			});
		}

	}

}
