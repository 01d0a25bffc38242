package io.weir.broker.engine.runtime;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

import io.weir.broker.store.OpenedLog;
import io.weir.broker.store.OwnershipService.Ownership;
import io.weir.broker.store.StorageEngine;
import io.weir.broker.store.StorageException;
import io.weir.broker.store.StorageException.Kind;
import io.weir.concurrent.Causes;
import io.weir.message.Topic;

/**
 * Opens topics for one engine, as the owner of the bundles that they belong to: so many
 * topics cost few ownerships. A bundle is acquired when the first of its topics is
 * opened, and again after it was lost. Thread-safe.
 */
final class TopicOwner {

	/** All brokers of a store must agree. */
	private static final int BUNDLES = 16;

	private final StorageEngine store;

	private final BiConsumer<String, StorageException> onLost;

	private final Map<String, CompletableFuture<Ownership>> bundles = new ConcurrentHashMap<>();

	/**
	 * Creates the owner.
	 * @param onLost is told, on any thread, of a bundle that has another owner, and why
	 */
	TopicOwner(StorageEngine store, BiConsumer<String, StorageException> onLost) {
		this.store = store;
		this.onLost = onLost;
	}

	/** The bundle of a topic. */
	static String bundle(Topic topic) {
		return "bundle-" + Math.floorMod(topic.name().hashCode(), BUNDLES);
	}

	/** Opens a topic's log. */
	CompletionStage<OpenedLog> open(Topic topic) {
		String bundle = bundle(topic);
		CompletableFuture<Ownership> owned = own(bundle);
		return owned.thenCompose((ownership) -> this.store.open(topic, ownership.epoch()))
			.whenComplete((opened, failure) -> {
				StorageException refused = Causes.find(failure, StorageException.class);
				if (refused != null && refused.kind() == Kind.FENCED) {
					this.bundles.remove(bundle, owned);
				}
			});
	}

	private CompletableFuture<Ownership> own(String bundle) {
		CompletableFuture<Ownership> missing = new CompletableFuture<>();
		CompletableFuture<Ownership> present = this.bundles.putIfAbsent(bundle, missing);
		if (present != null) {
			return present;
		}
		try {
			this.store.ownership().acquire(bundle).whenComplete((ownership, failure) -> {
				if (failure != null) {
					failed(bundle, missing, failure);
				}
				else {
					ownership.lost().thenAccept((reason) -> lost(bundle, missing, reason));
					missing.complete(ownership);
				}
			});
		}
		catch (RuntimeException | Error ex) {
			failed(bundle, missing, ex);
		}
		return missing;
	}

	private void failed(String bundle, CompletableFuture<Ownership> owned, Throwable failure) {
		this.bundles.remove(bundle, owned);
		owned.completeExceptionally(failure);
	}

	private void lost(String bundle, CompletableFuture<Ownership> owned, StorageException reason) {
		this.bundles.remove(bundle, owned);
		this.onLost.accept(bundle, reason);
	}

	/** Gives up all bundles, without waiting for it. */
	void release() {
		this.bundles.values().forEach((owned) -> owned.thenCompose(Ownership::release));
	}

}
