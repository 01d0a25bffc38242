package io.weir.broker.store;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Small values that all brokers of a store share, such as who owns what. Each has a key,
 * names with slashes between them, and a version that grows with each change. Safe to use
 * from any thread; stages complete on the storage engine's threads, which the caller must
 * not block, or before they are returned.
 */
public interface MetadataStore {

	/** The version of a key that has no value. */
	long NO_VERSION = 0;

	/**
	 * Reads a value.
	 * @param key the key
	 * @return the value, empty if there is none; exceptionally {@link StorageException}
	 */
	CompletionStage<Optional<Versioned>> get(String key);

	/**
	 * Writes a value, if nobody else has since the caller read it.
	 * @param key the key
	 * @param value the value, which the caller no longer changes
	 * @param expectedVersion the version that is replaced, {@link #NO_VERSION} if there
	 * must be none
	 * @return the new version, once it is as durable as the engine can make it;
	 * exceptionally {@link StorageException}, of kind
	 * {@link StorageException.Kind#FENCED} if the version is another one
	 */
	CompletionStage<Long> put(String key, byte[] value, long expectedVersion);

	/**
	 * Changes a value, over and over until nobody else has written between its reading
	 * and its writing. Not one of the store's methods, so that whoever stands before a
	 * store sees the reading and the writing.
	 * @param store the store
	 * @param key the key
	 * @param change makes the new value of the present one, which it must not change, or
	 * of nothing; may be asked several times
	 * @return completes as {@link #put}; exceptionally {@link StorageException}, never
	 * since somebody else has written
	 */
	static CompletionStage<Void> update(MetadataStore store, String key, Function<Optional<byte[]>, byte[]> change) {
		CompletionStage<Long> written = store.get(key)
			.thenCompose((stored) -> store.put(key, change.apply(stored.map(Versioned::value)),
					stored.map(Versioned::version).orElse(NO_VERSION)));
		return written.thenAccept((version) -> {
		}).exceptionallyCompose((failure) -> {
			Throwable cause = (failure instanceof CompletionException) ? failure.getCause() : failure;
			return (cause instanceof StorageException refused && refused.kind() == StorageException.Kind.FENCED)
					? update(store, key, change) : CompletableFuture.failedStage(failure);
		});
	}

	/**
	 * The names one level below a key.
	 * @param key the key, which need not have a value; empty for the top
	 * @return the last parts of their keys; exceptionally {@link StorageException}
	 */
	CompletionStage<Set<String>> children(String key);

	/**
	 * Hears of changes from now on. Who then reads sees the change or a later one;
	 * changes in quick succession may be told once.
	 * @param key a key; what is below it counts
	 * @param listener is given the key that changed, on the storage engine's threads or
	 * the writer's, which it must not block
	 * @return ends it
	 */
	Watch watch(String key, Consumer<String> listener);

	/** Hears of changes until it is closed. */
	interface Watch extends AutoCloseable {

		/** Ends it; harmless when ended. A change that is being told may still be. */
		@Override
		void close();

	}

	/**
	 * A value.
	 *
	 * @param value the bytes, which nobody changes
	 * @param version its version, from 1
	 */
	@SuppressWarnings("ArrayRecordComponent") // compared by what it has, below
	record Versioned(byte[] value, long version) {

		@Override
		public boolean equals(Object other) {
			return other instanceof Versioned that && this.version == that.version
					&& Arrays.equals(this.value, that.value);
		}

		@Override
		public int hashCode() {
			return 31 * Arrays.hashCode(this.value) + Long.hashCode(this.version);
		}

	}

}
